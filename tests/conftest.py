"""For all tests."""

import os

from tests.support.browser import address, browser  # noqa: F401 (fixtures)

# Else the copies of the course would be graded into the instructor's own gradebook.
os.environ.pop("GRADEBOOK", None)
