"""Compare what a probe returned with what it should have returned."""

import math
from dataclasses import dataclass

import torch

from .probe import Failure, Leaf

Values = dict[str, Leaf] | Failure

# (relative, absolute) by the dtype of the right answer. Two right programs sum in another order, which
# costs a few units in the last place of each term; a hundredfold of that is still far from any mistake.
TOLERANCE = {
    torch.float64: (1e-7, 1e-9),
    torch.float32: (1e-4, 1e-5),
    torch.float16: (1e-2, 4e-3),
    torch.bfloat16: (4e-2, 2e-2),
}


@dataclass(frozen=True)
class Difference:
    """Where a result differs: the case, what kind of difference, and for a student's own eyes the details."""

    case: str
    kind: str
    details: str = ""

    def __str__(self) -> str:
        return f"case {self.case!r}: {self.details or self.kind}"


def difference(want: Values, got: Values) -> Difference | None:
    """Return the first difference between the right values and a student's, or None if they agree."""
    if isinstance(got, Failure) or isinstance(want, Failure):
        same = isinstance(got, Failure) and isinstance(want, Failure) and got.error == want.error
        return None if same else Difference("result", "an error instead of a value")
    for case in want:
        if case not in got:
            return Difference(case, "missing from what came back")
        found = _leaf_difference(case, want[case], got[case])
        if found:
            return found
    extra = sorted(set(got) - set(want))
    return Difference(extra[0], "should not be there") if extra else None


def _leaf_difference(case: str, want: Leaf, got: Leaf) -> Difference | None:
    if isinstance(want, torch.Tensor):
        return _tensor_difference(case, want, got)
    if isinstance(want, float) and isinstance(got, int | float) and not isinstance(got, bool):
        if math.isclose(want, got, rel_tol=1e-4, abs_tol=1e-6):
            return None
        return Difference(case, "another number", f"yours is {got:g}, off by {got - want:g}")
    if type(want) is type(got) and want == got:
        return None
    return Difference(case, "another value", f"yours is {got!r}")


def _tensor_difference(case: str, want: torch.Tensor, got: Leaf) -> Difference | None:
    if not isinstance(got, torch.Tensor):
        return Difference(case, "not a tensor", f"yours is {got!r}, not a tensor")
    if got.shape != want.shape:
        return Difference(
            case, "another shape", f"yours has shape {tuple(got.shape)}, it should be {tuple(want.shape)}"
        )
    if _kind(got) != _kind(want):
        return Difference(case, "another type", f"yours is {got.dtype}, it should be {want.dtype}")
    if got.dtype == want.dtype and torch.equal(got, want):  # by far the most frequent
        return None
    wrong = ~close(want, got)
    if not wrong.any():
        return None
    index = tuple(wrong.nonzero()[0].tolist())
    value, off = got[index].item(), float(got[index]) - float(want[index])
    where = f"at {list(index)} " if index else ""
    share = f"; {int(wrong.sum())} of {wrong.numel()} values differ" if wrong.numel() > 1 else ""
    shown = f"{value:.6g}" if isinstance(value, float) else value
    return Difference(case, "other values", f"{where}yours is {shown}, off by {off:.3g}{share}")


def _kind(x: torch.Tensor) -> str:
    return "float" if x.is_floating_point() else "bool" if x.dtype == torch.bool else "integer"


def close(want: torch.Tensor, got: torch.Tensor) -> torch.Tensor:
    """Return where two tensors of one shape agree, to the tolerance of want's dtype."""
    if not want.is_floating_point():
        return want == got
    relative, absolute = TOLERANCE[want.dtype]
    # Not isclose(want, got): that scales its relative part by the second argument, which is the student's.
    return torch.isclose(got.double(), want.double(), rtol=relative, atol=absolute, equal_nan=True)


def is_same(one: Values, other: Values) -> bool:
    """Return True if both came from the same mistake: an error counts as the same by its message too."""
    if isinstance(one, Failure) and isinstance(other, Failure):
        return (one.error, one.message) == (other.error, other.message)
    return difference(one, other) is None
