"""What a known mistake costs: part of its own exercise, nothing of those that use its function, and no work's is free."""

from dataclasses import replace

import pytest

from check import AnswerKey, Probe
from check.allowance import NOTHING, Allowance, Kept
from check.mark import CARRIED, ERROR, MISSING, PASSED, WRONG
from check.once import exercises_to_ask, mark_exercises
from check.probe import Failure

RAISES = Failure("TypeError", "no mask", "")
POINTS = {"first": {"a": 3, "b": 2}, "second": {"c": 2, "d": 1, "e": 2}}
PROBES = [
    Probe(name, exercise, points, print) for exercise, of in POINTS.items() for name, points in of.items()
]
WANT = {f"{probe.name}@{seed}": {"x": 10.0 + seed} for probe in PROBES for seed in (0, 1)}


def answers(value, *names: str) -> dict:
    """Return this answer to these probes on both seeds."""
    return {
        f"{name}@{seed}": value if isinstance(value, Failure) else {"x": value + seed}
        for name in names
        for seed in (0, 1)
    }


MISTAKES = {
    "all_wrong": answers(1.0, "a", "b", "c", "d", "e"),
    "a_alone": answers(2.0, "a"),
    "raised": answers(RAISES, "b", "c", "d"),
    "raised_everywhere": answers(Failure("KeyError", "k", ""), "a", "c", "d", "e"),
    "no_work": answers(3.0, "a", "b", "c", "d", "e"),
    "in_second": answers(4.0, "c", "d", "e"),
    "raised_in_second": answers(RAISES, "c", "e") | answers(5.0, "d"),
}
OF_SECOND = ("in_second", "raised_in_second")
KEY = AnswerKey(
    ["s", "t"],
    WANT,
    MISTAKES,
    {name: f"Hint of {name}." for name in MISTAKES},
    {name: "second" if name in OF_SECOND else "first" for name in MISTAKES if name != "no_work"},
    Allowance(),
)


def points(got: dict, key: AnswerKey = KEY) -> dict[str, int]:
    """Return what each exercise earns for these answers in place of the right ones."""
    marks, kept = mark_exercises(PROBES, key, WANT | got)
    earned = {exercise: sum(m.earned for m in marks if m.exercise == exercise) for exercise in POINTS}
    return {
        exercise: earned[exercise] + sum(k.points for k in kept if k.exercise == exercise)
        for exercise in POINTS
    }


def reasons(got: dict) -> list[str]:
    return [mark.reason for mark in mark_exercises(PROBES, KEY, WANT | got)[0]]


def test_one_mistake_keeps_half_of_its_exercise_and_costs_nothing_in_the_next():
    assert points(MISTAKES["all_wrong"]) == {"first": 2, "second": 5}
    assert reasons(MISTAKES["all_wrong"]) == [WRONG, WRONG, CARRIED, CARRIED, CARRIED]
    assert mark_exercises(PROBES, KEY, WANT | MISTAKES["all_wrong"])[1] == [Kept("first", 2, ("all_wrong",))]


def test_a_carried_mark_names_the_mistake_and_the_exercise_where_it_is():
    found = mark_exercises(PROBES, KEY, WANT | MISTAKES["raised"])[0][2]
    assert (found.reason, found.given, found.mistakes, found.hints) == (
        CARRIED,
        "first",
        ("raised",),
        ("Hint of raised.",),
    )
    assert (found.earned, found.error, found.difference) == (2, "", None)


def test_a_mistake_that_costs_less_than_half_costs_what_it_did():
    assert points(MISTAKES["in_second"]) == {"first": 5, "second": 2}  # half of 5, rounded down
    key = replace(KEY, allowance=Allowance(kept_percent=20))
    assert points(MISTAKES["a_alone"], key) == {"first": 2, "second": 5}
    assert points(MISTAKES["in_second"], key) == {"first": 5, "second": 1}


def test_it_can_be_switched_off_as_a_whole_and_in_part():
    for allowance, wanted in {
        NOTHING: {"first": 0, "second": 0},
        Allowance(carried=False): {"first": 2, "second": 0},
        Allowance(kept_percent=0): {"first": 0, "second": 5},
        Allowance(kept_percent=100): {"first": 5, "second": 5},
    }.items():
        assert points(MISTAKES["all_wrong"], replace(KEY, allowance=allowance)) == wanted


