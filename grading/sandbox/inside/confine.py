"""Shut a process in for good before it runs a student's code. Runs inside bubblewrap; see worker.py.

Each submission is answered by a process of its own, in namespaces of its own. It sees no other
process and no file that another left; it has no capability and no user but nobody; all that it takes is limited.

Constants have the kernel's own names.
"""

import ctypes
import os
import resource
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from . import seccomp

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x00020000, 0x08000000, 0x10000000, 0x20000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 0x4000, 0x40000
_LINUX_CAPABILITY_VERSION_3 = 0x20080522
M_MMAP_THRESHOLD = -3  # of mallopt
PR_SET_DUMPABLE = 4  # of prctl
NOBODY = 65534
FIRST_UID = 0x70000000  # of 2**24 that belong to no user, container or service
SCRATCH = Path("/box")  # not /tmp, where the course itself may lie
SCRATCH_MB, OPEN_FILES, THREADS = 32, 64, 256
SMALL_MEMORY_MB = 64
HEAP_RESERVE_MB, HOLE = 8, 2**16 - 64

libc = ctypes.CDLL(None, use_errno=True)


class Confinement(Protocol):
    """What the worker puts around each submission."""

    def children(self) -> AbstractContextManager[None]:
        """Return a block within which a child is forked."""

    def confine(self, files: dict[str, bytes]) -> Path:
        """Shut this process in; return the folder in whose lib/ these modules then lie. Raises OSError.

        What it may take is limited by limit(), once it has imported the packages that these modules import.
        """


class Namespaces:
    """All that the kernel has: namespaces, no capability, another user, limits, the filter of system calls."""

    @contextmanager
    def children(self) -> Iterator[None]:
        """A child forked inside the block is process 1 of a new namespace: when it ends, all it began ends."""
        own = os.open("/proc/self/ns/pid", os.O_RDONLY)
        try:
            _call(libc.unshare, CLONE_NEWPID)
            yield
        finally:
            _call(libc.setns, own, CLONE_NEWPID)
            os.close(own)

    def confine(self, files: dict[str, bytes]) -> Path:
        """Give this process a folder with these modules in its lib/, and little else. Raises OSError."""
        _prefer_when_memory_runs_out()
        # In a /proc that can be written to, as the next one cannot.
        own = os.open("/proc/self", os.O_RDONLY | os.O_DIRECTORY)
        _mount_afresh()
        _become_nobody(own)
        os.close(own)
        folder = SCRATCH / "submission"
        write_modules(folder, files)
        os.chdir(folder)
        seccomp.install()
        return folder


def write_modules(folder: Path, files: dict[str, bytes]) -> None:
    """Write these modules into the folder's lib/, which is not there yet."""
    (folder / "lib").mkdir(parents=True)
    for name, content in files.items():
        (folder / "lib" / f"{name}.py").write_bytes(content)


def limit(memory_mb: int, cpu_seconds: float) -> None:
    """Limit what this process can take; memory_mb and cpu_seconds come on top of what it has taken already."""
    if memory_mb <= SMALL_MEMORY_MB:
        # Left to itself malloc puts ever larger blocks on the heap, where what is kept between them leaves holes:
        # a program would take many times what it uses. So every block from 128 kB on comes and goes by itself.
        libc.mallopt(M_MMAP_THRESHOLD, 2**17)
    with open("/proc/self/statm") as file:
        mapped = int(file.read().split()[0]) * resource.getpagesize()
    limits = {
        resource.RLIMIT_AS: mapped + memory_mb * 2**20,
        resource.RLIMIT_CPU: int(time.process_time() + cpu_seconds) + 1,
        resource.RLIMIT_FSIZE: SCRATCH_MB * 2**20,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_NPROC: THREADS,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in limits.items():
        resource.setrlimit(kind, (value, value))


def reserve_heap() -> None:
    """Leave holes in the heap, in which small objects find room that counts for no process forked from this one.

    So a table of numbers that a module makes when it is imported costs no probe its memory. A hole is smaller than the
    blocks that malloc maps by themselves, so what a probe must not make, a large tensor, has no room there.
    """
    libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    blocks = [libc.malloc(HOLE) for _ in range(2 * HEAP_RESERVE_MB * 2**20 // HOLE)]
    for block in blocks[::2]:  # the others stay between them, so that no two holes become one
        libc.free(block)


def _prefer_when_memory_runs_out() -> None:
    """Have the kernel end this process before any other when the machine's memory runs out."""
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def _mount_afresh() -> None:
    _call(libc.unshare, CLONE_NEWNS | CLONE_NEWIPC)
    _mount("none", "/", None, MS_REC | MS_PRIVATE)
    safe = MS_NOSUID | MS_NODEV | MS_NOEXEC
    # Read-only: the files under /proc/sys belong to root, and not every root is confined to its sandbox.
    _mount("proc", "/proc", "proc", safe | MS_RDONLY)
    _mount("tmpfs", str(SCRATCH), "tmpfs", safe, f"size={SCRATCH_MB}m,nr_inodes=1024,mode=1777")


def _become_nobody(own: int) -> None:
    """Become a user who has no other process, so that the kernel counts the threads of this submission alone.

    own is this process's folder in a /proc that can be written to.
    """
    alone = os.getuid() == 0 and _take_unused_uid()
    try:
        _unshare_user(own)
    except OSError:
        if not alone:
            raise
    _call(libc.capset, struct.pack("Ii", _LINUX_CAPABILITY_VERSION_3, 0), bytes(24))


def _take_unused_uid() -> bool:
    """Give up root; return False where this machine lends root no user but nobody."""
    os.setgroups([])
    for user in (FIRST_UID + int.from_bytes(os.urandom(3), "little"), NOBODY):
        with suppress(OSError):
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            break
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # which the kernel undid; else /proc/self would still be root's
    return os.getuid() not in (0, NOBODY)


def _unshare_user(own: int) -> None:
    """Enter a user namespace in which this user is nobody. Since Linux 5.14 threads are counted in each by itself."""
    user, group = os.getuid(), os.getgid()
    _call(libc.unshare, CLONE_NEWUSER)
    for name, text in {
        "setgroups": "deny",
        "uid_map": f"{NOBODY} {user} 1",
        "gid_map": f"{NOBODY} {group} 1",
    }.items():
        file = os.open(name, os.O_WRONLY, dir_fd=own)
        try:
            os.write(file, text.encode())
        finally:
            os.close(file)


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    arguments = [text if text is None else text.encode() for text in (source, target, kind, options)]
    _call(libc.mount, *arguments[:3], ctypes.c_ulong(flags), arguments[3])


def _call(function: Callable[..., int], *arguments: object) -> None:
    if function(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, f"{function.__name__}: {os.strerror(number)}")
