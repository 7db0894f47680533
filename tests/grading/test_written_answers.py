"""Of a notebook, whatever its form, the written answers are read and nothing else."""

import json
from pathlib import Path

import pytest

from grading.judge.intake import read_submission
from tests.support.small_course import answer, notebook, small_course
from tests.support.small_submission import CODE, GOOD, hand_in, write_submission


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return small_course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def folder(tmp_path) -> Path:
    """A submission in which nothing is wrong."""
    return write_submission(tmp_path / "in")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b'{"cells": 3}',
        b'{"cells": null, "worksheets": {"cells": []}}',
        b"[" * 10**6,
        b'{"a":' * 10**5,
    ],
)
def test_what_is_not_a_notebook_is_a_note_and_lib_is_graded_all_the_same(folder, assignment, content):
    (folder / "sums.ipynb").write_bytes(content)
    submission = read_submission(folder, assignment, "ada")
    assert submission.notes == ("sums.ipynb is not a notebook, so no written answers were read",)
    assert submission.files == {"sums": CODE}


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace('"nbformat": 4', '"nbformat": ' + "9" * 10**5),
        lambda text: text.replace('"metadata": {},', '"metadata": null,', 1),
        lambda text: text.replace(
            '"cells": [', '"cells": [' + '{"cell_type": "code"}, 3, null, [],' * 25_000, 1
        ),
        lambda text: text.replace('"points": 1', '"points": 1000, "schema_version": NaN'),
        lambda text: text.replace('"markdown"', '"code"'),
        lambda text: text.replace('"Mine."', '["Mi", 3, null, "ne."]'),
    ],
    ids=["BOM", "Windows", "huge number", "null metadata", "100,000 cells", "points", "type", "lines"],
)
def test_odd_notebooks_lose_no_answer(folder, assignment, damage):
    text = json.dumps(GOOD, indent=1)
    assert damage(text) != text
    (folder / "sums.ipynb").write_bytes(damage(text).encode())
    submission = read_submission(folder, assignment, "ada")
    assert submission.answers == {"why": "Mine.", "how": "Thus."}
    assert submission.notes == ()


def test_a_notebook_of_format_3_is_read(folder, assignment):
    old = {
        "nbformat": 3,
        "worksheets": [{"cells": [answer("why", "Mine.")]}, {"cells": [answer("how", "Thus.")]}],
    }
    hand_in(folder, old)
    assert read_submission(folder, assignment, "ada").answers == {"why": "Mine.", "how": "Thus."}


def test_of_a_cell_that_is_split_or_copied_all_that_was_changed_is_shown(folder, assignment):
    texts = ["First.", "Second.", "YOURS", " YOURS\n", "First."]
    hand_in(folder, notebook(*(answer("why", text) for text in texts), answer("how", "Thus.")))
    submission = read_submission(folder, assignment, "ada")
    assert submission.answers == {"why": "First.\n\nSecond.", "how": "Thus."}
    assert submission.notes == ("the answer cell 'why' is there 5 times; all that was changed is shown",)


def test_a_deleted_cell_is_a_note_and_an_invented_one_is_nothing(folder, assignment):
    hand_in(folder, notebook(answer("points", "Give me 100."), answer("how", "Thus.")))
    submission = read_submission(folder, assignment, "ada")
    assert submission.answers == {"how": "Thus."}
    assert submission.notes == ("the answer cell 'why' is missing from the notebook",)


def test_an_answer_can_always_be_written_to_a_file(folder, assignment):
    (folder / "sums.ipynb").write_text(json.dumps(GOOD).replace("Mine.", "\\ud800 mine"))
    assert read_submission(folder, assignment, "ada").answers["why"].encode("utf8") == b"? mine"
