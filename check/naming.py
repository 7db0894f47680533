"""Name the mistakes that explain what a student got wrong."""

from collections.abc import Iterable
from dataclasses import dataclass

import torch

from .compare import Values, difference
from .probe import Failure, Leaf

Outputs = dict[str, Values]


@dataclass(frozen=True)
class Fit:
    """How a mistake fits what a student got in one exercise."""

    explained: frozenset[str]  # the failed outputs whose values it gives
    agreement: float  # how many outputs agree, where one that agrees in part of its cases counts in part


def name_mistakes(want: Outputs, got: Outputs, mistakes: dict[str, Outputs]) -> dict[str, tuple[str, ...]]:
    """Return, for each failed output of one exercise, the mistakes that a student seems to have made there.

    want and got map an output's name to its values; mistakes maps a mistake's name to its own such dict,
    which lists only the outputs where it differs from the right answer. A mistake explains an output whose
    wrong values, most of them, it gives too, or whose error it raises too. Among those that explain an output
    the ones are named that agree on most of the exercise. A student may have made several mistakes: one that
    explains another output is named as well where nothing else is, if it changes that output too.
    """
    failed = [name for name in want if difference(want[name], got[name])]
    fits = {name: _fit(want, got, failed, outputs) for name, outputs in mistakes.items()}
    named = {one: _best(fits, [name for name in fits if one in fits[name].explained]) for one in failed}
    alike = _raising_alike(got, failed, mistakes)
    certain = dict.fromkeys(name for names in named.values() for name in names)
    for one in failed:
        if not named[one]:
            named[one] = tuple(name for name in certain if _changes(mistakes[name], one, got[one]))
        if not named[one]:
            named[one] = alike.get(one, ())
    return named


def _fit(want: Outputs, got: Outputs, failed: list[str], wrong: Outputs) -> Fit:
    shares = {name: _share(want[name], got[name], wrong[name]) for name in failed if name in wrong}
    passed = [name for name in want if name not in failed]
    explained = frozenset(name for name, share in shares.items() if share >= 0.5)
    against = sum(name in wrong for name in passed)
    agreement = sum(shares.values()) + len(passed) - against
    # What more outputs speak against than for has only happened to give the same somewhere.
    return Fit(explained if len(explained) > against else frozenset(), agreement)


def _best(fits: dict[str, Fit], names: list[str]) -> tuple[str, ...]:
    best = max((fits[name].agreement for name in names), default=0)
    return tuple(name for name in names if fits[name].agreement == best)


def _share(want: Values, got: Values, wrong: Values) -> float:
    """Return which share of a student's wrong cases a mistake gives too; 0 if one of its own is right there."""
    if isinstance(got, Failure) or isinstance(wrong, Failure):
        return float(_is_same_error(got, wrong))
    if isinstance(want, Failure):
        return float(difference(wrong, got) is None)
    theirs, own = _wrong_cases(want, got), _wrong_cases(want, wrong)
    if not theirs or not own <= theirs:
        return 0.0
    return sum(case in own and _is_same(wrong.get(case), got.get(case)) for case in theirs) / len(theirs)


def _wrong_cases(want: dict[str, Leaf], got: dict[str, Leaf]) -> set[str]:
    return {
        case
        for case in want.keys() | got.keys()
        if case not in want or case not in got or difference({"": want[case]}, {"": got[case]})
    }


def _is_same(one: Leaf, other: Leaf) -> bool:
    """Return True if two wrong values tell of the same mistake: as numbers, and to the digits of float32."""
    return difference({"": _as_float(one)}, {"": _as_float(other)}) is None


def _as_float(leaf: Leaf) -> Leaf:
    narrow = isinstance(leaf, torch.Tensor) and leaf.dtype in (torch.float16, torch.bfloat16)
    return leaf.float() if isinstance(leaf, torch.Tensor) and not narrow else leaf


def _is_same_error(one: Values, other: Values) -> bool:
    if not isinstance(one, Failure) or not isinstance(other, Failure):
        return False
    return (one.error, one.message) == (other.error, other.message)


def _changes(wrong: Outputs, name: str, got: Values) -> bool:
    """Return True if a mistake changes an output, and raises the same kind of error if the student's is one."""
    if not isinstance(got, Failure):
        return isinstance(wrong.get(name, got), dict) and name in wrong
    return _error(wrong.get(name)) == got.error


def _error(values: Values | None) -> str | None:
    return values.error if isinstance(values, Failure) else None


def _raising_alike(
    got: Outputs, failed: list[str], mistakes: dict[str, Outputs]
) -> dict[str, tuple[str, ...]]:
    """Return, for outputs that ended in an error, the only mistake that raises this kind of error in just the same ones."""
    found: dict[str, tuple[str, ...]] = {}
    for error in {_error(got[name]) for name in failed} - {None}:
        where = {name for name in failed if _error(got[name]) == error}
        alike = [name for name, wrong in mistakes.items() if _where(wrong, got, error) == where]
        if len(alike) == 1:
            found |= dict.fromkeys(where, tuple(alike))
    return found


def _where(wrong: Outputs, asked: Iterable[str], error: str | None) -> set[str]:
    return {name for name in asked if name in wrong and _error(wrong[name]) == error}
