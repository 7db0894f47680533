"""What an instructor can do: a function for each verb of `python -m grading`, which returns True if all went well."""

from collections.abc import Callable
from functools import wraps
from glob import glob
from pathlib import Path

from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from grading import record
from grading.assignment import Assignment, assignment_names
from grading.bridge.late import late_penalties
from grading.bridge.one_at_a_time import one_at_a_time
from grading.bridge.opened import open_gradebook
from grading.bridge.penalties import update_penalties
from grading.bridge.roster import look_alikes
from grading.bridge.sample_course import is_sample_course, write_sample
from grading.bridge.steps import export_grades, is_feedback_stale, run_step
from grading.bridge.submitted import submitted
from grading.errors import CourseError
from grading.release.sample_class import SampleClass
from grading.release.scaffold import write_assignment
from grading.reports import export as scores
from grading.reports import form
from grading.reports import reconcile as gradebook
from grading.reports import table as overview
from grading.reports.regrade import regrade as grade_again

Verb = Callable[..., bool]


def for_each(verb: Verb) -> Verb:
    """Make a verb for one assignment one for a list of them, all of which have their turn."""

    @wraps(verb)
    def for_all(course: CourseDirectory, assignments: list[Assignment], **options) -> bool:
        return all([verb(course, assignment, **options) for assignment in assignments])

    return for_all


def default_names(verb: str, course: CourseDirectory) -> list[str]:
    """Return the assignments that a verb is about where none is named. Raises CourseError if there are none."""
    names = assignment_names(Path(course.root))
    if not names:
        raise CourseError(f"{course.root} has no assignment; lay one out with: python -m grading new <name>")
    if verb in ("release", "sample"):
        return names
    if verb in ("grade", "regrade", "similar"):
        found = [name for name in names if glob(course.format_path(course.submitted_directory, "*", name))]
        hint = "nothing has been handed in yet; it belongs in submitted/<student>/<assignment>/"
    else:
        found = [name for name in names if record.record_path(course.root, name).is_file()]
        hint = "nothing is graded yet; run: python -m grading grade"
    if not found:
        raise CourseError(hint)
    return found


def new(root: Path, name: str, module: str | None) -> bool:
    """lay out a new assignment, with a first probe, mistake and alternative"""
    for path in write_assignment(root, name, module):
        print(path.relative_to(root))
    return True


@for_each
def release(course: CourseDirectory, assignment: Assignment) -> bool:
    """make the students' folder in exercises/"""
    done = run_step(GenerateAssignment, course, assignment.name)
    print(f"{assignment.name}: {'released' if done else 'not released'}")
    return done


@for_each
def sample(course: CourseDirectory, assignment: Assignment, whole: bool) -> bool:
    """lay a small sample class, whose grades are known, in a course of its own, _build/sample/"""
    place, size = write_sample(course, assignment, whole)
    print(f"{size} students of a sample class have handed in {assignment.name!r} in {place}")
    return True


def grade(course: CourseDirectory, assignments: list[Assignment]) -> bool:
    """autograde what lies in submitted/, write feedback/ and grades.csv, print the gradebook"""
    names = [assignment.name for assignment in assignments]
    with one_at_a_time(course):
        # One step after the other: grading one assignment makes the gradebook younger than all others' pages.
        graded = [run_step(Autograde, course, name) for name in names]
        stale = [name for name in names if is_feedback_stale(course, name)]
        written = [run_step(GenerateFeedback, course, name) for name in stale]
        export_grades(course)
    return table(course, assignments) and all(graded) and all(written)


@for_each
def table(course: CourseDirectory, assignment: Assignment) -> bool:
    """print the gradebook; that of the sample class is compared with what is known"""
    with open_gradebook(course) as book:
        rows = overview.rows(book, assignment, _folders(course, course.autograded_directory, assignment))
    print(overview.text(assignment, rows))
    if not is_sample_course(course.root):
        return True
    known, wrong = overview.compare(rows, SampleClass(assignment))
    if known:
        print(f"the sample class: {known - len(wrong)} of {known} as they should be", *wrong, sep="\n")
    return not wrong


