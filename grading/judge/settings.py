"""How a batch is judged, as nbgrader's own configuration says: in nbgrader_config.py, say `c.Judge.workers = 4`, or
for one run on the command line, as `--Judge.workers=4`.
"""

import os
import secrets
from typing import Any

from traitlets import Bool, Integer, TraitError, Unicode
from traitlets.config import LoggingConfigurable

from check.allowance import Allowance
from grading.errors import CourseError
from grading.key.settings import KnownMistakes


class Judge(LoggingConfigurable):
    """The settings of the judge. Raises CourseError, with a sentence, for a value that cannot be."""

    seed = Unicode(
        None,
        allow_none=True,
        help="""Draw the inputs of all probes from this seed, to repeat a grading: verdict.json has its seed. Without
        it every batch draws a secret one.""",
    ).tag(config=True)
    workers = Integer(
        0, min=0, help="So many processes of this machine judge; 0 means one for each processor."
    ).tag(config=True)
    scheduler = Unicode(
        "",
        help="""The address of a Dask scheduler, such as tcp://10.0.0.1:8786, whose workers judge instead. They must
        see the course at the same path.""",
    ).tag(config=True)
    allow_unsandboxed = Bool(
        False,
        help="""Judge even where bubblewrap cannot shut a submission in. It then runs as you, and sees and can change
        every file that you can. For a machine with nothing to lose, such as a throw-away container.""",
    ).tag(config=True)

    def __init__(self, **fields: Any):
        try:
            super().__init__(**fields)
        except TraitError as error:
            raise CourseError(str(error)) from error

    def seed_or_fresh(self) -> str:
        """Return the seed that is set, or a new secret one."""
        return secrets.token_hex(16) if self.seed is None else self.seed

    def allowance(self) -> Allowance:
        """Return what a known mistake is forgiven."""
        return KnownMistakes(parent=self).allowance()

    def processes(self) -> int:
        """Return how many processes of this machine judge at once."""
        return self.workers or len(os.sched_getaffinity(0))
