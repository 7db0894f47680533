"""nbgrader's own steps, in this process and with the configuration that it has read already."""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path

from nbgrader.apps import ExportApp
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory

from .opened import open_gradebook

GRADES = "grades.csv"  # where nbgrader exports to by default


def run_step(step: type[BaseConverter], course: CourseDirectory, assignment: str) -> bool:
    """Run one of nbgrader's converters for everybody; return False if it failed for anyone, which it has logged."""
    course.assignment_id, start, used = assignment, time.monotonic(), sum(os.times()[:4])
    # The others warn of every folder that they write anew.
    with _log_level(course.parent, logging.WARNING if step is Autograde else logging.ERROR):
        try:
            step(coursedir=course, parent=course.parent).start()
        except NbGraderException:
            return False
    wall, processor = time.monotonic() - start, sum(os.times()[:4]) - used  # that of its processes as well
    print(f"{assignment}: {step.__name__} took {wall:.1f} s, {processor:.1f} s of processor time")
    return True


def export_grades(course: CourseDirectory) -> None:
    """Do what `nbgrader export` does, unless it has been done since the gradebook changed."""
    if not is_older_than_gradebook(course, [GRADES]):
        return
    app = ExportApp(config=course.parent.config)
    with _log_level(app, logging.WARNING), open_gradebook(course) as book:
        app.init_plugin()
        app.plugin_inst.export(book)


def is_feedback_stale(course: CourseDirectory, assignment: str) -> bool:
    """Return True if a feedback page is missing or older than the gradebook, which alone decides what is in it."""
    notebook, page = (
        f"{course.format_path(step, '*', assignment)}/{assignment}"
        for step in (course.autograded_directory, course.feedback_directory)
    )
    pages = glob(f"{page}.html")
    return len(pages) < len(glob(f"{notebook}.ipynb")) or is_older_than_gradebook(course, pages)


def is_older_than_gradebook(course: CourseDirectory, files: list[str]) -> bool:
    """Return True if any of these files is missing or older, or if the gradebook is no file whose age one could see."""
    book = Path(course.db_url.removeprefix("sqlite:///"))
    if not book.is_file():
        return True
    changed = book.stat().st_mtime
    return any(not Path(file).is_file() or Path(file).stat().st_mtime < changed for file in files)


@contextmanager
def _log_level(app: NbGrader, level: int) -> Iterator[None]:
    """Leave out what nbgrader says by default below this level, unless another one was asked for."""
    before = app.log.level
    if app.log_level == logging.INFO:
        app.log.setLevel(level)
    try:
        yield
    finally:
        app.log.setLevel(before)
