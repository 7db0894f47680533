"""Which tests one process of pytest-xdist runs one after the other: those of an assignment, which share its gradings."""

import re

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from grading.assignment import assignment_names


class ByAssignment(LoadScopeScheduling):
    """Hand out tests one by one, but all that have an assignment as their parameter to one process."""

    def __init__(self, config: pytest.Config, log: Producer | None = None):
        super().__init__(config, log)
        self.names = set(assignment_names())

    def _split_scope(self, nodeid: str) -> str:
        parameter = re.search(r"\[([^]]*)\]$", nodeid)
        return parameter[1] if parameter and parameter[1] in self.names else nodeid
