"""One mistake costs once: mark several exercises together, so that a known mistake is not paid for again and again.

A known mistake is worth something since all else is right: the answers are just those of the reference with this
mistake. An error shows nothing of the work behind it. So it keeps nothing in its own exercise, and is carried from
another only where all of an exercise is as it must be with that mistake, and some answers are values.
"""

from .allowance import Kept
from .compare import Values, difference, is_same
from .key import AnswerKey, output_names
from .mark import CARRIED, ERROR, PASSED, WRONG, Mark, mark
from .probe import Failure, Probe


def mark_exercises(
    probes: list[Probe], key: AnswerKey, got: dict[str, Values]
) -> tuple[list[Mark], list[Kept]]:
    """Mark every probe of some exercises, in their order; return besides what exercises keep in spite of a mistake."""
    exercises: dict[str, list[Probe]] = {}
    for probe in probes:
        exercises.setdefault(probe.exercise, []).append(probe)
    alone = {exercise: mark(group, key, got) for exercise, group in exercises.items()}
    made = _mistakes_made([found for group in alone.values() for found in group], key, got)
    marks: dict[str, Mark] = {}
    kept: list[Kept] = []
    for exercise, group in exercises.items():
        found = alone[exercise]
        if any(one.reason != PASSED for one in found):
            found = _with_carried(group, found, key, got, made)
            kept += _kept(group, found, key, got)
        marks |= {one.probe: one for one in found}
    return [marks[probe.name] for probe in probes], kept


def exercises_to_ask(probes: list[Probe], key: AnswerKey, got: dict[str, Values]) -> set[str]:
    """Return the other exercises of which a mistake would explain an answer to these probes of one exercise."""
    if not key.allowance.carried:
        return set()
    mine = {name for probe in probes for name in output_names(probe, key.seeds)}
    homes = {
        key.exercises[mistake]
        for mistake, wrong in key.mistakes.items()
        if mistake in key.exercises and any(is_same(wrong[name], got[name]) for name in mine & wrong.keys())
    }
    return homes - {probe.exercise for probe in probes}


def _mistakes_made(marks: list[Mark], key: AnswerKey, got: dict[str, Values]) -> list[str]:
    """Return the mistakes that are named in their own exercise, where at least half of the points are answered just so.

    Not those of which one beside them is never forgiven.
    """
    named = {
        name
        for found in marks
        if key.allowance.carried and all(name in key.exercises for name in found.mistakes)
        for name in found.mistakes
        if key.exercises[name] == found.exercise
    }
    return sorted(name for name in named if _is_likely(name, marks, key, got))


def _is_likely(mistake: str, marks: list[Mark], key: AnswerKey, got: dict[str, Values]) -> bool:
    """Return True if at least half of the points of a mistake's own exercise are answered as with this mistake."""
    own = [found for found in marks if found.exercise == key.exercises[mistake]]
    names = {found.probe: [f"{found.probe}@{number}" for number in range(len(key.seeds))] for found in own}
    alike = [found for found in own if all(_is_given(mistake, name, key, got) for name in names[found.probe])]
    return 2 * sum(found.points for found in alike) >= sum(found.points for found in own)


def _with_carried(
    probes: list[Probe], marks: list[Mark], key: AnswerKey, got: dict[str, Values], made: list[str]
) -> list[Mark]:
    """Return the marks of one exercise, with all points for what is right on top of mistakes made in others."""
    outputs = {probe.name: output_names(probe, key.seeds) for probe in probes}
    values = {name for name, outs in outputs.items() if _are_values(outs, got)}
    given: dict[str, list[str]] = {}
    for mistake in made:
        right = {
            name for name, outs in outputs.items() if all(_is_given(mistake, out, key, got) for out in outs)
        }
        if key.exercises[mistake] != probes[0].exercise:
            for name in right if values and right == outputs.keys() else right & values:
                given.setdefault(name, []).append(mistake)
    failed = [mark for mark in marks if mark.reason in (WRONG, ERROR)]
    carried = {
        mark.probe: _as_carried(mark, given[mark.probe], key) for mark in failed if mark.probe in given
    }
    return [carried.get(mark.probe, mark) for mark in marks]


def _as_carried(mark: Mark, mistakes: list[str], key: AnswerKey) -> Mark:
    """Return the mark of an answer that is right with one of these mistakes, without what was said against it."""
    return Mark(
        mark.probe,
        mark.exercise,
        mark.doc,
        mark.points,
        earned=mark.points,
        reason=CARRIED,
        mistakes=tuple(mistakes),
        hints=tuple(key.hints[mistake] for mistake in mistakes),
        given=key.exercises[mistakes[0]],
    )


def _kept(probes: list[Probe], marks: list[Mark], key: AnswerKey, got: dict[str, Values]) -> list[Kept]:
    """Return what one exercise keeps, if anything: each of its answers must be right with one same mistake of its own."""
    exercise, outputs = probes[0].exercise, {probe.name: output_names(probe, key.seeds) for probe in probes}
    explain = _explanations([name for outs in outputs.values() for name in outs], key, got)
    own = tuple(name for name in explain if key.exercises.get(name) == exercise)
    if not own or any(name not in key.exercises for name in explain):
        return []
    most = sum(mark.points for mark in marks) * key.allowance.kept_percent // 100
    lost = sum(
        mark.points for mark in marks if mark.reason == WRONG and _are_values(outputs[mark.probe], got)
    )
    points = min(most - sum(mark.earned for mark in marks), lost)
    return [Kept(exercise, points, own)] if points > 0 else []


def _explanations(names: list[str], key: AnswerKey, got: dict[str, Values]) -> list[str]:
    """Return the mistakes that give just these answers, right and wrong ones."""
    return [
        mistake
        for mistake, wrong in key.mistakes.items()
        if any(name in wrong for name in names) and all(_is_given(mistake, name, key, got) for name in names)
    ]


def _is_given(mistake: str, output: str, key: AnswerKey, got: dict[str, Values]) -> bool:
    """Return True if an answer is what the reference with this mistake gives."""
    if output not in got:
        return False
    outputs = key.mistakes[mistake]
    wrong = outputs.get(output)
    # A released key has a mistake's answers on the first seed alone, so that on the others nobody can tell.
    if (
        wrong is None
        and f"{output.rpartition('@')[0]}@0" in outputs
        and all(name.endswith("@0") for name in outputs)
    ):
        return True
    return difference(key.want[output], got[output]) is None if wrong is None else is_same(wrong, got[output])


def _are_values(outputs: list[str], got: dict[str, Values]) -> bool:
    """Return True if these answers are all there, and none of them is an error."""
    return all(name in got and not isinstance(got[name], Failure) for name in outputs)
