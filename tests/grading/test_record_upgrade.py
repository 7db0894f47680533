"""A record that version 0.1 wrote is read as if it were written today, and refused if it was altered since."""

import hashlib
import json
from pathlib import Path

import pytest

from check.compare import Difference
from check.mark import Mark
from grading.errors import RecordAltered
from grading.judge.judge import SENTENCES
from grading.record import append, read, record_path
from grading.verdict import GRADER_ERROR, Verdict

NAME = "attention"

# A verdict as version 0.1 wrote it: the text that was hashed, to the letter.
OLD = """{
 "assignment": "attention",
 "key": "4f2c",
 "marks": [
  {
   "difference": null,
   "doc": "No look ahead.",
   "earned": 2,
   "error": "",
   "hint": null,
   "mistake": null,
   "of": "masks",
   "points": 2,
   "probe": "causal",
   "reason": "passed",
   "trace": ""
  },
  {
   "difference": {
    "case": "plain",
    "details": "",
    "kind": "other values"
   },
   "doc": "Each query mixes the values.",
   "earned": 0,
   "error": "",
   "hint": "Divide by √K.",
   "mistake": "unscaled",
   "of": "attend",
   "points": 2,
   "probe": "values",
   "reason": "wrong",
   "trace": ""
  },
  {
   "difference": null,
   "doc": "Heads.",
   "earned": 0,
   "error": "the judge failed, not the submission; it must be graded again",
   "hint": null,
   "mistake": null,
   "of": "heads",
   "points": 1,
   "probe": "heads",
   "reason": "held",
   "trace": ""
  }
 ],
 "notes": [
  "é, “quoted”"
 ],
 "sandbox": "bubblewrap 0.8.0, seccomp",
 "seed": "7",
 "submission": "9ab1"
}
"""


def old_line(text: str = OLD, hashed: str = OLD) -> str:
    """Return a line of the record as version 0.1 wrote it, with the hash of a text."""
    about = {"student": "anna", "handed_in": None, "graded": "2025-11-02T10:00:00.000+00:00"}
    hashes = {"id": "ignored", "sha256": hashlib.sha256(hashed.encode()).hexdigest()}
    line = {**about, **hashes, "verdict": json.loads(text), "seconds": {"causal": 0.25}}
    return json.dumps(line, ensure_ascii=False) + "\n"


def write_record(root: Path, text: str) -> None:
    record_path(root, NAME).parent.mkdir(exist_ok=True)
    record_path(root, NAME).write_text(text, "utf8")


def test_a_line_of_an_older_version_is_read_under_the_names_of_today(tmp_path):
    write_record(tmp_path, old_line())
    append(tmp_path, "bob", Verdict(NAME, "s", "k", "7", "bubblewrap", (), ()))
    (old, new), torn = read(tmp_path, NAME)
    assert (old.student, new.student, torn) == ("anna", "bob", [])
    assert old.verdict == Verdict(
        assignment=NAME,
        submission="9ab1",
        assignment_digest="4f2c",
        seed="7",
        sandbox="bubblewrap 0.8.0, seccomp",
        notes=("é, “quoted”",),
        marks=(
            Mark("causal", "masks", "No look ahead.", 2, 2, "passed"),
            Mark(
                "values",
                "attend",
                "Each query mixes the values.",
                2,
                0,
                "wrong",
                Difference("plain", "other values"),
                ("unscaled",),
                ("Divide by √K.",),
            ),
            Mark("heads", "heads", "Heads.", 1, 0, GRADER_ERROR, error=SENTENCES[GRADER_ERROR]),
        ),
    )
    assert old.verdict.seconds == {"causal": 0.25}
    assert [old.verdict.earned(name) for name in ("masks", "attend", "heads")] == [2.0, 0.0, None]


def test_what_was_read_of_an_older_version_is_written_in_the_form_of_today(tmp_path):
    write_record(tmp_path, old_line())
    (old,), _ = read(tmp_path, NAME)
    append(tmp_path, "anna", old.verdict)
    assert [entry.verdict for entry in read(tmp_path, NAME)[0]] == [old.verdict] * 2
    assert Verdict.from_json(old.verdict.to_json()) == old.verdict
    assert Verdict.from_json(OLD) == old.verdict


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"earned": 0', '"earned": 2'),
        ('"key": "4f2c"', '"key": "4f2d"'),
        ('"mistake": "unscaled"', '"mistake": null'),
        ('"reason": "held"', '"reason": "passed"'),
        ('"of": "masks"', '"exercise": "masks"'),
        ('"key"', '"assignment_digest"'),
    ],
)
def test_a_line_of_an_older_version_that_was_altered_is_refused(old, new, tmp_path):
    assert old in OLD
    write_record(tmp_path, old_line(OLD.replace(old, new)))
    with pytest.raises(RecordAltered, match=r"line 1 of .* was altered after it was written"):
        read(tmp_path, NAME)


@pytest.mark.parametrize(
    "text", [OLD.replace('"of"', '"off"'), "[]", '{"marks": []}', '{"key": 1, "marks": 3}']
)
def test_a_line_that_is_whole_but_no_verdict_is_refused(text, tmp_path):
    text = json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_record(tmp_path, old_line(text, hashed=text))
    with pytest.raises(
        RecordAltered, match=r"line 1 of .* is no verdict \(.*\); restore the file from a copy"
    ):
        read(tmp_path, NAME)
