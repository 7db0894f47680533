"""What the reference and every mistake answer to an assignment's probes."""

import torch

from check import AnswerKey, run_probes
from check.compare import difference
from check.load import load_lib
from check.probe import Failure
from grading.assignment import Assignment
from grading.errors import CourseError

from .affected import affected_probes, executed_functions


def answer_key(assignment: Assignment, seeds: list[str], names: list[str] | None = None) -> AnswerKey:
    """Ask the reference and every mistake, or only those named, on these seeds."""
    # The tensors are tiny: handing them to a second thread takes ten times as long.
    torch.set_num_threads(1)
    reference = load_lib(assignment.root, names=assignment.modules)
    want = run_probes(assignment.probes, reference, seeds)
    failed = [
        f"{name}: {values.error}: {values.message}"
        for name, values in want.items()
        if isinstance(values, Failure)
    ]
    if failed:
        raise CourseError(f"{assignment.name}: the reference fails in the probe {failed[0]}")
    executed = executed_functions(assignment.probes, seeds, reference)
    chosen = {
        name: mistake for name, mistake in assignment.mistakes.items() if names is None or name in names
    }
    mistakes = {}
    for name, mistake in chosen.items():
        lib = load_lib(assignment.root, assignment.with_mistake(mistake), assignment.modules)
        changed = {f"{assignment.module_of(f)}.{f.split('.')[0]}" for f in mistake.functions}
        affected = affected_probes(changed, executed)
        got = run_probes([probe for probe in assignment.probes if probe.name in affected], lib, seeds)
        mistakes[name] = {
            output: values for output, values in got.items() if difference(want[output], values)
        }
    return AnswerKey(seeds, want, mistakes, {name: mistake.hint for name, mistake in chosen.items()})
