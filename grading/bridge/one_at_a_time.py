"""One command at a time changes a course: two gradings at once would take each other's scores away."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from nbgrader.coursedir import CourseDirectory

LOCK = ".grading.lock"


@contextmanager
def one_at_a_time(course: CourseDirectory) -> Iterator[None]:
    """Hold the course's lock, which the system takes back when a process ends; wait for it, and say so.

    A command that holds it can take it again.
    """
    path = Path(course.root).resolve() / LOCK
    # There is nothing in the file, and all who may grade here, as root or not, must be able to open it.
    lock = FileLock(path, mode=0o666, is_singleton=True, preserve_lock_file=True)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print("Another command is changing this course; waiting for it to end.", file=sys.stderr)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
