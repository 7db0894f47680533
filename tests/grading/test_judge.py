"""Submissions in, verdicts out: right marks, the right reason, and no submission that touches another's."""

from dataclasses import replace

import pytest

from check.mark import ERROR, PASSED, WRONG
from grading.assignment import Assignment, load_assignment
from grading.judge.intake import Submission
from grading.judge.judge import grade
from grading.verdict import CRASHED, MALFORMED, MEMORY, TIMEOUT, Verdict
from tests.support.graded import graded, handed_in
from tests.support.small_course import REFERENCE, small_course


def with_total(*lines: str) -> str:
    """Return the reference with another body of total."""
    return REFERENCE.replace("return x.sum()", "\n    ".join(lines))


FORGED = """
import os, struct
from check.codec import pack
import torch
frames = [pack({f"total_of_one@{i}": {"result": torch.zeros(())} for i in range(2)}),
          pack({f"total_of_many@{i}": {"result": torch.zeros(())} for i in range(2)})]
for fd in range(3, 64):
    try:
        for frame in frames:
            os.write(fd, struct.pack(">I", len(frame)) + frame)
    except OSError:
        pass
os._exit(0)
"""

# What a student hands in as sums.py, and the reason of each probe of `total`; all else must pass, but see LOST.
PASS, FAIL = (PASSED, PASSED), (ERROR, ERROR)
SUBMISSIONS = {
    "reference": (REFERENCE, PASS),
    "prints": ("print('x' * 99)\nimport sys, warnings\nwarnings.warn('x')\n" + with_total("print(x, file=sys.stderr)", "return x.sum()"), PASS),
    "gigabyte": (
        with_total("import os", "chunk = bytes(2**20)", "for _ in range(2**9): os.write(1, chunk), os.write(2, chunk)", "return x.sum()"),
        PASS,
    ),
    "windows": ("\ufeff" + REFERENCE.replace("\n", "\r\n"), PASS),
    "alternative": (with_total("return sum(float(y) for y in x.flatten()) * x.new_ones(())"), PASS),
    "mistake": (with_total("return x.mean()"), (PASSED, WRONG)),
    "raises": (with_total("raise KeyError('mine')"), FAIL),
    "exits": (with_total("raise SystemExit"), FAIL),
    "object": (with_total("return object()"), FAIL),
    "sparse": (with_total("return x.to_sparse()"), FAIL),
    "loop": (with_total("while True: pass"), (TIMEOUT, TIMEOUT)),
    "sleep once": (with_total("import time", "time.sleep(60 * (x.numel() == 1))", "return x.sum()"), (TIMEOUT, PASSED)),
    "os._exit": (with_total("import os", "os._exit(0)"), (CRASHED, CRASHED)),
    "segfault": (with_total("import ctypes", "return ctypes.string_at(0)"), (CRASHED, CRASHED)),
    "abort": (with_total("import os", "os.abort()"), (CRASHED, CRASHED)),
    "torch memory": (with_total("import torch", "return torch.empty(25 * 10**9).sum()"), (MEMORY, MEMORY)),
    "numpy memory": (with_total("import numpy", "return numpy.empty(10**11)"), (MEMORY, MEMORY)),
    "bytes": (with_total("return bytearray(10**11)"), (MEMORY, MEMORY)),
    "fork bomb": (with_total("import os", "while True: os.fork()"), FAIL),
    "network": (with_total("import socket", "socket.socket()"), FAIL),
    "other dtype": (with_total("import torch", "return x.sum().to(torch.uint32)"), (MALFORMED, MALFORMED)),
    "number of many digits": (with_total("return 10**400"), (MALFORMED, MALFORMED)),
    "half a character": (with_total("return '\\ud800'"), (MALFORMED, MALFORMED)),
    "noise on every descriptor": (
        with_total("import os", "for fd in range(3, 64):", "    try: os.write(fd, b'\\xff' * 99)", "    except OSError: pass"),
        (MALFORMED, MALFORMED),
    ),
    "an answer of 40 MB": (with_total("return x.new_ones(10**7)"), (MALFORMED, MALFORMED)),
    "forged frames": (with_total(*FORGED.strip().splitlines()), (WRONG, WRONG)),
    "poison": (
        with_total("import torch, check.codec, check.probe", "torch.Tensor.__add__ = torch.equal = None")
        .replace("= None", "= None\n    check.codec.pack = check.probe.run = print\n    open('/box/canary', 'w')\n    return x.sum()"),
        PASS,
    ),
    "leaves torch set otherwise": (
        with_total("import torch", "torch.set_grad_enabled(False)", "torch.set_default_dtype(torch.float64)", "return x.sum()"), PASS
    ),
    "reference again": (REFERENCE, PASS),
}  # fmt: skip