def test_a_mistake_that_is_never_forgiven_costs_all_that_it_fails():
    assert points(MISTAKES["no_work"]) == {"first": 0, "second": 0}


def test_a_mistake_that_gives_what_one_never_forgiven_gives_is_not_forgiven_either():
    mistakes = {**MISTAKES, "alike": MISTAKES["no_work"]}
    key = replace(
        KEY,
        mistakes=mistakes,
        hints={**KEY.hints, "alike": "H."},
        exercises={**KEY.exercises, "alike": "first"},
    )
    assert points(MISTAKES["no_work"], key) == {"first": 0, "second": 0}


def test_a_mistake_beside_another_fault_keeps_nothing_but_is_carried_still():
    got = MISTAKES["all_wrong"] | answers(7.0, "b", "e")
    assert points(got) == {"first": 0, "second": 3}
    assert reasons(got) == [WRONG, WRONG, CARRIED, CARRIED, WRONG]


def test_nothing_is_carried_from_a_mistake_that_was_not_made():
    wrong_in_second = {
        name: MISTAKES["all_wrong"][name] for name in MISTAKES["all_wrong"] if name[0] in "cde"
    }
    assert points(wrong_in_second) == {"first": 5, "second": 0}
    assert points(wrong_in_second | answers(7.0, "a", "b")) == {"first": 0, "second": 0}
    assert points(wrong_in_second | MISTAKES["a_alone"]) == {"first": 2, "second": 0}


def test_an_answer_must_be_the_mistakes_on_every_seed():
    got = MISTAKES["all_wrong"] | {"c@1": {"x": 7.0}}
    assert points(got) == {"first": 2, "second": 3}
    assert points(MISTAKES["all_wrong"] | {"a@1": WANT["a@1"]})["first"] == 0


def test_an_answer_that_never_came_brings_nothing_back():
    got = WANT | MISTAKES["all_wrong"]
    del got["b@0"], got["d@0"]
    marks, kept = mark_exercises(PROBES, KEY, got)
    assert [(m.reason, m.earned) for m in marks][1:4] == [(MISSING, 0), (CARRIED, 2), (MISSING, 0)]
    assert kept == []


def test_a_carried_error_counts_only_where_the_rest_of_the_exercise_shows_the_work():
    assert reasons(MISTAKES["raised"]) == [PASSED, ERROR, CARRIED, CARRIED, PASSED]
    assert points(MISTAKES["raised"]) == {"first": 3, "second": 5}
    assert points(MISTAKES["raised"] | answers(7.0, "e")) == {"first": 3, "second": 0}
    assert points(MISTAKES["raised"] | answers(RAISES, "e")) == {"first": 3, "second": 0}
    assert points(MISTAKES["raised_everywhere"]) == {"first": 2, "second": 0}


def test_errors_keep_nothing_in_their_own_exercise():
    assert points(MISTAKES["raised_in_second"]) == {"first": 5, "second": 1}  # of d, whose answer is a value


def test_a_stub_earns_nothing_whatever_is_wrong_in_the_other_exercise():
    stub = Failure("NotImplementedError", "write it", "")
    for wrong in MISTAKES.values():
        assert points(wrong | answers(stub, "c", "d", "e"))["second"] == 0
    assert points(answers(stub, *"abcde")) == {"first": 0, "second": 0}


@pytest.mark.parametrize(
    ("got", "others"),
    [
        ({}, set()),
        (MISTAKES["all_wrong"], {"first"}),
        (MISTAKES["no_work"], set()),
        (MISTAKES["in_second"], set()),
        (answers(7.0, "c", "d", "e"), set()),
    ],
)
def test_other_exercises_are_asked_only_where_their_mistake_would_explain_something(got, others):
    second = [probe for probe in PROBES if probe.exercise == "second"]
    mine = {name: (WANT | got)[name] for name in WANT if name[0] in "cde"}
    assert exercises_to_ask(second, KEY, mine) == others
    assert exercises_to_ask(second, replace(KEY, allowance=NOTHING), mine) == set()
