"""A key comes back from bytes as it was, though what a mistake gets right within a probe is not written."""

import json
import math
from copy import deepcopy

import pytest
import torch

from check import AnswerKey
from check.key import JOINED, pack_key, read_key, unpack_key, write_key
from check.probe import Failure

T = torch.tensor
NAN = math.nan
WANT = {"x": T([1.0, 2.0]), "n": 3, "text": "a", "y": T([NAN, 1.0]), "f": 0.5}

# What a mistake returns instead of WANT, and the cases of it that are written.
PARTS = {
    "one tensor": ({**WANT, "x": T([1.0, 9.0])}, ["x", "y"]),
    "one number": ({**WANT, "n": 4}, ["n", "y"]),
    "another dtype": ({**WANT, "x": T([1.0, 2.0], dtype=torch.float64)}, ["x", "y"]),
    "another shape": ({**WANT, "x": T([[1.0, 2.0]])}, ["x", "y"]),
    "a number for a tensor": ({**WANT, "x": 1.0}, ["x", "y"]),
    "a tensor for a number": ({**WANT, "n": T(3)}, ["n", "y"]),
    "an int for a float": ({**WANT, "f": 0}, ["y", "f"]),
    "True for 1": ({**WANT, "n": True}, ["n", "y"]),
    "None for a text": ({**WANT, "text": None}, ["text", "y"]),
    "NaN for a number": ({**WANT, "f": NAN}, ["y", "f"]),
    "no NaN": ({**WANT, "y": T([0.0, 1.0])}, ["y"]),
    "a case too few": ({"x": T([1.0, 2.0]), "n": 3}, ["x", "n"]),
    "a case too many": ({**WANT, "z": 1}, [*WANT, "z"]),
    "another order": (dict(reversed(WANT.items())), ["f", "y", "text", "n", "x"]),
    "no case at all": ({}, []),
    "an error": (Failure("ValueError", "why", "lib/toy.py, line 1"), None),
}


def key_of(want, got) -> AnswerKey:
    # Deeply copied, since no two outputs share a tensor.
    return AnswerKey(["a"], {"p@0": want}, {"wrong": {"p@0": deepcopy(got)}}, {"wrong": "A hint."})


def plain(values):
    """Return values as something that == compares, NaN with NaN and types with types."""
    if isinstance(values, Failure):
        return values
    return [
        (case, leaf.dtype, tuple(leaf.shape), str(leaf.tolist()))
        if isinstance(leaf, torch.Tensor)
        else (case, repr(leaf))
        for case, leaf in values.items()
    ]


@pytest.mark.parametrize("name", PARTS)
def test_what_a_mistake_returns_comes_back_case_by_case(name):
    got, written = PARTS[name]
    data = pack_key(key_of(WANT, got))
    back = unpack_key(data)
    assert plain(back.mistakes["wrong"]["p@0"]) == plain(got)
    assert plain(back.want["p@0"]) == plain(WANT)
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    rest = json.loads(header["__metadata__"]["rest"])
    (entry,) = [values for key, values in rest.items() if key.startswith("0/")]
    assert ([case for case in entry if case != JOINED] if isinstance(entry, dict) else None) == written


def test_where_the_reference_raises_a_mistake_is_written_whole():
    failure = Failure("ValueError", "why", "")
    back = unpack_key(pack_key(key_of(failure, {"x": 1})))
    assert (back.want["p@0"], back.mistakes["wrong"]["p@0"]) == (failure, {"x": 1})


def test_the_rest_of_a_key_comes_back_in_its_order(tmp_path):
    want = {f"{probe}@{i}": {"x": i} for probe in ("q", "p") for i in (0, 1)}
    mistakes = {"z": {"p@1": {"x": 7}}, "harmless": {}, "a": {"q@0": {"x": 8}, "p@0": {"x": 9}}}
    key = AnswerKey(["s", "t"], want, mistakes, {name: f"Hint {name}." for name in mistakes})
    write_key(tmp_path / "key", key)
    back = read_key(tmp_path / "key")
    assert back == key
    assert [list(part) for part in (back.want, back.mistakes, back.hints)] == [
        list(part) for part in (key.want, key.mistakes, key.hints)
    ]


def test_what_is_right_is_not_written_again():
    large = {"right": torch.zeros(10_000), "wrong": T(1.0)}
    mistakes = {f"m{i}": {"p@0": deepcopy({**large, "wrong": T(float(i))})} for i in range(2, 12)}
    data = pack_key(AnswerKey(["a"], {"p@0": large}, mistakes, dict.fromkeys(mistakes, "A hint.")))
    assert len(data) < 1.2 * 4 * 10_000


def test_tensors_of_one_output_are_written_as_one_and_come_back_with_their_shapes():
    want = {f"case {i}": torch.zeros(2, i) for i in range(20)} | {"ids": T([1, 2]), "told": JOINED}
    got = {case: leaf + 1 for case, leaf in want.items() if case != "told"} | {"told": "other"}
    data = pack_key(key_of(want, got))
    assert plain(unpack_key(data).mistakes["wrong"]["p@0"]) == plain(got)
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    assert len(header) == 1 + 21 + 2  # what stands beside tensors, what is right, and a mistake's two kinds
