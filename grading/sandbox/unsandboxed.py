"""Grading without bubblewrap, which only an explicit setting allows, and which every verdict then records.

    nbgrader autograde attention --Judge.allow_unsandboxed=True

is for a machine that has no user namespaces and nothing to lose, say a throw-away container. Where bubblewrap
works it is used all the same. Without it a submission still runs in a process of its own, with its limits and
under the filter of system calls, but it sees and can change every file that the user who grades can.
"""

import getpass
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from check.imports import PACKAGES
from grading.assignment import Assignment
from grading.errors import SandboxUnavailable
from grading.verdict import NO_SANDBOX

from .bubblewrap import environment, our_files
from .sandbox import CONFINED, Sandbox
from .server import Server


def sandbox_for(
    assignment: Assignment, *, allow_unsandboxed: bool = False, server: Server | None = None
) -> Sandbox:
    """Return a sandbox to enter, in the server if it is given.

    Raises SandboxUnavailable where there is none, unless one may do without, and where a package is missing that
    students may import.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise SandboxUnavailable(
            f"students may import {' and '.join(missing)}, which {sys.executable} cannot; install it there:"
            " pip install -r requirements.txt"
        )
    if allow_unsandboxed and not _bubblewrap_works():
        return Unsandboxed(assignment)
    return Sandbox(assignment, server)


def _bubblewrap_works() -> bool:
    trial = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"]
    return bool(shutil.which("bwrap")) and subprocess.run(trial, capture_output=True).returncode == 0


class Unsandboxed(Sandbox):
    """The same worker, asked in the same way, with nothing around it but limits and a filter."""

    expected_status = {field: value for field, value in CONFINED.items() if field != "CapEff"}

    def __init__(self, assignment: Assignment):
        self.assignment = assignment
        self.name = f"{NO_SANDBOX}limits and seccomp only, run as {getpass.getuser()}"
        self._server = self._shared = self._judge = None
        self._scratch = tempfile.TemporaryDirectory()

    def fork(self) -> Self:
        """Return one beside this one, with a scratch folder of its own in case it must start a server."""
        fork = super().fork()
        fork._scratch = tempfile.TemporaryDirectory()
        return fork

    def _command(self) -> list[str]:
        ours = self._our_files()
        variables = {**environment(ours), "HOME": self._scratch.name, "TMPDIR": self._scratch.name}
        return [
            *("env", "-i", *(f"{name}={value}" for name, value in variables.items())),
            *(sys.executable, "-P", "-s", "-S", "-B", "-m", "inside.unconfined", str(ours / "probes")),
        ]

    def _our_files(self) -> Path:
        """Copy what the worker needs; the course itself stays off its path, or an import would find the reference."""
        ours = Path(self._scratch.name) / "judge"
        for source, name in our_files(self.assignment.folder).items():
            copy = ours / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, copy, dirs_exist_ok=True)
            else:
                shutil.copy(source, copy)
        return ours

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._scratch.cleanup()
