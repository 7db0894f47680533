"""The filter of system calls says what its table says, on both kinds of machine."""

import re
import struct
from pathlib import Path

import pytest

from grading.judge import job
from grading.sandbox.inside import confine, seccomp

HEADERS = ("sched.h", "mount.h", "capability.h", "bpf_common.h", "seccomp.h", "prctl.h")


@pytest.mark.parametrize("machine", list(seccomp.MACHINES))
def test_the_filter_refuses_what_the_table_names_and_lets_threads_start(machine):
    arch, column = seccomp.MACHINES[machine]
    number = {name: numbers[column] for name, numbers in seccomp.REFUSED.items()}
    refused, young, allowed, killed = 0x50001, 0x50026, 0x7FFF0000, 0x80000000  # EPERM, ENOSYS
    assert {filtered(machine, arch, n) for n in number.values() if n is not None} == {refused}
    assert filtered(machine, arch, seccomp.CLONE[column], 0x3D0F00) == allowed  # what pthread_create asks for
    assert filtered(machine, arch, seccomp.CLONE[column], 0x1200011) == refused  # what fork asks for
    assert filtered(machine, arch, 435) == young
    assert filtered(machine, 0x40000003, 11) == killed  # execve of a 32-bit program
    assert filtered(machine, arch, {"x86_64": 0, "aarch64": 63}[machine]) == allowed  # read


def filtered(machine: str, arch: int, number: int, argument: int = 0) -> int:
    """Return what the filter says to a call, by running its program as the kernel would."""
    data = struct.pack("=IIQQ", number, arch, 0, argument)
    steps, at = list(struct.iter_unpack("=HBBI", seccomp.program(machine))), 0
    while True:
        code, yes, no, k = steps[at]
        if code == seccomp.BPF_RET_K:
            return k
        if code == seccomp.BPF_LD_W_ABS:
            (word,) = struct.unpack_from("=I", data, k)
            at += 1
        else:
            tests = {
                seccomp.BPF_JMP_JEQ_K: word == k,
                seccomp.BPF_JMP_JGE_K: word >= k,
                seccomp.BPF_JMP_JSET_K: bool(word & k),
            }
            at += 1 + (yes if tests[code] else no)


@pytest.mark.parametrize(
    ("machine", "header"),
    [("x86_64", "x86_64-linux-gnu/asm/unistd_64.h"), ("aarch64", "asm-generic/unistd.h")],
)
def test_the_table_has_the_kernels_own_numbers(machine, header):
    path = Path("/usr/include") / header
    if not path.exists():
        pytest.skip(f"{path} is not installed (linux-libc-dev)")
    kernel = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", path.read_text()))
    column = seccomp.MACHINES[machine][1]
    table = {**seccomp.REFUSED, "clone": seccomp.CLONE}
    ours = {name: numbers[column] for name, numbers in table.items() if numbers[column] is not None}
    assert ours == {name: int(kernel[name]) for name in ours}


def kernel_constants() -> dict[str, int]:
    """Return the numbers that the kernel's headers define, by name."""
    missing = [name for name in HEADERS if not Path("/usr/include/linux", name).exists()]
    if missing:
        pytest.skip(f"{missing} are not installed (linux-libc-dev)")
    text = "".join(Path("/usr/include/linux", name).read_text("utf8") for name in HEADERS)
    found = re.findall(r"#define\s+(\w+)\s+\(?(0x[\da-fA-F]+|\d+)(?:\s*<<\s*(\d+))?", text)
    return {name: int(number, 0) << int(places or 0) for name, number, places in found}


@pytest.mark.parametrize(("module", "count"), [(confine, 12), (seccomp, 16), (job, 1)])
def test_a_constant_has_the_value_that_its_name_has_in_the_kernel(module, count):
    kernel = kernel_constants()
    ours = {name: value for name, value in vars(module).items() if name in kernel}
    assert len(ours) == count
    assert ours == {name: kernel[name] for name in ours}


def test_a_machine_without_a_table_is_refused():
    with pytest.raises(ValueError, match="no table of system calls for riscv64"):
        seccomp.program("riscv64")
