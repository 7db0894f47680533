"""A second release writes an answer key only if it says something else, and keeps what submissions belong to."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from nbgrader.api import Gradebook

from check import read_key, write_key
from check.allowance import NOTHING
from check.key import AnswerKey
from grading.__main__ import main
from tests.support.small_course import course_for_nbgrader

KEY = Path("exercises/sums/expected.safetensors")
NOTEBOOK = Path("solutions/sums/sums.ipynb")


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course that is released once."""
    course = tmp_path_factory.mktemp("course")
    course_for_nbgrader(course)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course)
        assert main(["release"]) == 0
        (course / "fresh").write_bytes(KEY.read_bytes())
    return course


@pytest.fixture
def fresh(course, monkeypatch) -> bytes:
    """The key as this machine writes it; the working directory is the course."""
    monkeypatch.chdir(course)
    KEY.write_bytes((course / "fresh").read_bytes())
    return KEY.read_bytes()


def other_machine(key: AnswerKey, factor: float) -> AnswerKey:
    """Return the key with every tensor of the right answers a little larger."""
    want = {
        name: {
            case: leaf * factor if isinstance(leaf, torch.Tensor) else leaf for case, leaf in values.items()
        }
        for name, values in key.want.items()
    }
    return replace(key, want=want)


def test_a_key_that_differs_in_the_last_digits_stays_byte_for_byte(fresh):
    write_key(KEY, other_machine(read_key(KEY), 1 + 2e-6))
    before = KEY.read_bytes()
    assert before != fresh
    assert main(["release"]) == 0
    assert KEY.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda key: other_machine(key, 1.01),
        lambda key: replace(key, hints={"mean": "You took the average."}),
        lambda key: replace(key, mistakes={"mean": {}}),
        lambda key: replace(key, seeds=[*key.seeds[:-1], "another"]),
        lambda key: replace(key, exercises={}),
        lambda key: replace(key, allowance=NOTHING),
    ],
    ids=["values", "hints", "mistakes", "seeds", "exercises", "allowance"],
)
def test_a_key_that_says_something_else_is_written_anew(fresh, change: Callable[[AnswerKey], AnswerKey]):
    write_key(KEY, change(read_key(KEY)))
    assert main(["release"]) == 0
    assert KEY.read_bytes() == fresh


def test_a_key_that_cannot_be_read_is_written_anew(fresh):
    KEY.write_bytes(b"torn")
    assert main(["release"]) == 0
    assert KEY.read_bytes() == fresh


def test_other_test_cells_are_refused_while_there_are_submissions_and_the_release_stays(fresh, capfd):
    text = NOTEBOOK.read_text("utf8")
    NOTEBOOK.write_text(text.replace('"grade_id": "why"', '"grade_id": "wherefore"'), "utf8")
    assert main(["release"]) == 0  # nobody has handed in
    with closing(Gradebook("sqlite:///gradebook.db", "llm")) as book, book.db.no_autoflush:
        book.add_student("ada")
        book.add_submission("sums", "ada")
    NOTEBOOK.write_text(text, "utf8")
    capfd.readouterr()
    assert main(["release"]) == 1
    said = "".join(capfd.readouterr())
    assert "the notebook's cells are others now (gone: wherefore; new: why)" in said
    assert "nbgrader db assignment remove sums --force" in said
    assert "Traceback" not in said
    assert KEY.read_bytes() == fresh
    assert "wherefore" in Path("exercises/sums/sums.ipynb").read_text("utf8")
    with closing(Gradebook("sqlite:///gradebook.db", "llm")) as book:
        book.remove_assignment("sums")
    assert main(["release"]) == 0
