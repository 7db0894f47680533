"""To ask a mistake only what it can change gives the same key as to ask it everything."""

import random

import pytest
import torch

from check import Probe
from check.load import load_lib
from check.probe import Failure
from grading.assignment import assignment_names, load_assignment
from grading.errors import CourseError
from grading.key import key as keys
from grading.key.affected import affected_probes, run_and_trace
from grading.key.key import answer_key
from tests.support.seeds import fresh_seeds, to_repeat
from tests.support.small_course import small_course

SEEDS = ["one", "another"]

MODULE = """
from dataclasses import dataclass
from functools import wraps
def on_import():
    return 4
TABLE = on_import()
def halve(x):
    return x / 2
def double(x):
    return sum([y for y in (x, x)])
def both(x):
    return double(halve(x))
def never(x):
    return x
class Box:
    def __init__(self, x):
        self.x = x
    def twice(self):
        return sum([2 * x for x in (self.x,)])
class Large(Box):
    pass
@dataclass
class Plain:
    x: float
    def negated(self):
        return -self.x
def loud(function):
    @wraps(function)
    def call(*arguments):
        return function(*arguments)
    return call
@loud
def wrapped(x):
    return x
"""
PROBES = {
    "halved": lambda lib, rng: lib.toy.halve(1.0),
    "doubled": lambda lib, rng: lib.toy.double(1.0),
    "both": lambda lib, rng: lib.toy.both(1.0),
    "boxed": lambda lib, rng: lib.toy.Box(1.0).x,
    "large": lambda lib, rng: lib.toy.Large(1.0).twice(),
    "plain": lambda lib, rng: lib.toy.Plain(1.0).x,
    "wrapped": lambda lib, rng: lib.toy.wrapped(1.0),
    "table": lambda lib, rng: lib.toy.TABLE,
    "fails": lambda lib, rng: lib.toy.halve("x"),
}
AFFECTED = {
    "halve": {"halved", "both", "fails"},
    "double": {"doubled", "both"},
    "both": {"both"},
    "Box": {"boxed", "large"},
    "Box.__init__": {"boxed", "large"},
    "Box.twice": {"large"},
    "Plain": {"plain"},
    "wrapped": {"wrapped"},
    "loud": {"wrapped"},
    # Which nobody runs, so that it may be anything: run on import, as the first, or a class without code of its own.
    "on_import": set(PROBES),
    "never": set(PROBES),
    "Plain.negated": set(PROBES),
    "Large": set(PROBES),
}


@pytest.fixture(scope="module")
def executed(tmp_path_factory) -> dict[str, set[str]]:
    folder = tmp_path_factory.mktemp("toy")
    (folder / "lib").mkdir()
    (folder / "lib" / "toy.py").write_text(MODULE)
    probes = [Probe(name, "toy", 1, ask) for name, ask in PROBES.items()]
    return run_and_trace(probes, load_lib(folder), SEEDS)[1]


@pytest.mark.parametrize("name", AFFECTED)
def test_a_mistake_is_asked_what_runs_a_function_that_it_replaces(name, executed):
    assert affected_probes({f"toy.{name}"}, executed) == AFFECTED[name]


def test_a_mistake_in_two_functions_is_asked_what_runs_either(executed):
    assert affected_probes({"toy.double", "toy.Plain"}, executed) == {"doubled", "both", "plain"}
    assert affected_probes({"toy.double", "toy.never"}, executed) == set(PROBES)


def test_a_function_of_the_same_name_in_another_module_is_another(executed):
    assert affected_probes({"other.double"}, executed) == set(PROBES)
    assert {name for names in executed.values() for name in names if name.endswith(".double")} == {
        "toy.double"
    }


def test_of_a_key_what_the_mistake_gets_right_is_left_out(tmp_path):
    key = answer_key(small_course(tmp_path), SEEDS)
    assert set(key.mistakes["mean"]) == {"total_of_many@0", "total_of_many@1"}
    assert key.hints == {"mean": "You took the mean."}
    assert key.seeds == SEEDS


def test_only_the_mistakes_that_are_named_are_asked(tmp_path):
    key = answer_key(small_course(tmp_path), SEEDS, [])
    assert (key.mistakes, key.hints) == ({}, {})
    assert len(key.want) == 10


def test_a_reference_that_fails_is_a_course_error(tmp_path):
    assignment = small_course(tmp_path)
    (tmp_path / "lib" / "given.py").write_text("def twice(x):\n    return 1 / 0\n")
    with pytest.raises(
        CourseError, match="sums: the reference fails in the probe doubled@0: ZeroDivisionError"
    ):
        answer_key(assignment, SEEDS)


def plain(values) -> list:
    """Return values as something that == compares number by number, NaN with NaN."""
    if isinstance(values, Failure):
        return [values.error, values.message]
    return [
        (case, str(leaf.dtype), tuple(leaf.shape), leaf.nan_to_num(nan=123.5).tolist())
        if isinstance(leaf, torch.Tensor)
        else (case, leaf)
        for case, leaf in values.items()
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", assignment_names())
def test_the_key_is_the_same_as_if_every_mistake_was_asked_everything(name, monkeypatch):
    """Each run takes another third of an assignment's mistakes, since to ask all of them everything takes long."""
    assignment, (seed,) = load_assignment(name), fresh_seeds(1)
    names = random.Random(seed).sample(sorted(assignment.mistakes), len(assignment.mistakes) // 3)
    key = answer_key(assignment, [seed], names)
    monkeypatch.setattr(keys, "affected_probes", lambda changed, executed: set(executed))
    whole = answer_key(assignment, [seed], names)
    assert key.mistakes.keys() == whole.mistakes.keys() == set(names)
    for mistake, outputs in whole.mistakes.items():
        mine = key.mistakes[mistake]
        assert {probe: plain(mine[probe]) for probe in mine} == {
            probe: plain(outputs[probe]) for probe in outputs
        }, to_repeat([seed])
