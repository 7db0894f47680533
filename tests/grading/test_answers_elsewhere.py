"""A human sees all of an answer, wherever in the notebook it stands and whatever it is made of."""

import json
from pathlib import Path

import pytest

from check.answers import not_taken_over
from check.pictures import MAX_PICTURES, MAX_TEXT
from grading.judge.intake import read_submission
from tests.support.small_course import TESTS, answer, notebook, small_course
from tests.support.small_submission import hand_in, write_submission

PNG = "iVBORw0KGgoAAAANSUhEUg=="
QUESTION = {"cell_type": "markdown", "id": "question", "metadata": {}, "source": "## Why\n\nSay why."}
END = {"cell_type": "markdown", "id": "end", "metadata": {}, "source": "Hand it in."}
RELEASED = notebook(QUESTION, answer("why", "YOURS"), answer("how", "YOURS"), *TESTS, END)


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    assignment = small_course(tmp_path_factory.mktemp("course"))
    (assignment.root / "exercises/sums/sums.ipynb").write_text(json.dumps(RELEASED))
    return assignment


@pytest.fixture
def folder(tmp_path) -> Path:
    return write_submission(tmp_path / "in")


def cell(text: str, kind: str = "markdown", **fields) -> dict:
    return {"cell_type": kind, "metadata": {}, "source": text, **fields}


