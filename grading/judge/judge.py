"""The judge: submissions in, verdicts out. No student's code runs here, and nothing it says is believed.

The sandbox returns bytes. They are read as values of one probe and nothing else, compared with what the
reference gives on the same secret seeds, and marked; the reason says what stood in the way.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from check import AnswerKey, Mark, Probe
from check.mark import MISSING
from check.once import mark_exercises
from grading.assignment import Assignment
from grading.key.key import answer_key
from grading.sandbox.sandbox import Reply, Sandbox
from grading.sandbox.server import SandboxDied, Server
from grading.sandbox.unsandboxed import sandbox_for
from grading.verdict import CRASHED, GRADER_ERROR, MALFORMED, MEMORY, TIMEOUT, Verdict

from .intake import Submission
from .reply import Outcome
from .settings import Judge

SEEDS = 2

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
    settings: Judge | None = None,
    server: Server | None = None,
) -> Iterator[tuple[Submission, Verdict]]:
    """Grade a batch in this process, one verdict at a time, all on the same seed.

    server is one for this assignment that was started already; it is used up.
    Raises SandboxUnavailable, before the first verdict, where no submission can be shut in.
    """
    settings = settings or Judge()
    seed = settings.seed_or_fresh()
    with sandbox_for(assignment, allow_unsandboxed=settings.allow_unsandboxed, server=server) as sandbox:
        key = answer_key(assignment, seeds_of(seed), allowance=settings.allowance())
        for submission in submissions:
            yield submission, judge(assignment, key, submission, seed, sandbox)


def seeds_of(seed: str) -> list[str]:
    """Return the seeds on which a batch asks every probe."""
    return [f"{seed}-{i}" for i in range(SEEDS)]


def judge(
    assignment: Assignment, key: AnswerKey, submission: Submission, seed: str, sandbox: Sandbox
) -> Verdict:
    """Return the verdict on one submission; key holds the answers on seeds_of(seed)."""
    outcome = _run_probes(assignment.probes, key, submission, sandbox)
    marks, kept = mark_exercises(assignment.probes, key, outcome.values)
    for number, probe in enumerate(assignment.probes):
        reason, sentence = outcome.reasons.get(probe.name), outcome.sentences.get(probe.name)
        if reason:
            marks[number] = _with_reason(marks[number], reason, probe, assignment, sentence)
    return Verdict(
        assignment=assignment.name,
        submission=submission.digest,
        assignment_digest=assignment.digest,
        seed=seed,
        sandbox=sandbox.name,
        notes=submission.notes,
        marks=tuple(marks),
        kept=tuple(kept),
        allowance=key.allowance,
        seconds=outcome.seconds,
    )


def _run_probes(probes: list[Probe], key: AnswerKey, submission: Submission, sandbox: Sandbox) -> Outcome:
    """Ask a submission all probes.

    They run in one process, as they do in the student's own notebook, but for those with a limit of their own. When
    one probe ends that process, the probes after it run in another.
    """
    outcome, waiting = Outcome(), list(probes)
    if not submission.files:
        outcome.reasons = {probe.name: MISSING for probe in probes}
        return outcome
    while waiting:
        together = _in_one_process(waiting)
        try:
            reply = _ask(sandbox, together, submission, key.seeds)
        except SandboxDied:
            outcome.reasons |= {probe.name: GRADER_ERROR for probe in waiting}
            return outcome
        done = together[: len(reply.frames) + 1]
        outcome.add(done, reply, key.seeds, sandbox.assignment, submission)
        waiting = [probe for probe in waiting if probe not in done]
    return outcome


def _in_one_process(waiting: list[Probe]) -> list[Probe]:
    """Return the probes to ask next: all that have no limit of their own, then each of the others by itself."""
    return [probe for probe in waiting if not probe.memory_mb] or waiting[:1]


def _ask(sandbox: Sandbox, probes: list[Probe], submission: Submission, seeds: list[str]) -> Reply:
    """Ask, and ask once more if the sandbox fails. Raises SandboxDied if it fails again."""
    assignment = sandbox.assignment
    provided = {
        name: (assignment.root / "lib" / f"{name}.py").read_bytes() for name in assignment.provided_modules
    }
    names, files = [probe.name for probe in probes], {**provided, **submission.files}
    question = names, files, seeds, assignment.seconds_per_probe, probes[0].memory_mb
    try:
        return sandbox.ask(*question)
    except SandboxDied:
        return sandbox.ask(*question)


def _with_reason(
    mark: Mark, reason: str, probe: Probe, assignment: Assignment, sentence: str | None = None
) -> Mark:
    memory = probe.memory_mb or assignment.memory_mb
    sentence = sentence or SENTENCES[reason].format(seconds=assignment.seconds_per_probe, memory=memory)
    return replace(mark, earned=0, reason=reason, error=sentence, difference=None, mistakes=(), hints=())
