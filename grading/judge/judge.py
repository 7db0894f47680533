"""The judge: submissions in, verdicts out. No student's code runs here, and nothing it says is believed.

The sandbox returns bytes. They are read as values of one probe and nothing else, compared with what the
reference gives on the same secret seeds, and marked; the reason says what stood in the way.
"""

import secrets
import signal
from collections.abc import Iterable, Iterator
from dataclasses import replace

import torch

from check import AnswerKey, Mark, Probe
from check.codec import unpack
from check.compare import Values
from check.key import output_names
from check.mark import MISSING, mark
from check.probe import Failure
from grading.assignment import Assignment
from grading.key.key import answer_key
from grading.sandbox.sandbox import Reply, Sandbox
from grading.sandbox.server import SandboxDied, Server
from grading.sandbox.unsandboxed import sandbox_for
from grading.verdict import CRASHED, GRADER_ERROR, MALFORMED, MEMORY, TIMEOUT, Verdict

from .intake import Submission

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
    GRADER_ERROR: "the judge failed, not the submission; it must be graded again",
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
        key = answer_key(assignment, seeds_of(seed))
        for submission in submissions:
            yield submission, judge(assignment, key, submission, seed, sandbox)


def seeds_of(seed: str) -> list[str]:
    """Return the seeds on which a batch asks every probe."""
    return [f"{seed}-{i}" for i in range(SEEDS)]


def judge(
    assignment: Assignment, key: AnswerKey, submission: Submission, seed: str, sandbox: Sandbox
) -> Verdict:
    """Return the verdict on one submission; key holds the answers on seeds_of(seed)."""
    marks, seconds = [], {}
    got, stopped = _run_probes(assignment.probes, key, submission, sandbox, seconds)
    for probes in assignment.exercises.values():
        for found, probe in zip(mark(probes, key, got), probes, strict=True):
            reason = stopped.get(probe.name)
            marks.append(_with_reason(found, reason, probe, assignment) if reason else found)
    return Verdict(
        assignment=assignment.name,
        submission=submission.digest,
        assignment_digest=assignment.digest,
        seed=seed,
        sandbox=sandbox.name,
        notes=submission.notes,
        marks=tuple(marks),
        seconds=seconds,
    )


def _run_probes(
    probes: list[Probe], key: AnswerKey, submission: Submission, sandbox: Sandbox, seconds: dict[str, float]
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
            reply = _ask(sandbox, together, submission, key.seeds)
        except SandboxDied:
            return got, stopped | {probe.name: GRADER_ERROR for probe in waiting}
        for probe, frame, took in zip(together, reply.frames, reply.seconds, strict=False):
            seconds[probe.name] = took
            values = _values(frame, output_names(probe, key.seeds))
            reason = _why_no_values(values, sandbox.assignment, submission)
            if reason:
                stopped[probe.name] = reason
            else:
                got |= values
        done = together[: len(reply.frames) + 1]
        if len(reply.frames) < len(together):
            stopped[done[-1].name] = _why_no_frame(reply)
        waiting = [probe for probe in waiting if probe not in done]
    return got, stopped


def _in_one_process(waiting: list[Probe]) -> list[Probe]:
    """Return the probes to ask next: all that have no limit of their own, then each of the others by itself."""
    return [probe for probe in waiting if not probe.memory_mb] or waiting[:1]


def _ask(sandbox: Sandbox, probes: list[Probe], submission: Submission, seeds: list[str]) -> Reply:
    """Ask, and ask once more if the sandbox fails. Raises SandboxDied if it fails again."""
    assignment = sandbox.assignment
    given = {
        name: (assignment.root / "lib" / f"{name}.py").read_bytes() for name in assignment.provided_modules
    }
    names, files = [probe.name for probe in probes], {**given, **submission.files}
    question = names, files, seeds, assignment.seconds_per_probe, probes[0].memory_mb
    try:
        return sandbox.ask(*question)
    except SandboxDied:
        return sandbox.ask(*question)


def _why_no_frame(reply: Reply) -> str:
    if reply.late:
        return TIMEOUT
    if reply.too_long:
        return MALFORMED
    # Nobody inside can send this signal: the kernel did, when memory ran out.
    return MEMORY if reply.exit == -signal.SIGKILL else CRASHED


def _why_no_values(
    values: dict[str, Values] | None, assignment: Assignment, handed_in: Submission
) -> str | None:
    """Return the reason why there is nothing to compare, or None: malformed, no memory, or no file."""
    if values is None:
        return MALFORMED
    missing = [
        f"No module named 'lib.{name}'" for name in assignment.student_modules if name not in handed_in.files
    ]
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


def _with_reason(mark: Mark, reason: str, probe: Probe, assignment: Assignment) -> Mark:
    memory = probe.memory_mb or assignment.memory_mb
    sentence = SENTENCES[reason].format(seconds=assignment.seconds_per_probe, memory=memory)
    return replace(mark, earned=0, reason=reason, error=sentence, difference=None, mistakes=(), hints=())
