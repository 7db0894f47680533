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
from .intake import Submission
from .sandbox import Answers, Sandbox
from .server import SandboxDied, Server
from .unsandboxed import sandbox_for
from .verdict import CRASHED, HELD, MALFORMED, MEMORY, TIMEOUT, Verdict

SEEDS = 2
LONGEST_TEXT, MOST_VALUES = 10_000, 1_000
DTYPES = {torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64}
DTYPES |= {torch.float16, torch.bfloat16, torch.float32, torch.float64}

SENTENCES = {
    TIMEOUT: "it took longer than its {seconds:.3g} s",
    MEMORY: "it took more than {memory} MB of memory",
    CRASHED: "the process ended before it had answered",
    MALFORMED: "what came back was not the values of a probe",
    MISSING: "the file it needs was not handed in",
    HELD: "the judge failed, not the submission; it must be graded again",
}


def grade(
    assignment: Assignment,
    submissions: Iterable[Submission],
    seed: str | None = None,
    server: Server | None = None,
) -> Iterator[tuple[Submission, Verdict]]:
    """Grade a batch, one verdict at a time, all on the same seed: a fresh secret one unless it is given.

    server is one for this assignment that was started already; it is used up.
    Raises SandboxUnavailable, before the first verdict, where no submission can be shut in.
    """
    seed = secrets.token_hex(16) if seed is None else seed
    with sandbox_for(assignment, server) as sandbox:
        key = assignment.key(seeds_of(seed))
        for submission in submissions:
            yield submission, judge(assignment, key, submission, seed, sandbox)


def seeds_of(seed: str) -> list[str]:
    """Return the seeds on which a batch asks every probe."""
    return [f"{seed}-{i}" for i in range(SEEDS)]


def judge(assignment: Assignment, key: Key, submission: Submission, seed: str, sandbox: Sandbox) -> Verdict:
    """Return the verdict on one submission; key holds the answers on seeds_of(seed)."""
    marks, seconds = [], {}
    got, stopped = _answers(assignment.probes, key, submission, sandbox, seconds)
    for probes in assignment.exercises.values():
        for found, probe in zip(mark(probes, key, got), probes, strict=True):
            reason = stopped.get(probe.name)
            marks.append(_explained(found, reason, probe, assignment) if reason else found)
    return Verdict(
        assignment=assignment.name,
        submission=submission.digest,
        key=assignment.digest,
        seed=seed,
        sandbox=sandbox.name,
        notes=submission.notes,
        marks=tuple(marks),
        seconds=seconds,
    )


def _answers(
    probes: list[Probe], key: Key, submission: Submission, sandbox: Sandbox, seconds: dict[str, float]
) -> tuple[dict[str, Values], dict[str, str]]:
    """Return what the probes got, and for each that got nothing the reason.

    They run in one process, as they do in the student's own notebook, but for those with a limit of their own. When
    one probe ends that process, the probes after it run in another. Each one's seconds are added to seconds.
    """
    if not submission.files:
        return {}, {probe.name: MISSING for probe in probes}
    got, stopped, waiting = {}, {}, list(probes)
    while waiting:
        together = _in_one_process(waiting)
        try:
            answers = _ask(sandbox, together, submission, key.seeds)
        except SandboxDied:
            return got, stopped | {probe.name: HELD for probe in waiting}
        for probe, frame, took in zip(together, answers.frames, answers.seconds, strict=False):
            seconds[probe.name] = took
            values = _values(frame, asked(probe, key))
            reason = _why_no_values(values, sandbox.assignment, submission)
            if reason:
                stopped[probe.name] = reason
            else:
                got |= values
        done = together[: len(answers.frames) + 1]
        if len(answers.frames) < len(together):
            stopped[done[-1].name] = _why_no_frame(answers)
        waiting = [probe for probe in waiting if probe not in done]
    return got, stopped


def _in_one_process(waiting: list[Probe]) -> list[Probe]:
    """Return the probes to ask next: all that have no limit of their own, then each of the others by itself."""
    return [probe for probe in waiting if not probe.memory_mb] or waiting[:1]


def _ask(sandbox: Sandbox, probes: list[Probe], submission: Submission, seeds: list[str]) -> Answers:
    """Ask, and ask once more if the sandbox fails. Raises SandboxDied if it fails again."""
    assignment = sandbox.assignment
    given = {name: (assignment.house / "lib" / f"{name}.py").read_bytes() for name in assignment.gives}
    names, files = [probe.name for probe in probes], {**given, **submission.files}
    question = names, files, seeds, seconds_a_probe(assignment), probes[0].memory_mb
    try:
        return sandbox.ask(*question)
    except SandboxDied:
        return sandbox.ask(*question)


def seconds_a_probe(assignment: Assignment) -> float:
    """Return the wall time that one probe may take: an equal share, so that none can starve another."""
    return assignment.seconds / len(assignment.probes)


def _why_no_frame(answers: Answers) -> str:
    if answers.late:
        return TIMEOUT
    if answers.too_long:
        return MALFORMED
    # Nobody inside can send this signal: the kernel did, when memory ran out.
    return MEMORY if answers.exit == -signal.SIGKILL else CRASHED


def _why_no_values(
    values: dict[str, Values] | None, assignment: Assignment, handed_in: Submission
) -> str | None:
    """Return the reason why there is nothing to compare, or None: malformed, no memory, or no file."""
    if values is None:
        return MALFORMED
    missing = [f"No module named 'lib.{name}'" for name in assignment.edits if name not in handed_in.files]
    for failure in (entry for entry in values.values() if isinstance(entry, Failure)):
        if failure.error.endswith("MemoryError") or "can't allocate memory" in failure.message:
            return MEMORY
        if any(sentence in failure.message for sentence in missing):
            return MISSING
    return None


def _values(frame: bytes, names: list[str]) -> dict[str, Values] | None:
    """Read one frame: plain values under just these names, or None."""
    try:
        values = unpack(frame)
    except Exception:  # torch and safetensors have errors of their own for bytes that are no tensors
        return None
    plain = list(values) == names and all(map(_is_plain, values.values()))
    return values if plain else None


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


def _explained(mark: Mark, reason: str, probe: Probe, assignment: Assignment) -> Mark:
    memory = probe.memory_mb or assignment.memory_mb
    sentence = SENTENCES[reason].format(seconds=seconds_a_probe(assignment), memory=memory)
    return replace(mark, earned=0, reason=reason, error=sentence, difference=None, mistake=None, hint=None)