WHY, HOW = answer("why", "YOURS"), answer("how", "Thus.")
HALVES = [answer("why", "The first half,"), answer("why", "and the second.")]
# The cells of the notebook, and the texts of which each must be in the answer to "why".
PLACES = {
    "split": ([QUESTION, *HALVES, HOW, END], ["The first half,", "and the second."]),
    "split, one half as released": ([QUESTION, WHY, answer("why", "Mine."), HOW, END], ["Mine."]),
    "below": ([QUESTION, WHY, cell("Mine."), HOW, END], ["Mine."]),
    "below, in two cells": ([QUESTION, WHY, cell("Mine."), cell(""), cell("And more."), HOW], ["Mine.", "And more."]),
    "goes on below": ([QUESTION, answer("why", "One."), cell("Two."), HOW, END], ["One.", "Two."]),
    "below, raw": ([QUESTION, WHY, cell("Mine.", "raw"), HOW, END], ["Mine."]),
    "below, in a code cell": ([QUESTION, WHY, cell("because the scores grow with the width", "code"), HOW], ["grow with"]),
    "below, as a comment": ([QUESTION, WHY, cell("# since it must\n# sum to one", "code"), HOW], ["sum to one"]),
    "joined with the question": ([{**QUESTION, "source": "## Why\n\nSay why.\n\nMine."}, HOW, END], ["Mine."]),
    "in the question's cell": ([{**QUESTION, "source": "## Why\n\nMine."}, WHY, HOW, END], ["Mine."]),
    "joined with the next answer": ([QUESTION, answer("why", "Mine.\n\nThus."), END], ["Mine.\n\nThus."]),
    "at the end": ([QUESTION, WHY, HOW, END, cell("Mine.")], ["Mine."]),
    "at the top": ([cell("1. Mine."), QUESTION, WHY, HOW, END], ["1. Mine."]),
    "at the end, its cell emptied": ([QUESTION, answer("why", " "), HOW, END, cell("Mine.")], ["Mine."]),
    "at the end, its cell deleted": ([QUESTION, HOW, END, cell("Mine.")], ["Mine."]),
    "a cell without what nbgrader knows": ([QUESTION, {**cell("Mine."), "id": "why"}, HOW, END], ["Mine."]),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_the_answer_holds_all_of_it_and_a_note_says_that_it_was_elsewhere(folder, assignment, place):
    cells, parts = PLACES[place]
    hand_in(folder, notebook(*cells))
    submission = read_submission(folder, assignment, "ada")
    assert [part for part in parts if part not in submission.answers["why"]] == []
    assert "joined with the next" in place or submission.answers["how"] == "Thus."
    assert submission.notes


@pytest.mark.parametrize(
    "more",
    [
        [cell("x = attend(q, k, v)\nprint(x)", "code")],
        [cell("", "code"), cell(" \n")],
        [
            cell(
                "Released text is no answer.", metadata={"nbgrader": {"grade_id": "other", "solution": False}}
            )
        ],
    ],
    ids=["scratch code", "empty cells", "an invented id"],
)
def test_what_is_no_answer_makes_none(folder, assignment, more):
    hand_in(folder, notebook(QUESTION, WHY, HOW, *TESTS, *more, END))
    submission = read_submission(folder, assignment, "ada")
    assert submission.answers == {"why": "YOURS", "how": "Thus."}
    assert submission.notes == ()


def test_other_notes_of_a_student_who_has_answered_everything_stand_apart(folder, assignment):
    hand_in(folder, notebook(cell("My notes."), QUESTION, answer("why", "Mine."), HOW, END, cell("To do")))
    submission = read_submission(folder, assignment, "ada")
    assert submission.other_text == "My notes.\n\nTo do"
    assert submission.answers == {"why": "Mine.", "how": "Thus."}
    assert submission.notes == ()


def pictured(text: str, attachments: object = None) -> dict:
    more = {} if attachments is None else {"attachments": attachments}
    return {**answer("why", text), **more}


TAKEN = {
    "attached": pictured("![x](attachment:a.png)", {"a.png": {"image/png": PNG}}),
    "attached, in lines": pictured(
        "![x](attachment:a.png)", {"a.png": {"image/png": [PNG[:9] + "\n", PNG[9:]]}}
    ),
    "attached, as HTML": pictured("<img src='attachment:a.png' width=3>", {"a.png": {"image/png": PNG}}),
    "attached, a blank in its name": pictured("![x](attachment:a%20b.png)", {"a b.png": {"image/png": PNG}}),
    "attached and not shown": pictured("YOURS", {"a.png": {"image/png": PNG}}),
    "typed": pictured(f"![x](data:image/png;base64,{PNG})"),
    "a photograph": pictured("![x](attachment:a.jpg)", {"a.jpg": {"image/jpeg": PNG[:-2] * 100_000}}),
}


@pytest.mark.parametrize("form", TAKEN)
def test_a_picture_in_the_notebook_reaches_the_human(folder, assignment, form):
    hand_in(folder, notebook(QUESTION, TAKEN[form], HOW, END))
    submission = read_submission(folder, assignment, "ada")
    assert PNG[:-2] in submission.answers["why"]
    assert "attachment:" not in submission.answers["why"]
    assert submission.notes == ()
    assert not_taken_over(folder) == []


LOST = {
    "the picture 'a.png' is not in the notebook": pictured("![x](attachment:a.png)"),
    "the picture 'b.png' is not in the notebook": pictured("![x](attachment:b.png)", {"a": 3, "b.png": None}),
    "the picture 'my.png' lies outside of the notebook": pictured("So: ![x](my.png)"),
    "the picture 'https://example.org/x.png' lies outside": pictured('<IMG width=3 src="https://example.org/x.png">'),
    "'a.pdf' is attached and is no picture": pictured("See there.", {"a.pdf": {"application/pdf": "JVBERi0="}}),
    "'a.png' is attached and is no picture": pictured("See there.", {"a.png": {"image/png": "<script>"}}),
    "the pictures have more than 3 MB together": pictured("![](attachment:a)", {"a": {"image/png": "A" * (MAX_PICTURES + 4)}}),
    f"what comes after {MAX_TEXT:,} characters is cut off": pictured("word " * 30_000),
}  # fmt: skip


@pytest.mark.parametrize("sentence", LOST)
def test_what_is_not_taken_over_is_said_at_home_and_in_the_notes(folder, assignment, sentence):
    hand_in(folder, notebook(QUESTION, LOST[sentence], HOW, END))
    submission = read_submission(folder, assignment, "ada")
    assert any(sentence in note for note in submission.notes)
    assert len(submission.answers["why"]) < MAX_TEXT + MAX_PICTURES
    assert any(sentence in said for said in not_taken_over(folder))


def test_at_home_a_second_notebook_and_one_that_is_too_large_are_named(folder):
    (folder / "b.ipynb").write_text(json.dumps(notebook(answer("why", "x" * 11_000_000))))
    (folder / "c.ipynb").write_text(json.dumps(notebook(cell("code", "code", outputs=["x" * 11_000_000]))))
    (folder / "d.ipynb").write_text('{"cells": [3, {"metadata": 3}, {"metadata": {"nbgrader": []}}]}')
    (folder / "e.ipynb").write_text("nothing")
    said = not_taken_over(folder)
    assert "only one notebook counts, and here are b.ipynb and sums.ipynb" in said
    assert "b.ipynb has more than 10 MB without its outputs" in said
    assert not [sentence for sentence in said if sentence.startswith(("c.", "d.", "e."))]
