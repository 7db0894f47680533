"""The sample class is graded in a course of its own, so that gradebook, submissions and exports hold students alone.

It lies in _build/sample/ of the course: the assignments are the course's own, all else is its own. Every command works
there as it does in the course.
"""

import os
import shutil
from collections.abc import Collection
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveCells

from grading.assignment import Assignment
from grading.errors import NotReleased
from grading.release.render import render
from grading.release.sample_class import SampleClass

PLACE = Path("_build/sample")
SHARED = ("solutions", "exercises", "lib", "check")
COURSE = "sample"  # its name, under which nothing of it could get into the exchange of the course


def is_sample_course(root: Path | str) -> bool:
    """Return True for the folder of a sample class."""
    return Path(root).resolve().parts[-len(PLACE.parts) :] == PLACE.parts


def write_sample(course: CourseDirectory, assignment: Assignment, whole: bool) -> tuple[Path, int]:
    """Write the sample class of an assignment in place of an older one; return where, and how many there are.

    Raises NotReleased without a release, of which the class is made.
    """
    name = assignment.name
    released = Path(course.format_path(course.release_directory, ".", name))
    if not (released / f"{name}.ipynb").is_file():
        raise NotReleased(f"{name!r} is not released yet; run: python -m grading release {name}")
    place = Path(course.root).resolve() / PLACE
    _write_course(place)
    the_class = SampleClass(assignment)
    students = list(the_class.submissions) if whole else the_class.small
    _forget_others(place, name, students)
    _enter_cells(place, name, released / f"{name}.ipynb")
    the_class.write_submissions(released, lambda student: f"{place}/submitted/{student}/{name}", students)
    return place, len(students)


def _write_course(place: Path) -> None:
    """Make the folder of a course whose assignments are links to those of the course around it."""
    place.mkdir(parents=True, exist_ok=True)
    for shared in SHARED:
        if not (place / shared).is_symlink():
            (place / shared).symlink_to(os.path.join(*[os.pardir] * len(PLACE.parts), shared))
    (place / "nbgrader_config.py").write_text(render("sample_config.py.jinja", name=COURSE), "utf8")


def _book(place: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{place / 'gradebook.db'}", COURSE)


def _forget_others(place: Path, name: str, students: Collection[str]) -> None:
    """Remove the work and the scores of whoever was of an earlier class, and is not of this one."""
    others = {path.parent.name for path in (place / "submitted").glob(f"*/{name}")} - set(students)
    with _book(place) as book:
        book.update_or_create_assignment(name)
        known = {row.student.id for row in book.assignment_submissions(name)}
        for student in others:
            for step in ("submitted", "autograded", "feedback"):
                shutil.rmtree(place / step / student / name, ignore_errors=True)
            if student in known:
                book.remove_submission(name, student)


def _enter_cells(place: Path, name: str, notebook: Path) -> None:
    """Enter the released notebook's cells into the gradebook, as nbgrader's release does.

    If it has other cells now than those to which the class's scores belong, the scores go.
    """
    cells = nbformat.read(notebook, as_version=4)
    about = {"notebook": name, "assignment": name, "db_url": f"sqlite:///{place / 'gradebook.db'}"}
    try:
        SaveCells().preprocess(cells, {"nbgrader": about})
    except RuntimeError:  # as nbgrader says it
        with _book(place) as book:
            book.remove_assignment(name)
            book.add_assignment(name)
        SaveCells().preprocess(cells, {"nbgrader": about})
