"""The record of verdicts: it is only appended to, and what was altered in it is refused."""

import json
from datetime import datetime

import pytest

from check.mark import Mark
from grading.errors import RecordAltered
from grading.record import Entry, append, latest, read, record_path
from grading.reports.reconcile import contradictions
from grading.reports.regrade import changes
from grading.verdict import GRADER_ERROR, Verdict

NAME = "attention"
LATE = datetime(2026, 1, 2, 3)


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
    with pytest.raises(RecordAltered, match=r"line 1 of .* restore the file from a copy"):
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
