"""What came back from the sandbox: plain values of the probes that were asked, or the reason why there are none.

These are bytes that an untrusted submission may have written. They are read as values of one probe and nothing else.
"""

import signal
from dataclasses import dataclass, field

import torch

from check import Probe
from check.codec import unpack
from check.compare import Values
from check.key import output_names
from check.mark import MISSING
from check.probe import Failure, Leaf
from grading.assignment import Assignment
from grading.sandbox.sandbox import Reply
from grading.verdict import CRASHED, GRADER_ERROR, MALFORMED, MEMORY, TIMEOUT

from .intake import Submission
from .newer_python import why_newer

MAX_TEXT, MAX_VALUES = 10_000, 1_000
DTYPES = {torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64}
DTYPES |= {torch.float16, torch.bfloat16, torch.float32, torch.float64}


@dataclass
class Outcome:
    """By probe: what it got, or why it got nothing, and how long it took."""

    values: dict[str, Values] = field(default_factory=dict)  # by the names of outputs
    reasons: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)  # about a reason, where it needs one of its own

    def add(
        self,
        probes: list[Probe],
        reply: Reply,
        seeds: list[str],
        assignment: Assignment,
        submission: Submission,
    ) -> None:
        """Add what came back for these probes; the last may have no frame any more."""
        for probe, frame, took in zip(probes, reply.frames, reply.seconds, strict=False):
            self.seconds[probe.name] = took
            values = read_frame(frame, output_names(probe, seeds))
            reason = MALFORMED if values is None else _reason_against(values, assignment, submission)
            newer = None if reason else _why_newer(values or {}, submission)
            if newer:
                self.reasons[probe.name], self.sentences[probe.name] = GRADER_ERROR, newer
            elif reason:
                self.reasons[probe.name] = reason
            else:
                self.values |= values or {}
        if len(reply.frames) < len(probes):
            self.reasons[probes[-1].name] = _reason_for_no_frame(reply)


def read_frame(frame: bytes, names: list[str]) -> dict[str, Values] | None:
    """Return the plain values, under just these names, that a frame holds; None if it holds anything else."""
    try:
        values = unpack(frame)
    except Exception:  # torch and safetensors have errors of their own for bytes that are no tensors
        return None
    plain = list(values) == names and all(map(_is_plain, values.values()))
    return values if plain else None


def _reason_for_no_frame(reply: Reply) -> str:
    if reply.late:
        return TIMEOUT
    if reply.too_long:
        return MALFORMED
    # Nobody inside can send this signal: the kernel did, when memory ran out.
    return MEMORY if reply.exit == -signal.SIGKILL else CRASHED


def _reason_against(values: dict[str, Values], assignment: Assignment, submission: Submission) -> str | None:
    """Return the reason why these values are nothing to compare: no memory, or no file. None if they are."""
    missing = [
        f"No module named 'lib.{name}'" for name in assignment.student_modules if name not in submission.files
    ]
    for failure in (entry for entry in values.values() if isinstance(entry, Failure)):
        if failure.error.endswith("MemoryError") or "can't allocate memory" in failure.message:
            return MEMORY
        if any(sentence in failure.message for sentence in missing):
            return MISSING
    return None


def _why_newer(values: dict[str, Values], submission: Submission) -> str | None:
    """Return why these values fail for want of a newer Python, if they do."""
    failures = [entry for entry in values.values() if isinstance(entry, Failure)]
    return next(filter(None, (why_newer(failure, submission.files) for failure in failures)), None)


def _is_plain(values: Values) -> bool:
    if isinstance(values, Failure):
        return all(map(_is_text, (values.error, values.message, values.trace)))
    plain = all(_is_text(case) and _is_plain_leaf(leaf) for case, leaf in values.items())
    return plain and len(values) <= MAX_VALUES


def _is_plain_leaf(leaf: Leaf) -> bool:
    if isinstance(leaf, torch.Tensor):
        return leaf.dtype in DTYPES
    if type(leaf) is int:
        return -(2**63) <= leaf < 2**63  # a larger one cannot be compared with a float
    return _is_text(leaf) if isinstance(leaf, str) else True


def _is_text(text: str) -> bool:
    half_characters = any("\ud800" <= character <= "\udfff" for character in text)
    return len(text) <= MAX_TEXT and not half_characters
