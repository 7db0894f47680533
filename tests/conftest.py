"""For all tests."""

import os

from reader import address, browser  # noqa: F401 (fixtures)

# Else the copies of the course would be graded into the instructor's own gradebook.
os.environ.pop("GRADEBOOK", None)
