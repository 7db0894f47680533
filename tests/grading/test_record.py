"""The record of verdicts: it is only appended to, and the gradebook follows from it."""

import json
import shutil
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from check.mark import Mark
from grading.record import Entry, append, latest, read, record_path
from grading.reports.reconcile import contradictions
from grading.reports.regrade import changes
from grading.verdict import GRADER_ERROR, Verdict
from tests.support.course_copy import NAME, ROOT, copy_course, run, succeed
from tests.support.spoilt import FULL

WRONG = "\ndef causal_mask(T, S=None):\n    return torch.ones(T, S or T).bool()\n"
DUE, LATE = datetime(2026, 1, 1), datetime(2026, 1, 2, 3)


def verdict(earned: int = 2, **fields) -> Verdict:
    mark = Mark("causal", "masks", "No look ahead.", 2, earned, "passed" if earned else "wrong")
    about = {
        "assignment": NAME,
        "submission": "s",
        "assignment_digest": "k",
        "seed": "7",
        "sandbox": "bubblewrap",
    }
    return Verdict(**{**about, "notes": ("é, “quoted”",), "marks": (mark,), **fields})


def test_what_is_appended_is_read_again_in_order(tmp_path):
    for student, earned in (("anna", 0), ("bob", 2), ("anna", 2)):
        append(tmp_path, student, verdict(earned), LATE)
    entries, torn = read(tmp_path, NAME)
    assert [(e.student, e.verdict, e.handed_in) for e in entries] == [
        ("anna", verdict(0), LATE),
        ("bob", verdict(2), LATE),
        ("anna", verdict(2), LATE),
    ]
    assert torn == []
    assert latest(entries)["anna"] == entries[2]
    assert entries[0].graded <= entries[2].graded


def test_the_seconds_are_kept_beside_the_verdict_and_change_no_hash(tmp_path):
    append(tmp_path, "anna", verdict(seconds={"causal": 0.25}))
    append(tmp_path, "bob", verdict(seconds={"causal": 0.5}))
    lines = [json.loads(line) for line in record_path(tmp_path, NAME).read_text("utf8").splitlines()]
    assert lines[0]["sha256"] == lines[1]["sha256"]
    assert [entry.verdict.seconds["causal"] for entry in read(tmp_path, NAME)[0]] == [0.25, 0.5]
    older = {name: value for name, value in lines[0].items() if name != "seconds"}
    record_path(tmp_path, NAME).write_text(json.dumps(older) + "\n", "utf8")
    assert read(tmp_path, NAME)[0][0].verdict.seconds == {}


def test_what_was_written_never_changes(tmp_path):
    append(tmp_path, "anna", verdict())
    before = record_path(tmp_path, NAME).read_bytes()
    append(tmp_path, "anna", verdict(0))
    assert record_path(tmp_path, NAME).read_bytes().startswith(before)


def test_the_hashes_do_not_depend_on_student_and_time(tmp_path):
    append(tmp_path, "anna", verdict(), LATE)
    append(tmp_path, "bob", verdict())
    one, other = map(json.loads, record_path(tmp_path, NAME).read_text("utf8").splitlines())
    assert (one["id"], one["sha256"]) == (other["id"], other["sha256"])


@pytest.mark.parametrize("field", ["assignment", "submission", "assignment_digest", "seed"])
def test_a_verdict_is_keyed_by_the_work_what_it_was_held_against_and_the_seed(field):
    assert verdict(**{field: "another"}).id != verdict().id
    assert verdict(earned=0).id == verdict().id


