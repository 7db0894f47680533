"""python -m grading: everything an instructor does, for the course in this folder; --help lists it."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from glob import glob
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory

from grading import record
from grading.assignment import Assignment, assignment_names, load_assignment
from grading.bridge.submitted import submitted
from grading.release.sample_class import SampleClass
from grading.release.scaffold import lay_out
from grading.reports import export as scores
from grading.reports import reconcile as projection
from grading.reports.regrade import regrade as grade_again
from grading.reports.table import differences, rows, text


def new(root: Path, name: str, module: str | None) -> bool:
    """lay out a new assignment, with a first probe, mistake and alternative"""
    for path in lay_out(root, name, module):
        print(path.relative_to(root))
    return True


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
    the_class.write_submissions(released, _folders(course, course.submitted_directory, assignment))
    print(f"{len(the_class.submissions)} students have handed in {assignment.name!r}.")
    return True


def grade(course: CourseDirectory, assignment: Assignment, scheduler: str | None) -> bool:
    """autograde what lies in submitted/, write feedback/ and grades.csv, print the gradebook"""
    if scheduler:
        os.environ["GRADING_SCHEDULER"] = scheduler
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
    known = sum(row.student in SampleClass(assignment).submissions for row in found)
    wrong = differences(assignment, found)
    if known:
        print(f"the sample class: {known - len(wrong)} of {known} as they should be", *wrong, sep="\n")
    return not wrong


def audit(course: CourseDirectory, assignment: Assignment) -> bool:
    """hold the gradebook against the record of all verdicts; list what does not follow from it"""
    entries, torn = record.read(course.root, assignment.name)
    with Gradebook(course.db_url, course.course_id) as book:
        found = projection.differences(book, assignment.name, record.latest(entries))
        notes = [*torn, *projection.by_hand(book, assignment.name), *projection.contradictions(entries)]
    print(*notes, *found, sep="\n", end="\n" if notes or found else "")
    print(
        f"{assignment.name}: {len(entries)} verdicts, {len(found)} differences between record and gradebook"
    )
    return not found


def rebuild(course: CourseDirectory, assignment: Assignment) -> bool:
    """make the gradebook's automatic scores follow from the record alone"""
    entries, torn = record.read(course.root, assignment.name)
    with Gradebook(course.db_url, course.course_id) as book:
        found = projection.differences(book, assignment.name, record.latest(entries))
        projection.project(book, assignment.name, record.latest(entries), course.parent)
    print(*torn, *found, f"{assignment.name}: {len(found)} differences, all mended", sep="\n")
    return True


def regrade(course: CourseDirectory, assignment: Assignment, students: list[str], seed: str) -> bool:
    """grade again what lies in submitted/, changed or not, and say what is different now"""
    changed, done = grade_again(course, assignment.name, students, seed)
    print(*changed, f"{assignment.name}: {len(changed)} changes", sep="\n")
    return done


def report(course: CourseDirectory, assignment: Assignment) -> bool:
    """say how the class did on each probe and which mistakes it made, as text and as a page in reports/"""
    from grading.reports import class_report as of_class  # here, since Matplotlib comes along

    entries, _ = record.read(course.root, assignment.name)
    verdicts = [entry.verdict for entry in record.latest(entries).values()]
    if not verdicts:
        raise ValueError(f"nothing of {assignment.name!r} is graded yet; run: python -m grading grade")
    of_class.write(page := _report(course, f"{assignment.name}.html"), assignment.title, verdicts)
    print(of_class.text(verdicts), f"As a page: {page}", sep="\n\n")
    return True


def export(course: CourseDirectory, assignment: Assignment, format: str) -> bool:
    """write the scores to reports/ as a file for a learning platform"""
    with Gradebook(course.db_url, course.course_id) as book:
        lines = scores.lines(book, assignment.name)
    path = _report(course, f"{assignment.name}-{format}.csv")
    scores.write(path, scores.FORMATS[format](assignment.name, lines))
    for why in sorted({line.why for line in lines if line.why}):
        print(f"{why}: {', '.join(line.student for line in lines if line.why == why)}")
    print(f"{sum(line.score is not None for line in lines)} of {len(lines)} students have a score: {path}")
    return True


def similar(course: CourseDirectory, assignment: Assignment, most: int) -> bool:
    """list the submissions that are most alike, for a human to look at, and write both codes to a page in reports/"""
    from grading.reports import similarity as pairs_of  # here, since Matplotlib comes along

    course.assignment_id, course.student_id = assignment.name, "*"
    codes, template = pairs_of.codes(submitted(course), assignment)
    pairs, brief = pairs_of.alike(codes, template)
    page = _report(course, f"{assignment.name}-similar.html")
    pairs_of.write(page, f"{assignment.title}: alike", pairs[:most], codes, template)
    found = [f"{pair.alike:4.0%}  {pair.one}  {pair.other}" for pair in pairs[:most]]
    print(*found, f"too little to compare: {', '.join(brief) or 'nobody'}", f"As a page: {page}", sep="\n")
    return True


VERBS = {
    verb.__name__: verb
    for verb in (release, sample, grade, table, audit, rebuild, regrade, report, export, similar)
}
OPTIONS = {  # what a verb takes besides the assignment
    "grade": {"--scheduler": {"metavar": "tcp://HOST:PORT", "help": "let this Dask cluster's workers judge"}},
    "regrade": {
        "students": {"nargs": "*", "help": "default: everyone who has handed in"},
        "--seed": {"default": "recorded", "help": "recorded (the default), fresh, or any text"},
    },
    "export": {"--format": {"choices": list(scores.FORMATS), "default": "csv", "help": "default: csv"}},
    "similar": {"--most": {"type": int, "default": 20, "help": "how many pairs; default: 20"}},
}


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return the exit status."""
    options = vars(_parser().parse_args(arguments))
    verb, assignment = options.pop("verb"), options.pop("assignment")
    app = NbGrader()
    app.initialize([])
    root = Path(app.coursedir.root)
    try:
        if verb == "new":
            done = [new(root, assignment, **options)]
        else:
            names = [assignment] if assignment else assignment_names(root)
            done = [VERBS[verb](app.coursedir, load_assignment(name, root), **options) for name in names]
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if all(done) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m grading", description="Grade the course in this folder.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("new", help=new.__doc__, description=new.__doc__)
    one.add_argument("assignment", help="its name: small letters, digits and _")
    one.add_argument(
        "--module", help="the module in lib/ that students write; default: the assignment's name"
    )
    for verb, what in VERBS.items():
        one = verbs.add_parser(verb, help=what.__doc__, description=what.__doc__)
        one.add_argument("assignment", nargs="?", help="default: every assignment")
        for name, option in OPTIONS.get(verb, {}).items():
            one.add_argument(name, **option)
    return parser


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


def _report(course: CourseDirectory, name: str) -> Path:
    return Path(course.root) / "reports" / name


def _nbgrader(*arguments: str) -> bool:
    return subprocess.run([sys.executable, "-m", "nbgrader", *arguments]).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
