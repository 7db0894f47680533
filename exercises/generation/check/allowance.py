"""What one known mistake may cost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Allowance:
    """How far a known mistake is forgiven; with carried False and 0 percent not at all.

    carried: what is right on top of a mistake in another exercise counts as right.
    kept_percent: an exercise in which all that fails is one known mistake keeps so many of its points in a hundred,
    rounded down to whole points.
    """

    carried: bool = True
    kept_percent: int = 50


USUAL, NOTHING = Allowance(), Allowance(carried=False, kept_percent=0)


@dataclass(frozen=True)
class Kept:
    """The points that an exercise keeps beyond those of its probes, and the mistakes that explain all that fails."""

    exercise: str
    points: int
    mistakes: tuple[str, ...]
