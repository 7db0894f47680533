"""A filter of system calls for a process that is about to run a student's code.

A library that computes with torch needs memory, files it has already, and threads. What is refused here is the
rest: new processes, programs and namespaces, other processes' memory, the network, mounts, kernel keys, shared
memory with a name, and every system call younger than Linux 5.1, unknown to this table or not. A refused call
fails like one without permission, so that a student reads `PermissionError` in a line of their own.

Constants have the kernel's own names.
"""

import ctypes
import errno
import os
import struct
from functools import cache

CLONE_THREAD = 0x10000
AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64 = 0xC000003E, 0xC00000B7
MACHINES = {"x86_64": (AUDIT_ARCH_X86_64, 0), "aarch64": (AUDIT_ARCH_AARCH64, 1)}  # and the column below
FIRST_COMMON = (
    424  # from this number on (2019) machines agree: pidfd_*, io_uring_*, clone3, the new mount calls
)

CLONE = (56, 220)
REFUSED: dict[
    str, tuple[int | None, int | None]
] = {  # numbers on x86-64 and aarch64; None where the call does not exist
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

# Classic BPF (linux/bpf_common.h): load a word at an absolute place, compare with a constant K and jump, return K.
BPF_LD, BPF_JMP, BPF_RET = 0x00, 0x05, 0x06
BPF_W, BPF_ABS, BPF_K = 0x00, 0x20, 0x00
BPF_JEQ, BPF_JGE, BPF_JSET = 0x10, 0x30, 0x40
BPF_LD_W_ABS = BPF_LD | BPF_W | BPF_ABS
BPF_JMP_JEQ_K, BPF_JMP_JGE_K, BPF_JMP_JSET_K = (
    BPF_JMP | test | BPF_K for test in (BPF_JEQ, BPF_JGE, BPF_JSET)
)
BPF_RET_K = BPF_RET | BPF_K
SECCOMP_DATA_NR, SECCOMP_DATA_ARCH, SECCOMP_DATA_ARGS = 0, 4, 16  # where they lie in struct seccomp_data
SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_ERRNO, SECCOMP_RET_ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
SECCOMP_MODE_FILTER = 2
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38


@cache  # the server makes it once, its children find it made
def program(machine: str) -> bytes:
    """Return the filter for one machine. Raises ValueError for a machine that the table does not know."""
    if machine not in MACHINES:
        raise ValueError(f"there is no table of system calls for {machine}, only for {', '.join(MACHINES)}")
    arch, column = MACHINES[machine]
    refused = [number for numbers in REFUSED.values() if (number := numbers[column]) is not None]
    steps = [
        (BPF_LD_W_ABS, 0, 0, SECCOMP_DATA_ARCH),
        (BPF_JMP_JEQ_K, 1, 0, arch),
        (BPF_RET_K, 0, 0, SECCOMP_RET_KILL_PROCESS),  # another instruction set has other numbers
        (BPF_LD_W_ABS, 0, 0, SECCOMP_DATA_NR),
        (BPF_JMP_JGE_K, 0, 1, FIRST_COMMON),
        (BPF_RET_K, 0, 0, SECCOMP_RET_ERRNO | errno.ENOSYS),  # libraries fall back on the older call
        (BPF_JMP_JEQ_K, 0, 4, CLONE[column]),
        (BPF_LD_W_ABS, 0, 0, SECCOMP_DATA_ARGS),
        (BPF_JMP_JSET_K, 0, 1, CLONE_THREAD),
        (BPF_RET_K, 0, 0, SECCOMP_RET_ALLOW),
        (BPF_RET_K, 0, 0, SECCOMP_RET_ERRNO | errno.EPERM),
        *((BPF_JMP_JEQ_K, len(refused) - i, 0, number) for i, number in enumerate(refused)),
        (BPF_RET_K, 0, 0, SECCOMP_RET_ALLOW),
        (BPF_RET_K, 0, 0, SECCOMP_RET_ERRNO | errno.EPERM),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def install() -> None:
    """Put this process, and every thread it will start, under the filter for good. Raises OSError."""
    code = program(os.uname().machine)
    steps = ctypes.create_string_buffer(code, len(code))
    pointer = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(steps))
    libc = ctypes.CDLL(None, use_errno=True)
    no_way_back = libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if no_way_back or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, pointer, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp is not available")
