"""To ask a mistake only what it can change gives the same key as to ask it everything."""

from pathlib import Path

import pytest
import torch

from check import Probe
from check.load import Lib, load_lib
from check.probe import Failure
from grading import assignment as assignments
from grading.assignment import assignment_names, load_assignment
from grading.key.affected import executed_functions, touched

SEEDS = ["one", "another"]

MODULE = """
import math
from dataclasses import dataclass
HALF = 0.5
def halve(x):
    return x * HALF
def double(x):
    return 2 * x
def both(x):
    return double(halve(x))
class Box:
    def __init__(self, x):
        self.x = x
@dataclass
class Plain:
    x: float
def loud(function):
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
}
MISTAKES = {
    "def double(x):\n    return 3 * x": {"doubled", "both"},
    "from math import floor\nold = halve\ndef halve(x):\n    return floor(old(x))": {"halved", "both"},
    "class Box(Box):\n    def __init__(self, x):\n        super().__init__(-x)": {"boxed"},
    "import math\ndef unused(x):\n    return x": set(),
    "HALF = 0.25": set(PROBES),
    "import cmath as math": set(PROBES),
    "from math import *": set(PROBES),
    "halve.__defaults__ = (1,)": set(PROBES),
    "double = lambda x: x": {"doubled", "both"},
    "class Plain:\n    def __init__(self, x):\n        self.x = -x": set(PROBES),
    "def wrapped(x):\n    return -x": set(PROBES),
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_asked_what_runs_something_it_redefines_and_everything_where_that_is_unclear(
    text, tmp_path
):
    patch = tmp_path / "mistakes" / "toy" / "wrong.py"
    for path, content in {tmp_path / "lib" / "toy.py": MODULE, patch: text}.items():
        path.parent.mkdir(parents=True)
        path.write_text(content)
    probes = [Probe(name, "toy", 1, ask) for name, ask in PROBES.items()]
    reference = load_lib(tmp_path)
    used = executed_functions(probes, SEEDS, reference)
    assert touched(patch, reference, load_lib(tmp_path, patch), used) == MISTAKES[text]


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
    assignment = load_assignment(name)
    key = assignment.key(SEEDS)

    def everything(mistake: Path, reference: Lib, lib: Lib, used: dict[str, set[str]]) -> set[str]:
        return set(used)

    monkeypatch.setattr(assignments, "touched", everything)
    whole = assignment.key(SEEDS)
    assert key.mistakes.keys() == whole.mistakes.keys()
    for mistake, outputs in whole.mistakes.items():
        mine = key.mistakes[mistake]
        assert {probe: plain(mine[probe]) for probe in mine} == {p: plain(outputs[p]) for p in outputs}
