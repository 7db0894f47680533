"""When values agree, and what is said where they differ."""

import math

import pytest
import torch

from check.compare import TOLERANCE, difference
from check.probe import Failure

T = torch.tensor


@pytest.mark.parametrize(
    ("want", "got"),
    [
        (T([1.0, math.nan, math.inf]), T([1.0, math.nan, math.inf])),
        (T([1.0]), T([1.0 + 5e-5])),
        (T([1.0]), T([1.0], dtype=torch.float64)),
        (T([1, 2]), T([1, 2], dtype=torch.int32)),
        (T([]), T([])),
        (0.5, 0.5 + 1e-7),
        (2.0, 2),
        ("ValueError", "ValueError"),
        (None, None),
        (True, True),
    ],
)
def test_values_that_agree(want, got):
    assert difference({"x": want}, {"x": got}) is None


@pytest.mark.parametrize(
    ("want", "got", "said"),
    [
        (T([[1.0, 2.0]]), T([1.0, 2.0]), "yours has shape (2,), it should be (1, 2)"),
        (T([1.0]), T([1]), "yours is torch.int64, it should be torch.float32"),
        (T([True]), T([1]), "yours is torch.int64, it should be torch.bool"),
        (T([1, 2]), T([1, 3]), "at [1] yours is 3, off by 1; 1 of 2 values differ"),
        (T([True]), T([False]), "at [0] yours is False, off by -1"),
        (T(1.0), T(1.5), "yours is 1.5, off by 0.5"),
        (T([1.0, 2.0]), T([1.0, math.nan]), "at [1] yours is nan, off by nan; 1 of 2 values differ"),
        (T([math.inf]), T([-math.inf]), "at [0] yours is -inf, off by -inf"),
        (T([math.nan]), T([0.0]), "at [0] yours is 0, off by nan"),
        (T([1.0]), 1.0, "yours is 1.0, not a tensor"),
        (T([1.0]), None, "yours is None, not a tensor"),
        (0.5, 0.6, "yours is 0.6, off by 0.1"),
        (0.5, math.nan, "yours is nan, off by nan"),
        (1.0, True, "yours is True"),
        (1, 2, "yours is 2"),
        (1, 1.0, "yours is 1.0"),
        (1, True, "yours is True"),
        ("a", "b", "yours is 'b'"),
        (1, T([1]), "yours is tensor([1])"),
    ],
)
def test_values_that_differ_and_what_is_said(want, got, said):
    assert str(difference({"x": want}, {"x": got})) == f"case 'x': {said}"


def test_a_case_too_few_or_too_many_differs():
    assert str(difference({"x": 1}, {})) == "case 'x': missing from what came back"
    assert str(difference({}, {"x": 1})) == "case 'x': should not be there"


def test_an_error_agrees_only_with_the_same_error():
    wrong = Failure("ValueError", "", "")
    assert difference({"x": 1}, wrong).kind == "an error instead of a value"
    assert difference(wrong, {"x": 1}) is not None
    assert difference(wrong, Failure("KeyError", "", "")) is not None
    assert difference(wrong, Failure("ValueError", "another message", "")) is None


@pytest.mark.parametrize("dtype", TOLERANCE)
def test_a_tolerance_is_that_of_the_right_answers_dtype(dtype):
    relative, absolute = TOLERANCE[dtype]
    allowed = absolute + relative
    want = torch.ones(1, dtype=dtype)
    assert difference({"x": want}, {"x": torch.tensor([1 + 0.9 * allowed], dtype=torch.float64)}) is None
    assert difference({"x": want}, {"x": torch.tensor([1 + 1.1 * allowed], dtype=torch.float64)})


def test_a_large_wrong_value_widens_no_tolerance():
    assert difference({"x": T([0.0])}, {"x": T([1e9])})
