"""Modules that do not even import, and what becomes of a submission where the judge itself fails."""

import os
import signal
from dataclasses import replace

import pytest

from check.mark import ERROR, MISSING, PASSED
from grading.errors import SandboxUnavailable
from grading.judge.intake import Submission
from grading.judge.judge import grade
from grading.sandbox.sandbox import Sandbox
from grading.sandbox.server import SandboxDied
from grading.verdict import CRASHED, GRADER_ERROR, TIMEOUT, Verdict
from tests.support.graded import graded, handed_in
from tests.support.small_course import REFERENCE, STUB, small_course


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return small_course(tmp_path_factory.mktemp("course"))


BROKEN = {
    "stub": STUB,
    "syntax": REFERENCE + "def f(:\n    pass\n",
    "nothing": None,
    "ends": "raise SystemExit",
    "ends at once": "import os; os._exit(0)",
    "hangs": "while True: pass",
    "imports what is not there": "import nowhere",
    "no text": "\x00",
    "reference": REFERENCE,
}


@pytest.fixture(scope="module")
def broken(assignment) -> dict[str, Verdict]:
    """All of BROKEN, graded as one batch."""
    batch = [handed_in(name, source) for name, source in BROKEN.items()]
    quick = replace(assignment, seconds_per_probe=1)  # the one that hangs does so in each of its five probes
    return {submission.student: verdict for submission, verdict in grade(quick, batch)}


def test_a_module_that_does_not_even_import_earns_nothing_and_stops_nobody(broken):
    earned = {name: sum(mark.earned for mark in verdict.marks) for name, verdict in broken.items()}
    assert earned == {**dict.fromkeys(BROKEN, 0), "reference": 12}


def test_a_stub_is_told_that_it_is_one(broken):
    assert {(mark.reason, mark.error) for mark in broken["stub"].marks} == {(ERROR, "NotImplementedError")}


def test_a_syntax_error_is_shown_with_its_line(broken):
    for mark in broken["syntax"].marks:
        assert mark.reason == ERROR
        assert mark.error.startswith("SyntaxError: invalid syntax")
        assert mark.trace.endswith("lib/sums.py, line 15: def f(:")


def test_without_its_file_every_probe_is_missing(broken):
    said = {(mark.reason, mark.error) for mark in broken["nothing"].marks}
    assert said == {(MISSING, "the file it needs was not handed in")}


def test_what_ends_or_hangs_while_it_is_imported_is_told_so(broken):
    assert {mark.reason for mark in broken["ends at once"].marks} == {CRASHED}
    assert {mark.reason for mark in broken["hangs"].marks} == {TIMEOUT}
    assert {mark.error for mark in broken["ends"].marks} == {
        "ImportError: importing lib.sums ended in SystemExit"
    }
    assert {mark.error for mark in broken["hangs"].marks} == {"it took longer than its 1 s"}


def test_with_one_of_two_files_what_needs_the_other_is_missing(tmp_path):
    two = replace(small_course(tmp_path), student_modules=("sums", "other"))
    (tmp_path / "lib/other.py").write_text("")
    one = Submission("half", {"other": b"x = 1"}, {}, (), "")
    whole = replace(one, files={**one.files, "sums": REFERENCE.encode()})
    half, all_of_it = graded(two, one, whole)
    assert {mark.reason for mark in half.marks} == {MISSING}
    assert {mark.reason for mark in all_of_it.marks} == {PASSED}


def test_a_sandbox_that_dies_is_started_anew(assignment, monkeypatch):
    asked = Sandbox.ask

    def kill_once(self, probes, *rest):
        monkeypatch.setattr(Sandbox, "ask", asked)
        os.kill(self._server.process.pid, signal.SIGKILL)
        self._server.process.wait()
        return self.ask(probes, *rest)

    monkeypatch.setattr(Sandbox, "ask", kill_once)
    (verdict,) = graded(assignment, handed_in("good", REFERENCE))
    assert {mark.reason for mark in verdict.marks} == {PASSED}


def test_what_the_judge_cannot_grade_has_no_mark_and_is_never_zero(assignment, monkeypatch):
    asked, calls = Sandbox.ask, []

    def die(self, probes, files, *rest):
        if b"unlucky" not in files["sums"]:
            return asked(self, probes, files, *rest)
        calls.append(probes)
        raise SandboxDied("no reason")

    monkeypatch.setattr(Sandbox, "ask", die)
    failed, good = graded(
        assignment, handed_in("failed", REFERENCE + "# unlucky"), handed_in("good", REFERENCE)
    )
    assert failed.grader_error
    assert [failed.earned(exercise) for exercise in assignment.exercises] == [None, None, None]
    assert {mark.reason for mark in failed.marks} == {GRADER_ERROR}
    assert len(calls) == 2
    assert {mark.reason for mark in good.marks} == {PASSED}


def test_without_a_sandbox_no_verdict_is_given(assignment, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxUnavailable):
        graded(assignment, handed_in("good", REFERENCE))
