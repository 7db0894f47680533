"""The judge: submissions in, verdicts out. No student's code runs here, and nothing it says is believed.

The sandbox returns bytes. They are read as values of one probe and nothing else, compared with what the
reference gives on the same secret seeds, and marked; the reason says what stood in the way.
"""

import secrets
import signal
from collections.abc import Iterable, Iterator
from dataclasses import replace

import torch

from check import Key, Mark, Probe
from check.codec import unpack
from check.compare import Values
from check.mark import MISSING, asked, mark
from check.probe import Failure

from .assignment import Assignment
from .intake import Submission, read_submission
from .sandbox import Answer, Sandbox, SandboxDied, SandboxUnavailable
from .verdict import CRASHED, HELD, MALFORMED, MEMORY, TIMEOUT, Verdict

__all__ = ["SandboxUnavailable", "Submission", "grade", "read_submission"]

SEEDS = 2
LONGEST_TEXT, MOST_VALUES = 10_000, 1_000
DTYPES = {torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64}
DTYPES |= {torch.float16, torch.bfloat16, torch.float32, torch.float64}

SENTENCES = {
    TIMEOUT: "it took longer than {seconds:g} seconds",
    MEMORY: "it took more than {memory} MB of memory",
    CRASHED: "the process ended before it had answered",
    MALFORMED: "what came back was not the values of a probe",
    MISSING: "the file it needs was not handed in",
    HELD: "the judge failed, not the submission; it must be graded again",
}


def grade(
    assignment: Assignment, submissions: Iterable[Submission], seed: str | None = None
) -> Iterator[tuple[Submission, Verdict]]:
    """Grade a batch, one verdict at a time, all on the same seed: a fresh secret one unless it is given.

    Raises SandboxUnavailable, before the first verdict, where no submission can be shut in.
    """
    seed = secrets.token_hex(16) if seed is None else seed
    key = assignment.key([f"{seed}-{i}" for i in range(SEEDS)])
    with Sandbox(assignment) as sandbox:
        for submission in submissions:
            marks = _marks(assignment, key, submission, sandbox)
            yield (
                submission,
                Verdict(
                    assignment=assignment.name,
                    submission=submission.digest,
                    key=assignment.digest,
                    seed=seed,
                    sandbox=sandbox.name,
                    notes=submission.notes,
                    marks=tuple(marks),
                ),
            )


def _marks(assignment: Assignment, key: Key, submission: Submission, sandbox: Sandbox) -> list[Mark]:
    files = {**_given(assignment), **submission.files}
    got, stopped = {}, {}
    for probe in assignment.probes:
        if not submission.files:
            stopped[probe.name] = MISSING
            continue
        try:
            answer = _asked_twice_if_need_be(sandbox, probe, files, key)
            values = _values(answer, asked(probe, key))
            _see_what_stopped_it(values, set(assignment.edits) - set(submission.files))
            got |= values
        except _Stopped as stop:
            stopped[probe.name] = stop.reason
    marks = [m for probes in assignment.exercises.values() for m in mark(probes, key, got)]
    return [_explained(m, stopped[m.probe], assignment) if m.probe in stopped else m for m in marks]


class _Stopped(Exception):
    """A probe has no values to compare, and this reason."""

    def __init__(self, reason: str):
        self.reason = reason


def _given(assignment: Assignment) -> dict[str, bytes]:
    return {name: (assignment.house / "lib" / f"{name}.py").read_bytes() for name in assignment.gives}


def seconds_a_probe(assignment: Assignment) -> float:
    """Return the wall time that one probe may take: an equal share, so that none can starve another."""
    return assignment.seconds / len(assignment.probes)


def _asked_twice_if_need_be(sandbox: Sandbox, probe: Probe, files: dict[str, bytes], key: Key) -> Answer:
    for _ in range(2):
        try:
            return sandbox.ask(probe.name, files, key.seeds, seconds_a_probe(sandbox.assignment))
        except SandboxDied as error:
            last = error
    raise _Stopped(HELD) from last


def _values(answer: Answer, names: list[str]) -> dict[str, Values]:
    """Read what came back. Nothing but plain values under just these names is accepted."""
    if answer.timeout:
        raise _Stopped(TIMEOUT)
    if answer.too_long:
        raise _Stopped(MALFORMED)
    if answer.exit:
        # Inside nobody can send this signal: the kernel did, when memory ran out.
        raise _Stopped(MEMORY if answer.exit == -signal.SIGKILL else CRASHED)
    try:
        values = unpack(answer.data)
    except Exception as error:  # torch and safetensors have errors of their own for bytes that are none
        raise _Stopped(MALFORMED) from error
    if list(values) != names or not all(_is_plain(entry) for entry in values.values()):
        raise _Stopped(MALFORMED)
    return values


def _is_plain(values: Values) -> bool:
    if isinstance(values, Failure):
        return all(map(_is_text, (values.error, values.message, values.trace)))
    return len(values) <= MOST_VALUES and all(_is_text(k) and _is_leaf(v) for k, v in values.items())


def _is_leaf(leaf) -> bool:
    if isinstance(leaf, torch.Tensor):
        return leaf.dtype in DTYPES
    if type(leaf) is int:
        return -(2**63) <= leaf < 2**63  # a larger one cannot be compared with a float
    return _is_text(leaf) if isinstance(leaf, str) else True


def _is_text(text: str) -> bool:
    half_characters = any("\ud800" <= character <= "\udfff" for character in text)
    return len(text) <= LONGEST_TEXT and not half_characters


def _see_what_stopped_it(values: dict[str, Values], missing: set[str]) -> None:
    """Raise for an error whose cause lies outside the student's lines: no memory, or no file."""
    for failure in (entry for entry in values.values() if isinstance(entry, Failure)):
        if failure.error.endswith("MemoryError") or "can't allocate memory" in failure.message:
            raise _Stopped(MEMORY)
        if any(f"No module named 'lib.{name}'" in failure.message for name in missing):
            raise _Stopped(MISSING)


def _explained(mark: Mark, reason: str, assignment: Assignment) -> Mark:
    sentence = SENTENCES[reason].format(seconds=seconds_a_probe(assignment), memory=assignment.memory_mb)
    return replace(mark, earned=0, reason=reason, error=sentence, difference=None, mistake=None, hint=None)
