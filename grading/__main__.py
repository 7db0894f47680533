"""python -m grading: release, sample, grade and table, for the course in this folder."""

import argparse
import subprocess
import sys
from collections.abc import Callable
from glob import glob
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory

from .assignment import Assignment, assignment_names, load_assignment
from .sample import SampleClass
from .table import differences, rows, text


def release(course: CourseDirectory, assignment: Assignment) -> bool:
    """make the students' folder in exercises/"""
    return _nbgrader("generate_assignment", assignment.name)


def sample(course: CourseDirectory, assignment: Assignment) -> bool:
    """lay a sample class, whose grades are known, in submitted/"""
    released = Path(course.format_path(course.release_directory, ".", assignment.name))
    if not (released / f"{assignment.name}.ipynb").is_file():
        raise ValueError(
            f"{assignment.name!r} is not released yet; run: python -m grading release {assignment.name}"
        )
    the_class = SampleClass(assignment)
    the_class.lay(released, _folders(course, course.submitted_directory, assignment))
    print(f"{len(the_class.works)} students have handed in {assignment.name!r}.")
    return True


def grade(course: CourseDirectory, assignment: Assignment) -> bool:
    """autograde what lies in submitted/, write feedback/ and grades.csv, print the gradebook"""
    graded = _nbgrader("autograde", assignment.name)
    written = not _is_stale(course, assignment) or _nbgrader(
        "generate_feedback", assignment.name, "--log-level=WARN"
    )
    exported = _nbgrader("export", "--log-level=WARN")
    return table(course, assignment) and graded and written and exported


def table(course: CourseDirectory, assignment: Assignment) -> bool:
    """print the gradebook; compare whoever is of the sample class with what is known"""
    with Gradebook(course.db_url, course.course_id) as book:
        found = rows(book, assignment, _folders(course, course.autograded_directory, assignment))
    print(text(assignment, found))
    known = sum(row.student in SampleClass(assignment).works for row in found)
    wrong = differences(assignment, found)
    if known:
        print(f"the sample class: {known - len(wrong)} of {known} as they should be", *wrong, sep="\n")
    return not wrong


VERBS = {"release": release, "sample": sample, "grade": grade, "table": table}


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m grading", description="Grade the course in this folder.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, what in VERBS.items():
        one = verbs.add_parser(verb, help=what.__doc__, description=what.__doc__)
        one.add_argument("assignment", nargs="?", help="default: every assignment")
    chosen = parser.parse_args(arguments)
    app = NbGrader()
    app.initialize([])
    house = Path(app.coursedir.root)
    try:
        names = [chosen.assignment] if chosen.assignment else assignment_names(house)
        done = [VERBS[chosen.verb](app.coursedir, load_assignment(name, house)) for name in names]
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if all(done) else 1


def _folders(course: CourseDirectory, step: str, assignment: Assignment) -> Callable[[str], str]:
    return lambda student: course.format_path(step, student, assignment.name)


def _is_stale(course: CourseDirectory, assignment: Assignment) -> bool:
    """Say whether a feedback page is missing or older than the gradebook, which alone decides what is in it."""
    notebook, page = (
        _folders(course, step, assignment)("*") + f"/{assignment.name}"
        for step in (course.autograded_directory, course.feedback_directory)
    )
    pages = glob(f"{page}.html")
    book = Path(course.db_url.removeprefix("sqlite:///"))  # of another database one cannot see the age
    if not book.is_file() or len(pages) < len(glob(f"{notebook}.ipynb")):
        return True
    return any(Path(page).stat().st_mtime < book.stat().st_mtime for page in pages)


def _nbgrader(*arguments: str) -> bool:
    return subprocess.run([sys.executable, "-m", "nbgrader", *arguments]).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
