"""Which mistakes are named for what a student got wrong."""

import math

import torch

from check.naming import name_mistakes
from check.probe import Failure

T = torch.tensor
WANT = {"p": {"x": 1.0}, "q": {"x": 2.0}}
NINE, EIGHT, SEVEN = {"p": {"x": 9.0}}, {"q": {"x": 8.0}}, {"p": {"x": 7.0}}


def error(message: str, kind: str = "RuntimeError") -> Failure:
    return Failure(kind, message, "")


def named(want, got, **mistakes) -> dict:
    return name_mistakes(want, got, mistakes)


def test_of_two_mistakes_that_match_a_probe_the_one_that_fits_the_exercise_is_named():
    mistakes = {"only_p": NINE, "both": NINE | EIGHT}
    assert named(WANT, NINE | EIGHT, **mistakes) == {"p": ("both",), "q": ("both",)}
    assert named(WANT, WANT | NINE, **mistakes) == {"p": ("only_p",)}


def test_of_mistakes_that_fit_equally_well_all_are_named():
    assert named(WANT, WANT | NINE, one=NINE, other=NINE, another=SEVEN) == {"p": ("one", "other")}


def test_no_mistake_is_named_where_none_matches():
    assert named(WANT, WANT | SEVEN, m=NINE) == {"p": ()}
    assert named(WANT, WANT, m=NINE) == {}


def test_a_mistake_that_more_speaks_against_than_for_is_not_named():
    want = WANT | {"r": {"x": 3.0}}
    assert named(want, want | NINE, m=NINE | EIGHT) == {"p": ()}
    assert named(want, want | NINE | EIGHT, m=NINE | EIGHT | {"r": {"x": 4.0}}) == {"p": ("m",), "q": ("m",)}


CASES = {"p": {"a": T([1.0, 2.0]), "b": T([3.0]), "c": T([4.0])}}


def changed(**cases) -> dict:
    return {"p": CASES["p"] | {case: T(numbers) for case, numbers in cases.items()}}


def test_a_mistake_need_not_explain_every_case_but_half_of_those_that_are_wrong():
    mistake = changed(a=[0.0, 5.0])
    assert named(CASES, changed(a=[0.0, 5.0], b=[7.0]), m=mistake) == {"p": ("m",)}
    assert named(CASES, changed(a=[0.0, 5.0], b=[7.0], c=[8.0]), m=mistake) == {"p": ()}


def test_a_mistake_is_not_named_where_the_student_is_right_in_a_case_that_it_gets_wrong():
    assert named(CASES, changed(a=[0.0, 5.0]), m=changed(a=[0.0, 5.0], b=[7.0])) == {"p": ()}


def test_wrong_values_are_compared_as_numbers_and_to_the_digits_of_float32():
    want = {"p": {"x": T([1.0], dtype=torch.float64)}}
    mistake = {"p": {"x": T([3.0], dtype=torch.float64)}}
    assert named(want, {"p": {"x": T([3.00002], dtype=torch.float64)}}, m=mistake) == {"p": ("m",)}
    assert named(want, {"p": {"x": T([3.01], dtype=torch.float64)}}, m=mistake) == {"p": ()}
    mask = {"p": {"x": T([True, False])}}
    assert named(mask, {"p": {"x": T([1, 0])}}, m={"p": {"x": T([1.0, 0.0])}}) == {"p": ("m",)}


def test_nan_alone_names_nothing():
    all_nan, some = changed(a=[math.nan, math.nan]), changed(a=[math.nan, 5.0])
    assert named(CASES, all_nan, m=all_nan) == {"p": ()}
    assert named(CASES, some, m=some) == {"p": ("m",)}


MORE = {name: {"x": 0.0} for name in "pqrstu"}


def test_a_mistake_that_is_made_is_named_too_where_another_one_changes_its_values():
    mistake = {name: {"x": 1.0} for name in "pqr"}
    got = MORE | {"p": {"x": 1.0}, "q": {"x": 1.0}, "r": {"x": 4.0}, "s": {"x": 4.0}}
    assert named(MORE, got, m=mistake) == {"p": ("m",), "q": ("m",), "r": ("m",), "s": ()}


def test_a_mistake_that_gives_one_of_many_values_by_coincidence_is_not_named_for_the_others():
    got = MORE | {name: {"x": 4.0} for name in "qrstu"} | {"p": {"x": 1.0}}
    assert set(named(MORE, got, m={name: {"x": 1.0} for name in "pqrstu"}).values()) == {("m",), ()}


def test_an_error_is_named_by_its_type_and_message():
    mistakes = {"m": {"p": error("sizes 5 and 7")}, "other": {"p": error("no such axis")}}
    assert named(WANT, WANT | {"p": error("sizes 5 and 7")}, **mistakes) == {"p": ("m",)}
    assert named(WANT, {"p": error("sizes 5 and 7"), "q": {"x": 3.0}}, **mistakes) == {"p": ("m",), "q": ()}
    assert named(WANT, WANT | {"p": error("another")}, **mistakes) == {"p": ()}


def test_an_error_in_other_words_is_named_by_the_only_mistake_that_raises_its_type_in_just_these_probes():
    mistakes = {
        "m": {"p": error("None has no ~", "TypeError")},
        "both": {name: error("None", "TypeError") for name in "pq"},
    }
    got = error("got NoneType", "TypeError")
    assert named(WANT, WANT | {"p": got}, **mistakes) == {"p": ("m",)}
    assert named(WANT, {"p": got, "q": got}, **mistakes) == {"p": ("both",), "q": ("both",)}
    assert named(WANT, WANT | {"p": error("x", "KeyError")}, **mistakes) == {"p": ()}
    assert named(WANT, {"p": got, "q": {"x": 5.0}}, **mistakes) == {"p": (), "q": ()}


def test_where_the_reference_raises_the_same_wrong_values_name_a_mistake():
    want = {"p": error("refused", "ValueError")}
    assert named(want, {"p": {"x": 1.0}}, m={"p": {"x": 1.0}}) == {"p": ("m",)}
    assert named(want, {"p": {"x": 2.0}}, m={"p": {"x": 1.0}}) == {"p": ()}
