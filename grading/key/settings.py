"""What one known mistake costs, as nbgrader's configuration says, in nbgrader_config.py or on the command line.

A release writes it into the student's folder, so that the check at home counts as grading does.
"""

from typing import Any

from traitlets import Bool, Integer, TraitError
from traitlets.config import LoggingConfigurable

from check.allowance import Allowance
from grading.errors import CourseError


class KnownMistakes(LoggingConfigurable):
    """How far known mistakes are forgiven. Raises CourseError, with a sentence, for a value that cannot be."""

    carried = Bool(
        True,
        help="""Count as right what is right on top of a mistake that is named in another exercise, whose function it
        uses.""",
    ).tag(config=True)
    kept_percent = Integer(
        50,
        min=0,
        max=100,
        help="""Where all that fails in an exercise is one known mistake, it keeps at least so many of its points in a
        hundred, rounded down; 0 means that it keeps what it has earned and no more.""",
    ).tag(config=True)

    def __init__(self, **fields: Any):
        try:
            super().__init__(**fields)
        except TraitError as error:
            raise CourseError(str(error)) from error

    def allowance(self) -> Allowance:
        """Return the settings as plain data."""
        return Allowance(self.carried, self.kept_percent)
