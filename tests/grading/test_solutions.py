"""The grader, graded: reference 100 %, stub 0 %, alternatives 100 %, every mistake caught and named.

Each test holds one claim for a whole assignment and lists all that is not so.
"""

from functools import cache

from check import run_probes
from check.compare import difference
from check.key import output_names
from check.load import load_lib
from check.probe import Failure
from tests.support.assignments import each_assignment, load, mistakes_of, stub
from tests.support.invariants import (
    LOST,
    MISNAMED,
    OTHER_COST,
    OTHER_POINTS,
    UNCAUGHT,
    Finding,
    Usual,
    findings,
)
from tests.support.planting import Planting
from tests.support.seeds import fresh_seeds, to_repeat

FRESH = fresh_seeds(3)
FIXED = [f"fixed-{number}" for number in range(5)]
MISTAKES = range(6, 17)  # an exercise has so many: more than ten only where public programs make more
KEY_BYTES = 300_000

usual = cache(lambda name: Usual.of(load(name)))
planting = cache(lambda name: Planting(load(name), FRESH[0]))


@cache
def found(name: str) -> list[Finding]:
    return findings(load(name), FRESH, usual(name))


def sentences(name: str, kind: str) -> list[str]:
    of_kind = [one for one in found(name) if one.kind == kind]
    return [f"{one.name}: {one.sentence}; {to_repeat([one.seed])}" for one in of_kind]


@each_assignment
def test_every_program_is_judged_as_it_should_be(assignment):
    """The reference and every alternative earn every point. Every mistake is caught, loses the same probes on every seed,
    is named as itself and as others only where they give the same, and costs what the rule says.

    One test asks all of this, since the gradings that it looks at take half a minute.
    """
    kinds = (LOST, UNCAUGHT, OTHER_POINTS, MISNAMED, OTHER_COST)
    assert {kind: sentences(assignment, kind) for kind in kinds} == dict.fromkeys(kinds, [])


@each_assignment
def test_a_function_without_work_is_forgiven_nothing(assignment):
    assert planting(assignment).for_nothing() == [], to_repeat(FRESH[:1])


@each_assignment
def test_no_fault_costs_less_beside_a_mistake_that_is_planted_in_another_exercise(assignment):
    assert planting(assignment).by_planting() == [], to_repeat(FRESH[:1])


@each_assignment
def test_the_stub_earns_nothing_and_says_so(assignment):
    got = run_probes(load(assignment).probes, stub(assignment), FRESH[:1])
    answered = {
        name: values
        for name, values in got.items()
        if not (isinstance(values, Failure) and values.error == "NotImplementedError")
    }
    assert answered == {}


@each_assignment
def test_a_probe_returns_other_values_on_every_seed(assignment):
    a = load(assignment)
    got, repeated = run_probes(a.probes, load_lib(a.root, names=a.modules), FIXED), []
    for probe in a.probes:
        names = output_names(probe, FIXED)
        pairs = [(one, other) for i, one in enumerate(names) for other in names[:i]]
        if any(not difference(got[one], got[other]) for one, other in pairs):
            repeated.append(f"{probe.name} returns the same on two of {FIXED}")
    assert repeated == []


@each_assignment
def test_every_probe_is_failed_by_some_mistake(assignment):
    failed = set().union(*usual(assignment).lost.values())
    assert [probe.name for probe in load(assignment).probes if probe.name not in failed] == []


@each_assignment
def test_a_hint_is_a_sentence_and_no_other_exercises(assignment):
    hints = {name: mistake.hint for name, mistake in load(assignment).mistakes.items()}
    wrong = [
        f"{name}: {hint!r} is no sentence"
        for name, hint in hints.items()
        if len(hint) <= 40 or not hint[0].isupper() or not hint.endswith((".", "?"))
    ]
    rooms = load(assignment).exercise_of_mistake
    told = {hint: {rooms[name] for name in hints if hints[name] == hint} for hint in hints.values()}
    wrong += [f"{hint!r} is told in {sorted(found)}" for hint, found in told.items() if len(found) > 1]
    assert wrong == []


def first_lost(name: str, mistake: str) -> str | None:
    """Return the first exercise of which a mistake loses points."""
    lost = usual(name).lost[mistake]
    exercises = load(name).exercises.items()
    return next((exercise for exercise, probes in exercises if lost & {p.name for p in probes}), None)


@each_assignment
def test_an_exercise_has_six_to_sixteen_mistakes_of_its_own(assignment):
    wrong = []
    for exercise in load(assignment).exercises:
        found = mistakes_of(assignment, exercise)
        names, hints = [one.name for one in found], {one.hint for one in found}
        if len(hints) not in MISTAKES:
            wrong.append(f"{exercise} has {len(hints)} mistakes, each with a hint of its own")
        wrong += [
            f"{name} lies in {exercise}, but first loses points of {first_lost(assignment, name)}"
            for name in names
            if first_lost(assignment, name) != exercise
        ]
    assert wrong == []


@each_assignment
def test_an_exercise_has_at_least_two_alternatives_which_its_probes_run(assignment):
    a, wrong = load(assignment), []
    for exercise in a.exercises:
        names = [path.stem for path in a.folder.glob(f"{exercise}/alternatives/*.py")]
        if len(names) < 2:
            wrong.append(f"{exercise} has {len(names)} alternatives")
        asked = {name: {probe.exercise for probe in usual(assignment).asked[name]} for name in names}
        wrong += [f"{name}: no probe of {exercise} runs it" for name in names if exercise not in asked[name]]
    assert wrong == []


@each_assignment
def test_names_are_unique(assignment):
    a = load(assignment)
    alternatives = [path.stem for path in a.folder.glob("*/alternatives/*.py")]
    names = [*a.exercises, *(probe.name for probe in a.probes)]
    several = [name for kind in (names, alternatives, [*a.mistakes]) for name in kind if kind.count(name) > 1]
    assert several == []


@each_assignment
def test_the_released_answer_key_is_small(assignment):
    path = load(assignment).root / "exercises" / assignment / "expected.safetensors"
    assert path.stat().st_size <= KEY_BYTES
