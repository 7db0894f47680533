"""Grade again, with the seed that the record has or a fresh one, and say what changed."""

from copy import deepcopy

from nbgrader.converters import Autograde, NbGraderException
from nbgrader.coursedir import CourseDirectory

from check import Mark
from grading.bridge.submitted import submitted
from grading.errors import CourseError
from grading.record import Entry, latest, read
from grading.verdict import Verdict


def regrade(
    course: CourseDirectory, assignment: str, students: list[str], seed: str
) -> tuple[list[str], bool]:
    """Grade these students again, or all; return sentences on what changed, and whether all have a grade now.

    seed is "recorded", "fresh" or a seed. Raises CourseError for a student who has handed nothing in.
    """
    course.assignment_id, course.student_id = assignment, "*"
    there = set(submitted(course))
    unknown = sorted(set(students) - there)
    if unknown:
        raise CourseError(f"there is no submission of {assignment!r} by {', '.join(unknown)}")
    before = latest(read(course.root, assignment)[0])
    done = True
    for one_seed, group in _by_seed(set(students) or there, before, seed).items():
        done &= _grade(course, group, there, one_seed)
    after = latest(read(course.root, assignment)[0])
    return [
        text for name in sorted(students or there) for text in changes(before.get(name), after.get(name))
    ], done


def changes(before: Entry | None, after: Entry | None) -> list[str]:
    """Return a sentence for each probe whose mark changed, and for what else is not as it was."""
    if after is None or after == before:
        return []
    if before is None:
        return [f"{after.student}: graded for the first time"]
    old, new, found = before.verdict, after.verdict, []
    if old.submission != new.submission:
        found.append(f"{after.student}: the submission is not the one that was graded before")
    if old.assignment_digest != new.assignment_digest:
        found.append(f"{after.student}: the probes, the reference or the judge are not those of before")
    marks = {mark.probe: mark for mark in old.marks}
    for mark in new.marks:
        was = marks.get(mark.probe)
        if was is None:
            found.append(
                f"{after.student}: {mark.exercise}, {mark.probe}: new, {mark.earned} ({mark.reason})"
            )
        elif (was.earned, was.reason, was.mistakes) != (mark.earned, mark.reason, mark.mistakes):
            found.append(
                f"{after.student}: {mark.exercise}, {mark.probe}: {_describe(was)} before, {_describe(mark)} now"
            )
    return found + [f"{after.student}: {sentence}" for sentence in _changes_of_kept(old, new)]


def _changes_of_kept(old: Verdict, new: Verdict) -> list[str]:
    """Return a sentence for each exercise that keeps other points than before in spite of a known mistake."""
    before, now = ({kept.exercise: kept.points for kept in verdict.kept} for verdict in (old, new))
    return [
        f"{exercise}: {before.get(exercise, 0)} points kept in spite of a known mistake before, "
        f"{now.get(exercise, 0)} now"
        for exercise in dict.fromkeys([*before, *now])
        if before.get(exercise) != now.get(exercise)
    ]


def _describe(mark: Mark) -> str:
    return f"{mark.earned} ({mark.reason}{''.join(f', {name}' for name in mark.mistakes)})"


def _by_seed(students: set[str], before: dict[str, Entry], seed: str) -> dict[str | None, set[str]]:
    """Return the students by the seed they are to be graded with; None draws a fresh one."""
    if seed != "recorded":
        return {None if seed == "fresh" else seed: students}
    groups: dict[str | None, set[str]] = {}
    for student in students:
        groups.setdefault(before[student].verdict.seed if student in before else None, set()).add(student)
    return groups


def _grade(course: CourseDirectory, students: set[str], there: set[str], seed: str | None) -> bool:
    course.student_id_exclude = ",".join(sorted(there - students))
    config = deepcopy(course.parent.config)
    config.Judge.seed = seed
    converter = Autograde(coursedir=course, parent=course.parent, config=config)
    converter.force, converter.create_student = True, True
    try:
        converter.start()
    except NbGraderException:  # it has been logged, student by student
        return False
    finally:
        course.student_id_exclude = ""
    return True
