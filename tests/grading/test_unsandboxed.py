"""Without bubblewrap nothing is graded, unless a flag says so, and then every verdict and page says so too."""

import shutil
from pathlib import Path

import pytest

from check.mark import ERROR, PASSED
from grading.judge.intake import Submission
from grading.judge.judge import grade
from grading.reports.table import Row, text
from grading.sandbox.bubblewrap import SandboxUnavailable
from grading.sandbox.unsandboxed import ACCEPTED, FLAG, Unsandboxed, sandbox_for
from grading.verdict import CRASHED, MEMORY, TIMEOUT
from tests.support.small_course import REFERENCE, small_course


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with no bubblewrap."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "env").symlink_to(shutil.which("env"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return monkeypatch


def reason_and_verdict(assignment, *lines: str):
    source = REFERENCE.replace("return x.sum()", "\n    ".join(lines))
    (pair,) = grade(assignment, [Submission("one", {"sums": source.encode()}, {}, (), "")])
    return pair[1].marks_of("total")[1].reason, pair[1]


@pytest.mark.parametrize("said", [None, "yes", ""])
def test_without_the_whole_flag_nothing_is_graded(said, machine, tmp_path):
    if said is not None:
        machine.setenv(FLAG, said)
    with pytest.raises(SandboxUnavailable):
        reason_and_verdict(small_course(tmp_path), "return x.sum()")


def test_with_it_a_verdict_comes_and_records_it(machine, tmp_path):
    machine.setenv(FLAG, ACCEPTED)
    reason, verdict = reason_and_verdict(small_course(tmp_path), "return x.sum()")
    assert (reason, {mark.reason for mark in verdict.marks}) == (PASSED, {PASSED})
    assert verdict.sandbox.startswith("none: limits and seccomp only, run as ")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("while True: pass",), TIMEOUT),
        (("return bytearray(10**11)",), MEMORY),
        (("import os", "os._exit(0)"), CRASHED),
        (("import os", "os.fork()"), ERROR),
        (("import socket", "socket.socket()"), ERROR),
        (("import subprocess", "subprocess.run(['true'])"), ERROR),
        (("import lib.attention",), ERROR),
        (("import grading.judge.judge",), ERROR),
    ],
)
def test_limits_and_filter_still_hold(lines, reason, machine, tmp_path):
    machine.setenv(FLAG, ACCEPTED)
    assert reason_and_verdict(small_course(tmp_path), *lines)[0] == reason


def test_the_flag_is_no_reason_to_do_without_a_sandbox_that_works(tmp_path, monkeypatch):
    monkeypatch.setenv(FLAG, ACCEPTED)
    assert sandbox_for(small_course(tmp_path)).name.startswith("bubblewrap ")


def test_the_table_says_so(tmp_path):
    points = {"total": 3.0, "double": 5.0, "tell": 4.0}
    rows = [Row("ada", points, 12, 0, set(), unsandboxed=True), Row("bob", points, 12, 0, set())]
    assert text(small_course(tmp_path), rows).endswith("\ngraded without a sandbox: ada")
    assert "without a sandbox" not in text(small_course(tmp_path), rows[1:])


def test_nothing_of_it_is_left(tmp_path):
    with Unsandboxed(small_course(tmp_path)) as sandbox:
        scratch = sandbox._scratch.name
        sandbox.ask(["told"], {"sums": REFERENCE.encode()}, ["1"])
    assert not Path(scratch).exists()