@pytest.mark.parametrize("kept", [1, 40, -1])
def test_a_line_torn_by_a_crash_is_said_and_does_not_count(kept, tmp_path):
    append(tmp_path, "anna", verdict())
    whole = record_path(tmp_path, NAME).read_bytes()
    record_path(tmp_path, NAME).write_bytes(whole + whole[: kept if kept > 0 else len(whole) // 2])
    assert len(read(tmp_path, NAME)[0]) == 1
    append(tmp_path, "bob", verdict())
    entries, torn = read(tmp_path, NAME)
    assert [entry.student for entry in entries] == ["anna", "bob"]
    assert torn == [f"line 2 of {record_path(tmp_path, NAME)} is torn, as after a crash; it does not count"]


@pytest.mark.parametrize(
    ("old", "new"), [('"earned": 0', '"earned": 2'), ('"seed": "7"', '"seed": "8"'), ('"marks"', '"x"')]
)
def test_a_line_that_was_altered_is_refused(old, new, tmp_path):
    append(tmp_path, "anna", verdict(0))
    path = record_path(tmp_path, NAME)
    path.write_text(path.read_text("utf8").replace(old, new), "utf8")
    with pytest.raises(ValueError, match=r"line 1 of .* restore the file from a copy"):
        read(tmp_path, NAME)


def test_the_same_work_with_other_marks_is_a_contradiction_unless_the_grader_failed():
    def entry(verdict: Verdict) -> Entry:
        return Entry("anna", None, LATE, verdict)

    failed = verdict(marks=(Mark("causal", "masks", "", 2, 0, GRADER_ERROR),))
    assert contradictions([entry(verdict()), entry(failed), entry(verdict())]) == []
    assert contradictions([entry(verdict()), entry(verdict(seed="8", earned=0))]) == []
    (sentence,) = contradictions([entry(verdict()), entry(verdict(0))])
    assert sentence.startswith("anna: graded at 2026-01-02 03:00:00 with other marks than at")


def test_regrading_says_what_changed():
    def entry(verdict: Verdict) -> Entry:
        return Entry("anna", None, LATE, verdict)

    before, after = entry(verdict()), entry(verdict(0, submission="other", assignment_digest="other"))
    assert changes(before, after) == [
        "anna: the submission is not the one that was graded before",
        "anna: the probes, the reference or the judge are not those of before",
        "anna: masks, causal: 2 (passed) before, 0 (wrong) now",
    ]
    assert changes(before, before) == changes(before, None) == []
    assert changes(None, after) == ["anna: graded for the first time"]


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Path:
    """A course in which anna, who is late, and bob have been graded; an hour late costs a tenth."""
    course = copy_course(tmp_path_factory.mktemp("course"))
    (course / "late.toml").write_text("percent_per_day = 10\n")
    succeed(course, "nbgrader", "generate_assignment", NAME)
    for student in ("anna", "bob"):
        folder = Path(shutil.copytree(course / "exercises" / NAME, course / "submitted" / student / NAME))
        shutil.copy(ROOT / "lib" / "attention.py", folder / "lib")
    (course / "submitted" / "anna" / NAME / "timestamp.txt").write_text("2026-01-01 01:00:00 UTC")
    with open_book(course) as book:
        book.update_or_create_assignment(NAME, duedate=DUE)
    succeed(course, "nbgrader", "autograde", NAME)
    return course


@pytest.fixture
def course(graded, tmp_path) -> Path:
    """A copy of that course to spoil."""
    return Path(shutil.copytree(graded, tmp_path / "course"))


def open_book(course: Path):
    return closing(Gradebook(f"sqlite:///{course}/gradebook.db", "llm"))


def scores(course: Path) -> dict[str, dict]:
    """Return automatic scores, what a human gave, and the penalty, by student."""
    with open_book(course) as book:
        return {
            row.student.id: {
                **{grade.name: (grade.auto_score, grade.manual_score) for grade in row.grades},
                "late": row.late_submission_penalty or 0,
            }
            for row in book.notebook_submissions(NAME, NAME)
        }


def test_audit_finds_what_was_altered_and_rebuild_mends_it(course):
    before = scores(course)
    assert before["anna"]["late"] == 0.1 * sum(FULL.values())
    assert "2 verdicts, 0 differences" in succeed(course, "grading", "audit", NAME)
    with open_book(course) as book:
        book.find_grade("heads", NAME, NAME, "bob").auto_score = 1000.0
        book.find_grade("masks", NAME, NAME, "anna").auto_score = None
        book.find_submission_notebook(NAME, NAME, "anna").late_submission_penalty = 0
        book.db.commit()
    done = run(course, "grading", "audit", NAME)
    assert done.returncode == 1
    assert "bob: heads is 1000 in the gradebook, 12 in the record" in done.stdout
    assert "anna: masks is no points in the gradebook, 6 in the record" in done.stdout
    assert "2 differences, all mended" in succeed(course, "grading", "rebuild", NAME)
    assert scores(course) == before


def test_a_lost_gradebook_is_rebuilt_from_the_record_alone(course):
    before = scores(course)
    for lost in ("submitted", "autograded", "gradebook.db"):
        path = course / lost
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    done = run(course, "grading", "audit", NAME)
    assert (done.returncode, done.stdout.count("\n")) == (1, 1)
    assert "run: nbgrader generate_assignment" in done.stdout
    succeed(course, "nbgrader", "generate_assignment", NAME)
    with open_book(course) as book:
        book.update_or_create_assignment(NAME, duedate=DUE)
    assert "bob: has a verdict in the record" in run(course, "grading", "audit", NAME).stdout
    succeed(course, "grading", "rebuild", NAME)
    succeed(course, "grading", "audit", NAME)
    after = scores(course)
    for student in before:
        names = [*FULL, "late"]
        assert {name: after[student][name] for name in names} == {n: before[student][n] for n in names}


def test_a_score_without_a_verdict_is_found_and_taken_away(course):
    record_path(course, NAME).unlink()
    done = run(course, "grading", "audit", NAME)
    assert "bob: heads is 12 in the gradebook, no points in the record" in done.stdout
    succeed(course, "grading", "rebuild", NAME)
    assert scores(course)["bob"]["heads"] == (None, None)


def test_what_a_human_gave_stays_and_is_said(course):
    with open_book(course) as book:
        book.find_grade("masks", NAME, NAME, "bob").manual_score = 5.0
        book.db.commit()
    assert "bob: masks was given 5 by a human" in succeed(course, "grading", "audit", NAME)
    succeed(course, "grading", "rebuild", NAME)
    assert scores(course)["bob"]["masks"] == (6.0, 5.0)


def test_regrade_uses_the_recorded_seed_unless_another_is_asked_for(course):
    old = latest(read(course, NAME)[0])
    assert "0 changes" in succeed(course, "grading", "regrade", NAME)
    entries = read(course, NAME)[0]
    assert {entry.student: entry.verdict for entry in entries[2:]} == {n: old[n].verdict for n in old}
    with open(course / "submitted" / "bob" / NAME / "lib" / "attention.py", "a") as file:
        file.write(WRONG)
    said = succeed(course, "grading", "regrade", NAME, "bob", "--seed", "fresh")
    assert "bob: masks, causal: 1 (passed) before, 0 (wrong" in said
    assert "anna" not in said
    after = latest(read(course, NAME)[0])
    assert after["bob"].verdict.seed != old["bob"].verdict.seed
    assert after["anna"] == latest(entries)["anna"]
    succeed(course, "grading", "audit", NAME)
    done = run(course, "grading", "regrade", NAME, "dora")
    assert (done.returncode, done.stdout) == (1, "there is no submission of 'attention' by dora\n")
