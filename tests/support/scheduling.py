"""Which tests one process of pytest-xdist runs one after the other: those that share what is set up once for them.

pytest-xdist's own groups, by a marker, go into a test's id in a way that pytest 9.2 no longer reads.
"""

import re

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from grading.assignment import assignment_names


class Grouped(LoadScopeScheduling):
    """One process has all tests of an assignment, one all that need the browser, and one all others of a file."""

    def __init__(self, config: pytest.Config, log: Producer | None = None):
        super().__init__(config, log)
        self.assignments = set(assignment_names())

    def _split_scope(self, nodeid: str) -> str:
        file, parameters = nodeid.split("::")[0], re.search(r"\[([^]]*)\]$", nodeid)
        named = self.assignments.intersection(parameters[1].split("-") if parameters else ())
        if named:
            return min(named)
        return "browser" if file.endswith("_in_browser.py") else file
