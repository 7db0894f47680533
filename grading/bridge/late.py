"""What lateness costs, as a table: late.toml at the top of the course, read by nbgrader's late penalties.

Late time is time that has passed, from one instant to another, both in UTC: nbgrader keeps them so. A clock that
is set forward or back that night, or a student in another time zone, changes nothing.
"""

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Unicode

DAY = 24 * 60 * 60  # seconds


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The fields of late.toml."""

    grace_minutes: float = 0  # up to here nothing is late; beyond, all of the time counts
    percent_per_day: float = 0  # of the points earned, for each day of 24 hours that has begun
    cap_percent: float = 100  # of the points earned, at most

    def __post_init__(self):
        for name, value in vars(self).items():
            most = 100 if "percent" in name else math.inf
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
                raise ValueError(f"late.toml: {name} is {value!r}, it must be a number from 0 to {most:g}")

    def penalty(self, score: float, seconds_late: float) -> float:
        """Return the points that this lateness costs.

        >>> Policy(grace_minutes=15, percent_per_day=10, cap_percent=50).penalty(40, seconds_late=25 * 60 * 60)
        8.0
        """
        if seconds_late <= 60 * self.grace_minutes:
            return 0.0
        days = math.ceil(seconds_late / DAY)
        return score * min(self.cap_percent, self.percent_per_day * days) / 100


def load_policy(path: Path) -> Policy:
    """Read a late.toml; without one nothing is taken off. Raises ValueError that says what is wrong with it."""
    if not path.is_file():
        return Policy()
    try:
        return Policy(**tomllib.loads(path.read_text("utf8")))
    except TypeError as error:
        raise ValueError(f"{path}: {error}; it knows {', '.join(vars(Policy()))}") from error
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} is not TOML: {error}") from error


class LatePolicy(LateSubmissionPlugin):
    """nbgrader's late penalties after late.toml; its own penalty_method "zero" still means no points at all."""

    file = Unicode("late.toml", help="The table to read.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """Return the points to take off."""
        if self.penalty_method == "zero":
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        return load_policy(Path(self.file)).penalty(score, total_seconds_late)
