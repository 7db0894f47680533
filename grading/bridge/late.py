"""What lateness costs: three settings of nbgrader_config.py, read by nbgrader's late penalties.

Late time is time that has passed, from one instant to another, both in UTC: nbgrader keeps them so. A clock that
is set forward or back that night, or a student in another time zone, changes nothing.
"""

import math

from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Float, TraitError
from traitlets.config import Configurable

from grading.errors import CourseError

DAY = 24 * 60 * 60  # seconds


class Number(Float):
    """A float that is one: traitlets alone takes True for 1, and lets nan pass every bound."""

    def validate(self, obj, value):
        if isinstance(value, bool) or value != value:
            self.error(obj, value)
        return super().validate(obj, value)


class LatePolicy(LateSubmissionPlugin):
    """nbgrader's late penalties by the day; its own penalty_method "zero" still means no points at all.

    >>> policy = LatePolicy(grace_minutes=15, percent_per_day=10, cap_percent=50)
    >>> policy.late_submission_penalty("anna", score=40, total_seconds_late=25 * 60 * 60)
    8.0
    """

    grace_minutes = Number(
        0, min=0, help="Until then nothing is late; after it, all of the time counts."
    ).tag(config=True)
    percent_per_day = Number(
        0, min=0, max=100, help="Of the points earned, for each day of 24 hours that has begun."
    ).tag(config=True)
    cap_percent = Number(100, min=0, max=100, help="Of the points earned, at most.").tag(config=True)

    def _load_config(self, cfg, section_names=None, traits=None):
        unknown = sorted(set(cfg.get(type(self).__name__, {})) - set(self.trait_names(config=True)))
        if unknown:  # of which nbgrader would only warn
            known = "grace_minutes, percent_per_day and cap_percent"
            raise TraitError(f"LatePolicy has no setting {unknown[0]!r}; it has {known}")
        super()._load_config(cfg, section_names, traits)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """Return the points to take off."""
        if self.penalty_method == "zero":
            return super().late_submission_penalty(student_id, score, total_seconds_late) or 0.0
        if total_seconds_late <= 60 * self.grace_minutes:
            return 0.0
        days = math.ceil(total_seconds_late / DAY)
        return score * min(self.cap_percent, self.percent_per_day * days) / 100


def late_penalties(parent: Configurable) -> AssignLatePenalties:
    """Return nbgrader's step for late penalties, its plugin configured. Raises CourseError for a bad setting."""
    step = AssignLatePenalties(parent=parent)
    try:
        step.init_plugin()
    except TraitError as error:
        raise CourseError(f"nbgrader's configuration: {error}") from error
    return step