@for_each
def audit(course: CourseDirectory, assignment: Assignment) -> bool:
    """hold the gradebook against the record of all verdicts; list what does not follow from it"""
    name = assignment.name
    entries, torn = record.read(course.root, name)
    with open_gradebook(course) as book:
        found = gradebook.differences(book, name, record.latest(entries))
        notes = [*torn, *gradebook.by_hand(book, name), *gradebook.contradictions(entries)]
        notes += [
            f"{student}: was taken out of the gradebook"
            for student in sorted(gradebook.removed(book, record.latest(entries)))
        ]
    print(*notes, *found, sep="\n", end="\n" if notes or found else "")
    print(f"{name}: {len(entries)} verdicts, {len(found)} differences between record and gradebook")
    return not found


@for_each
def reconcile(course: CourseDirectory, assignment: Assignment) -> bool:
    """make the gradebook's automatic scores follow from the record alone"""
    entries, torn = record.read(course.root, assignment.name)
    last = record.latest(entries)
    with one_at_a_time(course), open_gradebook(course) as book:
        found = gradebook.differences(book, assignment.name, last)
        gradebook.reconcile(book, assignment.name, last)
        update_penalties(book, late_penalties(course.parent).plugin_inst)
    print(*torn, *found, f"{assignment.name}: {len(found)} differences, all mended", sep="\n")
    return True


@for_each
def regrade(course: CourseDirectory, assignment: Assignment, students: list[str], seed: str) -> bool:
    """grade again what lies in submitted/, changed or not, and say what is different now"""
    with one_at_a_time(course):
        changed, done = grade_again(course, assignment.name, students, seed)
    print(*changed, f"{assignment.name}: {len(changed)} changes", sep="\n")
    return done


@for_each
def report(course: CourseDirectory, assignment: Assignment) -> bool:
    """say how the class did on each probe and which mistakes it made, as text and as a page in reports/"""
    from grading.reports import class_report  # here, since Matplotlib comes along

    entries, _ = record.read(course.root, assignment.name)
    last = {student: entry.verdict for student, entry in record.latest(entries).items()}
    verdicts = list(last.values())
    if not verdicts:
        command = f"python -m grading grade {assignment.name}"
        raise CourseError(f"nothing of {assignment.name!r} is graded yet; run: {command}")
    class_report.write(page := _report(course, f"{assignment.name}.html"), assignment.title, verdicts)
    print(class_report.text(verdicts), *form.lines(last), f"As a page: {page}", sep="\n\n")
    return True


@for_each
def export(course: CourseDirectory, assignment: Assignment, format: str) -> bool:
    """write the scores to reports/ as a file for a learning platform"""
    with open_gradebook(course) as book:
        lines = scores.lines(book, assignment.name)
        for sentence in look_alikes([], book):
            print(sentence)
    path = _report(course, f"{assignment.name}-{format}.csv")
    scores.write(path, scores.FORMATS[format](assignment.name, lines))
    for why in sorted({line.why for line in lines if line.why}):
        print(f"{why}: {', '.join(line.student for line in lines if line.why == why)}")
    print(f"{sum(line.score is not None for line in lines)} of {len(lines)} students have a score: {path}")
    return True


@for_each
def similar(course: CourseDirectory, assignment: Assignment, limit: int) -> bool:
    """list the submissions that are most alike, for a human to look at, and write both codes to a page in reports/"""
    from grading.reports import similarity  # here, since Matplotlib comes along

    course.assignment_id, course.student_id = assignment.name, "*"
    codes, template = similarity.codes(submitted(course), assignment)
    pairs, brief = similarity.alike(codes, template)
    page = _report(course, f"{assignment.name}-similar.html")
    similarity.write(page, f"{assignment.title}: alike", pairs[:limit], codes, template)
    found = [f"{pair.alike:4.0%}  {pair.one}  {pair.other}" for pair in pairs[:limit]]
    print(*found, f"too little to compare: {', '.join(brief) or 'nobody'}", f"As a page: {page}", sep="\n")
    return True


def _folders(course: CourseDirectory, step: str, assignment: Assignment) -> Callable[[str], str]:
    return lambda student: course.format_path(step, student, assignment.name)


def _report(course: CourseDirectory, name: str) -> Path:
    return Path(course.root) / "reports" / name
