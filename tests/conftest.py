"""For all tests."""

import os

os.environ.pop(
    "GRADEBOOK", None
)  # else the copies of the course would be graded into the instructor's own gradebook
