"""Name the mistakes that explain what a student got wrong."""

from collections.abc import Iterable
from dataclasses import dataclass

import torch

from .compare import Values, close, difference, is_same
from .probe import Failure, Leaf

Outputs = dict[str, Values]


@dataclass(frozen=True)
class Fit:
    """How a mistake fits what a student got in one exercise."""

    explained: frozenset[str]  # the failed outputs whose values it gives
    agreement: (
        float  # how many of its outputs agree, one in part of its cases in part, less those that do not
    )


def name_mistakes(want: Outputs, got: Outputs, mistakes: dict[str, Outputs]) -> dict[str, tuple[str, ...]]:
    """Return, for each failed output of one exercise, the mistakes that a student seems to have made there.

    want and got map an output's name to its values; mistakes maps a mistake's name to its own such dict,
    which lists only the outputs where it differs from the right answer. The first of these that names any:

    1. The mistakes that give at least half of the wrong cases, or raise the same error; of them, those that agree
       with the student on most of the exercise.
    2. A student may have made several mistakes at once, whose values no single one gives: those that give at least
       a quarter of what they change in the exercise, and change this output too.
    3. If all wrong values have a name by now: for an error, the only mistake that raises one of its type in just
       those outputs where the student's code does.
    """
    failed = {name: _wrong_cases(want[name], got[name]) for name in want if difference(want[name], got[name])}
    fits = {name: _fit(want, got, failed, outputs) for name, outputs in mistakes.items()}
    named = {one: _best(fits, [name for name in fits if one in fits[name].explained]) for one in failed}
    named_once = dict.fromkeys(name for names in named.values() for name in names)
    made = [name for name in named_once if 4 * len(fits[name].explained) >= len(want.keys() & mistakes[name])]
    for one in failed:
        named[one] = named[one] or tuple(name for name in made if _changes(mistakes[name], one, got[one]))
    if all(named[one] for one in failed if not isinstance(got[one], Failure)):
        raising = _raising_alike(got, failed, mistakes)
        named = {one: names or raising.get(one, ()) for one, names in named.items()}
    return named


def _fit(want: Outputs, got: Outputs, failed: dict[str, set[str]], wrong: Outputs) -> Fit:
    shares = {
        name: _share(want[name], got[name], wrong[name], cases)
        for name, cases in failed.items()
        if name in wrong
    }
    explained = frozenset(name for name, share in shares.items() if share >= 0.5)
    against = len((want.keys() - failed.keys()) & wrong.keys())
    # A mistake that more outputs speak against than for gives the same somewhere by coincidence.
    return Fit(
        explained if len(explained) > against else frozenset(),
        sum(shares.values()) - against,
    )


def _best(fits: dict[str, Fit], names: list[str]) -> tuple[str, ...]:
    best = max((fits[name].agreement for name in names), default=0.0)
    return tuple(name for name in names if fits[name].agreement == best)


def _share(want: Values, got: Values, wrong: Values, theirs: set[str]) -> float:
    """Return which share of a student's wrong cases a mistake gives too; 0 where the student is right and it is not."""
    if isinstance(want, Failure) or isinstance(got, Failure) or isinstance(wrong, Failure):
        return float(is_same(wrong, got))
    same = [case for case in theirs if _tell_the_same(wrong.get(case), got.get(case))]
    if not same or all(_is_nothing_but_nan(got.get(case)) for case in theirs):
        return 0.0
    refuted = any(_is_wrong(want, wrong, case) for case in (want.keys() | wrong.keys()) - theirs)
    return 0.0 if refuted else len(same) / len(theirs)


def _wrong_cases(want: Values, got: Values) -> set[str]:
    """Return the cases in which a student is wrong; where there is an error instead of values, none."""
    if isinstance(want, Failure) or isinstance(got, Failure):
        return set()
    return {case for case in want.keys() | got.keys() if _is_wrong(want, got, case)}


def _is_wrong(want: dict[str, Leaf], got: dict[str, Leaf], case: str) -> bool:
    return case not in want or case not in got or difference({"": want[case]}, {"": got[case]}) is not None


def _tell_the_same(one: Leaf, other: Leaf) -> bool:
    """Return True if two wrong values are equal as numbers, to the digits of float32."""
    if not isinstance(one, torch.Tensor) or not isinstance(other, torch.Tensor):
        return difference({"": one}, {"": other}) is None
    if one.shape != other.shape or _differ_at_the_end(one, other):
        return False
    return bool(close(_as_float(one), _as_float(other)).all())


def _differ_at_the_end(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Return True if the last numbers tell two tensors apart, as they mostly do, and much faster than all of them."""
    if not one.numel():
        return False
    last, others = float(one.reshape(-1)[-1]), float(other.reshape(-1)[-1])
    return abs(last - others) > 0.1 * abs(last) + 0.1


def _is_nothing_but_nan(leaf: Leaf | None) -> bool:
    """Return True for what very different mistakes lead to."""
    return isinstance(leaf, torch.Tensor) and bool(leaf.isnan().all())


def _as_float(x: torch.Tensor) -> torch.Tensor:
    return x if x.dtype in (torch.float16, torch.bfloat16) else x.float()


def _changes(wrong: Outputs, name: str, got: Values) -> bool:
    """Return True if a mistake changes an output; where the student has an error, into one of its type."""
    return name in wrong and _error(wrong[name]) == _error(got)


def _error(values: Values) -> str | None:
    return values.error if isinstance(values, Failure) else None


def _raising_alike(
    got: Outputs, failed: Iterable[str], mistakes: dict[str, Outputs]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for error in {_error(got[name]) for name in failed} - {None}:
        where = _where(got, failed, error)
        alike = [name for name, wrong in mistakes.items() if _where(wrong, got, error) == where]
        if len(alike) == 1:
            found |= dict.fromkeys(where, (alike[0],))
    return found


def _where(outputs: Outputs, asked: Iterable[str], error: str | None) -> set[str]:
    """Return which of the outputs asked for ended in an error of this type."""
    return {name for name in asked if name in outputs and _error(outputs[name]) == error}
