"""Shut a process in for good before it runs a student's code. Runs inside bubblewrap; see worker.py.

Each submission is answered by a process of its own, in namespaces of its own. It sees no other
process and no file that another left; it has no capability and no user but nobody; all that it takes is limited.
"""

import ctypes
import os
import resource
import struct
from contextlib import contextmanager

from . import seccomp

NEW_MOUNTS, NEW_IPC, NEW_PIDS = 0x00020000, 0x08000000, 0x20000000
READ_ONLY, NO_SUID, NO_DEVICES, NO_PROGRAMS, RECURSIVE, PRIVATE = 1, 2, 4, 8, 0x4000, 0x40000
CAPABILITIES_V3 = 0x20080522
NOBODY = 65534
SCRATCH_MB, OPEN_FILES, THREADS = 32, 64, 256
LITTLE_MB, MMAP_THRESHOLD = 64, -3  # the second is mallopt's M_MMAP_THRESHOLD

libc = ctypes.CDLL(None, use_errno=True)


def confine(folder: str, files: dict[str, bytes], memory_mb: int, cpu_seconds: float) -> None:
    """Give this process a folder with these modules in its lib/, and little else. Raises OSError.

    memory_mb comes on top of what the process has mapped already, which is mostly torch.
    """
    _first_to_go_when_memory_is_short()
    _fresh_mounts()
    os.makedirs(os.path.join(folder, "lib"))
    for name, content in files.items():
        with open(os.path.join(folder, "lib", f"{name}.py"), "wb") as file:
            file.write(content)
    os.chdir(folder)
    if memory_mb <= LITTLE_MB:
        # Left to itself malloc puts ever larger blocks on the heap, where what is kept between them leaves holes: a
        # program would take many times what it uses. So every block from 128 kB on comes and goes by itself.
        libc.mallopt(MMAP_THRESHOLD, 2**17)
    limit(memory_mb, cpu_seconds)
    _become_nobody()
    seccomp.install()


@contextmanager
def children_in_own_pid_namespace():
    """A child forked inside the block is process 1 of a new namespace: when it ends, all it began ends."""
    own = os.open("/proc/self/ns/pid", os.O_RDONLY)
    try:
        _call(libc.unshare, NEW_PIDS)
        yield
    finally:
        _call(libc.setns, own, NEW_PIDS)
        os.close(own)


def _fresh_mounts() -> None:
    _call(libc.unshare, NEW_MOUNTS | NEW_IPC)
    _mount("none", "/", None, RECURSIVE | PRIVATE)
    safe = NO_SUID | NO_DEVICES | NO_PROGRAMS
    # Read-only: the files under /proc/sys belong to root, and not every root is confined to his sandbox.
    _mount("proc", "/proc", "proc", safe | READ_ONLY)
    _mount("tmpfs", "/box", "tmpfs", safe, f"size={SCRATCH_MB}m,nr_inodes=1024,mode=1777")


def _first_to_go_when_memory_is_short() -> None:
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def limit(memory_mb: int, cpu_seconds: float) -> None:
    """Limit what this process can take; memory_mb comes on top of what it has mapped already."""
    with open("/proc/self/statm") as file:
        mapped = int(file.read().split()[0]) * resource.getpagesize()
    limits = {
        resource.RLIMIT_AS: mapped + memory_mb * 2**20,
        resource.RLIMIT_CPU: int(cpu_seconds) + 1,
        resource.RLIMIT_FSIZE: SCRATCH_MB * 2**20,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_NPROC: THREADS,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def _become_nobody() -> None:
    if os.getuid() != NOBODY:  # root; anybody else is nobody already, in bubblewrap's user namespace
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    _call(libc.capset, struct.pack("Ii", CAPABILITIES_V3, 0), bytes(24))


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    arguments = [text if text is None else text.encode() for text in (source, target, kind, options)]
    _call(libc.mount, *arguments[:3], ctypes.c_ulong(flags), arguments[3])


def _call(function, *arguments) -> None:
    if function(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, f"{function.__name__}: {os.strerror(number)}")
