"""Without bubblewrap nothing is graded, unless a setting says so, and then every verdict and page says so too."""

import shutil
from pathlib import Path

import pytest

from check.mark import ERROR, PASSED
from grading.errors import SandboxUnavailable
from grading.judge.intake import Submission
from grading.judge.judge import grade
from grading.judge.settings import Judge
from grading.reports.table import Row, text
from grading.sandbox.unsandboxed import Unsandboxed, sandbox_for
from grading.verdict import CRASHED, MEMORY, TIMEOUT, Verdict
from tests.support.course_copy import run, succeed
from tests.support.small_course import REFERENCE, course_for_nbgrader, small_course

ALLOWED = Judge(allow_unsandboxed=True)


@pytest.fixture
def no_bubblewrap(tmp_path, monkeypatch):
    """A machine with no bubblewrap."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "env").symlink_to(shutil.which("env"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


def reason_and_verdict(assignment, settings: Judge, *lines: str):
    source = REFERENCE.replace("return x.sum()", "\n    ".join(lines))
    (pair,) = grade(assignment, [Submission("one", {"sums": source.encode()}, {}, (), "")], settings)
    return pair[1].marks_of("total")[1].reason, pair[1]


def test_without_the_setting_nothing_is_graded(no_bubblewrap, tmp_path):
    with pytest.raises(SandboxUnavailable):
        reason_and_verdict(small_course(tmp_path), Judge(), "return x.sum()")


def test_with_it_a_verdict_comes_and_records_it(no_bubblewrap, tmp_path):
    reason, verdict = reason_and_verdict(small_course(tmp_path), ALLOWED, "return x.sum()")
    assert (reason, {mark.reason for mark in verdict.marks}) == (PASSED, {PASSED})
    assert verdict.sandbox.startswith("none: limits and seccomp only, run as ")
    assert verdict.unsandboxed


@pytest.mark.parametrize("workers", [1, 2])
def test_the_command_warns_once_and_the_workers_record_it_too(workers, no_bubblewrap, tmp_path):
    course = tmp_path / "course"
    course_for_nbgrader(course)
    succeed(course, "nbgrader", "generate_assignment", "sums")
    for student in ("ada", "bob", "eve"):
        folder = Path(shutil.copytree(course / "exercises" / "sums", course / "submitted" / student / "sums"))
        (folder / "lib" / "sums.py").write_text(REFERENCE)
    refused = run(course, "nbgrader", "autograde", "sums", f"--Judge.workers={workers}")
    assert refused.returncode == 1
    assert "nothing was graded: bubblewrap is missing" in refused.stdout
    assert not (course / "autograded").exists()
    allowed = f"--Judge.workers={workers}", "--Judge.allow_unsandboxed=True"
    log = succeed(course, "nbgrader", "autograde", "sums", *allowed)
    assert log.count("WARNING] graded without a sandbox, as Judge.allow_unsandboxed allows: none: ") == 1
    verdicts = [Verdict.from_json(path.read_text()) for path in course.glob("autograded/*/sums/verdict.json")]
    assert [verdict.unsandboxed for verdict in verdicts] == [True] * 3


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
def test_limits_and_filter_still_hold(lines, reason, no_bubblewrap, tmp_path):
    assert reason_and_verdict(small_course(tmp_path), ALLOWED, *lines)[0] == reason


def test_the_setting_is_no_reason_to_do_without_a_sandbox_that_works(tmp_path):
    sandbox = sandbox_for(small_course(tmp_path), allow_unsandboxed=True)
    assert sandbox.name.startswith("bubblewrap ")
    reason, verdict = reason_and_verdict(small_course(tmp_path), ALLOWED, "return x.sum()")
    assert (reason, verdict.unsandboxed) == (PASSED, False)


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
