"""A filter of system calls for a process that is about to run a student's code.

A library that computes with torch needs memory, files it has already, and threads. What is refused here is the
rest: new processes, programs and namespaces, other processes' memory, the network, mounts, kernel keys, shared
memory with a name, and every system call younger than Linux 5.1, unknown to this table or not. A refused call
fails like one without permission, so that a student reads `PermissionError` in a line of his own.
"""

import ctypes
import errno
import os
import struct
from functools import cache

CLONE_THREAD = 0x10000
YOUNG = 424  # from this number on (2019) the machines agree: pidfd_*, io_uring_*, clone3, the new mount calls
MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # AUDIT_ARCH_*, the column below

CLONE = (56, 220)
REFUSED = {  # numbers on x86-64 and aarch64; None where the call does not exist
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "unshare": (272, 97),
    "setns": (308, 268),
    "chroot": (161, 51),
    "pivot_root": (155, 41),
    "mount": (165, 40),
    "umount2": (166, 39),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_setup": (206, 0),
    "fanotify_init": (300, 262),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "syslog": (103, 116),
    "personality": (135, 92),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "modify_ldt": (154, None),
    "iopl": (172, None),
    "ioperm": (173, None),
}

# Classic BPF: load a word of seccomp_data, compare and jump, return (linux/bpf_common.h, linux/seccomp.h).
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCH, FIRST_ARGUMENT = 0, 4, 16
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2


@cache  # the server makes it once, its children find it made
def program(machine: str) -> bytes:
    """Return the filter for one machine. Raises ValueError for a machine that the table does not know."""
    if machine not in MACHINES:
        raise ValueError(f"there is no table of system calls for {machine}, only for {', '.join(MACHINES)}")
    arch, column = MACHINES[machine]
    refused = [numbers[column] for numbers in REFUSED.values() if numbers[column] is not None]
    steps = [
        (LOAD, 0, 0, ARCH),
        (EQUAL, 1, 0, arch),
        (RETURN, 0, 0, KILL),  # another instruction set has other numbers
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, 0, 1, YOUNG),
        (RETURN, 0, 0, ERROR | errno.ENOSYS),  # libraries fall back on the older call
        (EQUAL, 0, 4, CLONE[column]),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (ANY_BIT, 0, 1, CLONE_THREAD),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, ERROR | errno.EPERM),
        *((EQUAL, len(refused) - i, 0, number) for i, number in enumerate(refused)),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, ERROR | errno.EPERM),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def install() -> None:
    """Put this process, and every thread it will start, under the filter for good. Raises OSError."""
    code = program(os.uname().machine)
    steps = ctypes.create_string_buffer(code, len(code))
    pointer = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(steps))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, MODE_FILTER, pointer, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp is not available")
