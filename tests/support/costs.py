"""What a mistake costs by the rule that the pages state, counted from the answer key without the code that marks."""

from check import AnswerKey, Probe
from check.compare import is_same
from check.key import output_names
from check.probe import Failure
from grading.assignment import Assignment


def cost_by_rule(assignment: Assignment, key: AnswerKey, mistake: str) -> int:
    """Return the points that somebody loses whose only fault is this mistake."""
    return sum(
        _cost(assignment, key, mistake, exercise, probes) for exercise, probes in assignment.exercises.items()
    )


def cost_alone(assignment: Assignment, key: AnswerKey, mistake: str) -> int:
    """Return the points of all probes that fail with this mistake."""
    return sum(probe.points for probe in assignment.probes if _is_lost(key, mistake, probe))


def _cost(assignment: Assignment, key: AnswerKey, mistake: str, exercise: str, probes: list[Probe]) -> int:
    lost = sum(probe.points for probe in probes if _is_lost(key, mistake, probe))
    by_error = sum(probe.points for probe in probes if _is_error(key, mistake, probe))
    home, points = key.exercises.get(mistake), sum(probe.points for probe in probes)
    if home is None:  # never forgiven
        return lost
    if home == exercise:
        kept = points * key.allowance.kept_percent // 100
        return max(by_error, min(lost, points - kept))
    some_values = any(not _is_error(key, mistake, probe) for probe in probes)
    known = any(
        _is_lost(key, mistake, probe) and not _is_like_no_work(key, mistake, probe)
        for probe in assignment.exercises[home]
    )
    return 0 if key.allowance.carried and some_values and known else lost


def _is_lost(key: AnswerKey, mistake: str, probe: Probe) -> bool:
    return any(name in key.mistakes[mistake] for name in output_names(probe, key.seeds))


def _is_error(key: AnswerKey, mistake: str, probe: Probe) -> bool:
    wrong = key.mistakes[mistake]
    return any(isinstance(wrong.get(name), Failure) for name in output_names(probe, key.seeds))


def _is_like_no_work(key: AnswerKey, mistake: str, probe: Probe) -> bool:
    """Return True if a mistake that is never forgiven gives the same answers to this probe."""
    never = [wrong for other, wrong in key.mistakes.items() if other not in key.exercises]
    mine = {
        name: key.mistakes[mistake][name]
        for name in output_names(probe, key.seeds)
        if name in key.mistakes[mistake]
    }
    return any(all(name in wrong and is_same(wrong[name], mine[name]) for name in mine) for wrong in never)
