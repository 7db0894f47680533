"""The command line that starts the sandbox: what of this machine is inside, and as whom it runs.

Inside is what python and torch need, all of it read-only, our own worker, check/ and the assignment's probes.
Not inside: the reference, the mistakes, expected values, other submissions, any home, any network.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from grading.errors import SandboxUnavailable

from .inside.confine import NOBODY, SCRATCH

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = Path("/judge")  # where our own files are inside


def version() -> str:
    """Return bubblewrap's version. Raises SandboxUnavailable where it is not installed."""
    printed = subprocess.run([_bwrap(), "--version"], capture_output=True, text=True, check=True).stdout
    return printed.split()[-1]


def _bwrap() -> str:
    found = shutil.which("bwrap")
    if not found:
        raise SandboxUnavailable(
            "bubblewrap is missing, and no submission runs without it; install it: apt install bubblewrap"
        )
    return found


def our_files(assignment: Path) -> dict[Path, str]:
    """Return what of ours goes inside, and under which name: the worker, check/ and an assignment's probes.

    This file must load without torch, and so without assignment.py.
    """
    inputs = {path: f"probes/{path.name}" for path in assignment.glob("inputs.py")}
    probes = {path: f"probes/{path.parent.name}.py" for path in sorted(assignment.glob("*/probes.py"))}
    return {ROOT / "grading/sandbox/inside": "inside", ROOT / "check": "check"} | inputs | probes


def command(root: Path, assignment: Path) -> list[str]:
    """Return the command that starts the worker; assignment is a folder in root/solutions.

    Raises SandboxUnavailable without bubblewrap, or where the sandbox would show what a student must not see.
    """
    _refuse_to_show(root)
    return [
        _bwrap(),
        *_identity(),
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        *("--hostname", "sandbox", "--clearenv", "--new-session", "--die-with-parent"),
        *(word for name, value in environment(OURS).items() for word in ("--setenv", name, value)),
        *_runtime(),
        *_course(assignment),
        *_temporary(),
        *("--proc", "/proc", "--dir", str(SCRATCH), "--chdir", "/", "--remount-ro", "/"),
        *(os.path.realpath(sys.executable), "-P", "-s", "-S", "-B"),
        *("-m", "inside.worker", f"{OURS}/probes"),
    ]


def _identity() -> list[str]:
    """Root stays root until the worker turns each child into nobody; all others become nobody at once.

    The capabilities are those of the sandbox's own namespace. A child gives up every one of them.
    """
    user = [] if os.geteuid() == 0 else ["--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY)]
    return [*user, "--cap-add", "ALL"]


def environment(ours: Path) -> dict[str, str]:
    """Return the worker's environment variables; ours is where it finds our own files."""
    return {
        "PATH": "/usr/bin",
        "HOME": str(SCRATCH),
        "TMPDIR": str(SCRATCH),
        "LANG": "C.UTF-8",
        "USER": "nobody",
        "PYTHONPATH": ":".join([str(ours), *_packages()]),
        "PYTHONHASHSEED": "0",  # the same submission gives the same answer, sets and all
        "OMP_NUM_THREADS": "1",
        "OMP_STACKSIZE": "512K",  # what a thread sets aside counts as memory, used or not
        # All of Python's and torch's objects on huge pages: fewer page tables for each fork to copy. And one arena,
        # since each sets 64 MB aside.
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1",
        "PYTHONMALLOC": "malloc",
    }


def _packages() -> list[str]:
    """Return the folders of installed packages. They go on PYTHONPATH by hand: -S leaves .pth files unread."""
    return [path for path in sys.path if path.endswith(("/site-packages", "/dist-packages"))]


def _visible() -> list[Path]:
    """Return the folders and files of the machine that are inside, besides our own."""
    python = Path(os.path.realpath(sys.executable))
    needed = [
        path for path in (python, python.parent.parent / "lib", *map(Path, _packages())) if path.exists()
    ]
    return [Path("/usr"), *(path for path in needed if not path.is_relative_to("/usr"))]


def _refuse_to_show(root: Path) -> None:
    """Raise SandboxUnavailable if the course, or a copy of lib/, lies in what is visible inside."""
    for path in _visible():
        if root.is_relative_to(path):
            raise SandboxUnavailable(
                f"the course lies in {path}, which students' code can read; move it elsewhere"
            )
    for packages in _packages():
        if Path(packages, "lib", "__init__.py").exists():
            raise SandboxUnavailable(
                f"a copy of lib/ is installed in {packages}, where students' code can read it; pip install -e . instead"
            )


def _runtime() -> list[str]:
    paths = _visible()
    links = ("/lib", "/lib32", "/lib64", "/libx32", "/etc/ld.so.cache")
    devices = [f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom")]
    return [
        *_folders_above([*paths, *map(Path, (*links, *devices))]),
        *(word for path in paths for word in ("--ro-bind", str(path), str(path))),
        *(word for path in links for word in ("--ro-bind-try", path, path)),
        *(word for path in devices for word in ("--dev-bind", path, path)),
    ]


def _temporary() -> list[str]:
    """Let /tmp be the scratch folder, as a file of a log may be there at home, unless something visible lies in it."""
    taken = any(path.is_relative_to("/tmp") for path in _visible())
    return [] if taken else ["--symlink", str(SCRATCH), "/tmp"]


def _course(assignment: Path) -> list[str]:
    inside = {path: OURS / name for path, name in our_files(assignment).items()}
    binds = [word for path, place in inside.items() for word in ("--ro-bind", str(path), str(place))]
    return [*_folders_above(inside.values()), *binds]


def _folders_above(paths: Iterable[Path]) -> list[str]:
    """Make the folders that paths lie in; left to itself bubblewrap makes some that only root may enter."""
    above = {folder for path in paths for folder in path.parents if folder != Path("/")}
    return [word for folder in sorted(above) for word in ("--dir", str(folder))]