# What is left of `double` and `tell` to those that spoil their own process: the probe in which it ends, what needs a sum.
LOST = {"forged frames": (3, 4), "poison": (0, 4)}


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return small_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def verdicts(assignment) -> dict[str, Verdict]:
    """All of SUBMISSIONS, graded as one batch."""
    batch = [handed_in(name, source) for name, (source, _) in SUBMISSIONS.items()]
    return {submission.student: verdict for submission, verdict in grade(assignment, batch)}


def reasons(verdict: Verdict, exercise: str) -> tuple[str, ...]:
    return tuple(mark.reason for mark in verdict.marks_of(exercise))


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_each_submission_gets_its_own_reason_and_spoils_nothing_else(verdicts, name):
    verdict = verdicts[name]
    assert reasons(verdict, "total") == SUBMISSIONS[name][1]
    assert verdict.earned("total") == sum(m.points for m in verdict.marks_of("total") if m.reason == PASSED)
    assert (verdict.earned("double"), verdict.earned("tell")) == LOST.get(name, (5, 4))
    assert all(mark.error for mark in verdict.marks if mark.reason not in (PASSED, WRONG))


def test_what_a_mistake_gives_is_named_and_hinted_at(verdicts):
    mark = verdicts["mistake"].marks_of("total")[1]
    assert (mark.mistakes, mark.hints, mark.earned) == (("mean",), ("You took the mean.",), 0)


def test_an_error_is_shown_with_the_students_own_lines(verdicts):
    mark = verdicts["raises"].marks_of("total")[0]
    assert mark.error == "KeyError: 'mine'"
    assert mark.trace == "lib/sums.py, line 6, in total: raise KeyError('mine')"


def test_verdicts_come_in_order_with_what_they_were_made_of(assignment, verdicts):
    assert list(verdicts) == list(SUBMISSIONS)
    verdict = verdicts["reference"]
    assert (verdict.assignment, verdict.submission, verdict.assignment_digest) == (
        "sums",
        "reference",
        assignment.digest,
    )
    assert verdict.notes == ("a note on reference",)
    assert verdict.sandbox.startswith("bubblewrap ")
    assert len({verdict.seed for verdict in verdicts.values()}) == 1
    assert len(verdict.seed) >= 32
    assert Verdict.from_json(verdict.to_json()) == verdict


def test_the_same_submission_and_seed_give_the_same_bytes_and_every_batch_has_its_own_seed(
    assignment, verdicts
):
    batch = [handed_in(name, SUBMISSIONS[name][0]) for name in ("mistake", "raises", "os._exit", "reference")]
    once, again = graded(assignment, *batch), graded(assignment, *batch)
    assert [v.to_json() for v in once] == [v.to_json() for v in again]
    (fresh,) = graded(assignment, batch[-1], seed=None)
    assert fresh.seed != verdicts["reference"].seed
    assert replace(fresh, seed="a seed") == once[-1]


def test_in_the_sandbox_the_alternatives_of_attention_are_all_right(monkeypatch):
    monkeypatch.setattr(Assignment, "mistakes", {})  # which are many, and not what this test is about
    attention = load_assignment("attention")
    reference = (attention.root / "lib/attention.py").read_bytes()
    names = ["reference", *attention.alternatives]
    patches = [b"", *(path.read_bytes() for path in attention.alternatives.values())]
    batch = [
        Submission(name, {"attention": reference + b"\n\n" + patch}, {}, (), name)
        for name, patch in zip(names, patches, strict=True)
    ]
    for submission, verdict in grade(attention, batch):
        assert {mark.probe for mark in verdict.marks if mark.reason != PASSED} == set(), submission.student
