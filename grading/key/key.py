"""What the reference and every mistake answer to an assignment's probes."""

import torch

from check import AnswerKey, Mistake, run_probes
from check.allowance import USUAL, Allowance
from check.compare import Values, difference
from check.load import load_lib
from check.probe import Failure
from grading.assignment import Assignment
from grading.errors import CourseError

from .affected import affected_probes, run_and_trace


def answer_key(
    assignment: Assignment,
    seeds: list[str],
    names: list[str] | None = None,
    allowance: Allowance = USUAL,
) -> AnswerKey:
    """Ask the reference and every mistake, or only those named, on these seeds."""
    # The tensors are tiny: handing them to a second thread takes ten times as long.
    torch.set_num_threads(1)
    reference = load_lib(assignment.root, names=assignment.modules)
    want, executed = run_and_trace(assignment.probes, reference, seeds)
    for name, values in want.items():
        if isinstance(values, Failure):
            failure = f"{name}: {values.error}: {values.message}"
            raise CourseError(f"{assignment.name}: the reference fails in the probe {failure}")
    chosen = {
        name: mistake for name, mistake in assignment.mistakes.items() if names is None or name in names
    }
    mistakes = {
        name: _differences(assignment, mistake, seeds, want, executed) for name, mistake in chosen.items()
    }
    hints = {name: mistake.hint for name, mistake in chosen.items()}
    exercise_of = assignment.exercise_of_mistake
    exercises = {name: exercise_of[name] for name, mistake in chosen.items() if mistake.forgiven}
    return AnswerKey(seeds, want, mistakes, hints, exercises, allowance)


def _differences(
    assignment: Assignment,
    mistake: Mistake,
    seeds: list[str],
    want: dict[str, Values],
    executed: dict[str, set[str]],
) -> dict[str, Values]:
    """Return what a mistake answers otherwise than the reference."""
    lib = load_lib(assignment.root, assignment.with_mistake(mistake), assignment.modules)
    changed = {f"{assignment.module_of(name)}.{name}" for name in mistake.functions}
    affected = affected_probes(changed, executed)
    got = run_probes([probe for probe in assignment.probes if probe.name in affected], lib, seeds)
    return {output: values for output, values in got.items() if difference(want[output], values)}
