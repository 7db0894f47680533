"""Work in the wrong place or under another name is read where it is clear what is meant, and named where it is not."""

import json
import shutil
from pathlib import Path

import pytest

from grading.judge.intake import read_submission
from tests.support.small_course import STUB, answer, notebook, small_course
from tests.support.small_submission import CODE, GOOD, hand_in, write_submission

ANSWERS = {"why": "Mine.", "how": "Thus."}
EMPTY = notebook(answer("why", "YOURS"), answer("how", "YOURS"))


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    assignment = small_course(tmp_path_factory.mktemp("course"))
    (assignment.root / "exercises/sums/lib").mkdir()
    (assignment.root / "exercises/sums/lib/sums.py").write_text(STUB)
    return assignment


@pytest.fixture
def folder(tmp_path) -> Path:
    """A submission in which nothing is wrong."""
    return write_submission(tmp_path / "in")


def nested(folder: Path, *names: str) -> None:
    """Put all of a submission into folders in it."""
    aside = folder.rename(folder.parent / "aside")
    inner = folder.joinpath(*names)
    inner.parent.mkdir(parents=True)
    aside.rename(inner)


def rename(folder: Path, old: str, new: str) -> None:
    (folder / new).parent.mkdir(exist_ok=True)
    (folder / old).rename(folder / new)


def stub(folder: Path, path: str = "lib/sums.py") -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text("\ufeff" + STUB.replace("\n", "\r\n"))  # as an editor on Windows saves it


FORMS = {
    "a folder in the folder": lambda f: nested(f, "sums"),
    "two folders, as a zip of a zip": lambda f: nested(f, "my sums", "sums-main"),
    "beside what a Mac adds": lambda f: (nested(f, "sums"), shutil.copytree(f / "sums", f / "__MACOSX/sums")),
    "no lib/": lambda f: (rename(f, "lib/sums.py", "sums.py"), (f / "lib").rmdir()),
    "Lib/": lambda f: rename(f, "lib", "Lib"),
    "capital letters": lambda f: rename(f, "lib/sums.py", "lib/Sums.PY"),
    "a browser's number": lambda f: rename(f, "lib/sums.py", "lib/sums (1).py"),
    "a platform's number": lambda f: rename(f, "lib/sums.py", "lib/sums-2.py"),
    "a copy": lambda f: rename(f, "lib/sums.py", "lib/sums - Copy.py"),
    "a copy's copy": lambda f: rename(f, "lib/sums.py", "lib/Kopie von sums.py".replace("Kopie von ", "") + ".txt"),
    "beside the stub": lambda f: (rename(f, "lib/sums.py", "lib/sums (1).py"), stub(f)),
    "below the stub": lambda f: (nested(f, "sums"), stub(f), hand_in(f, EMPTY)),
    "twice the same": lambda f: (shutil.copytree(f, f.parent / "copy"), nested(f, "a"), shutil.move(f.parent / "copy", f / "b")),
    "an older stub elsewhere": lambda f: (nested(f, "mine"), stub(f, "old/lib/sums.py")),
    "notebook with a number": lambda f: rename(f, "sums.ipynb", "sums (1).ipynb"),
    "notebook with another name": lambda f: rename(f, "sums.ipynb", "Homework final.ipynb"),
    "notebook in lib/": lambda f: rename(f, "sums.ipynb", "lib/sums.ipynb"),
    "notebook beside the released one": lambda f: (rename(f, "sums.ipynb", "sums-1.ipynb"), hand_in(f, EMPTY)),
    "notebook beside a broken one": lambda f: (rename(f, "sums.ipynb", "new.ipynb"), (f / "sums.ipynb").write_text("{")),
    "notebook beside another": lambda f: (rename(f, "sums.ipynb", "mine.ipynb"), (f / "x.ipynb").write_text(json.dumps(notebook()))),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_all_of_it_is_read_and_the_repair_is_noted(folder, assignment, form):
    FORMS[form](folder)
    submission = read_submission(folder, assignment, "ada")
    assert submission.files == {"sums": CODE}
    assert submission.answers == ANSWERS
    assert not submission.answers_unread
    assert any("was read in its place" in note for note in submission.notes)


def test_a_place_changes_nothing_in_what_is_graded(folder, assignment):
    before = read_submission(folder, assignment, "ada").digest
    nested(folder, "sums")
    assert read_submission(folder, assignment, "ada").digest == before


def test_where_it_is_not_clear_what_is_meant_nothing_is_taken_and_both_are_named(folder, assignment):
    rename(folder, "lib/sums.py", "lib/sums (1).py")
    (folder / "lib/sums (2).py").write_bytes(CODE + b"# another\n")
    rename(folder, "sums.ipynb", "a.ipynb")
    other = notebook(answer("why", "Another."), answer("how", "Thus."))
    (folder / "b.ipynb").write_text(json.dumps(other))
    submission = read_submission(folder, assignment, "ada")
    assert (submission.files, submission.answers) == ({}, {})
    assert submission.answers_unread
    notes = " | ".join(submission.notes)
    assert (
        "not clear which file is meant for lib/sums.py, so none was used: lib/sums (1).py or lib/sums (2).py"
        in notes
    )
    assert "not clear which file is meant for sums.ipynb, so none was used: a.ipynb or b.ipynb" in notes


def test_what_is_in_its_place_and_was_worked_on_counts_whatever_lies_beside_it(folder, assignment):
    (folder / "lib/sums (1).py").write_text("another")
    (folder / "sums (1).ipynb").write_text(json.dumps(notebook(answer("why", "Another."))))
    submission = read_submission(folder, assignment, "ada")
    assert (submission.files, submission.answers) == ({"sums": CODE}, ANSWERS)
    assert submission.notes == (
        "lib/sums (1).py is not part of the assignment and was not used",
        "sums (1).ipynb is not part of the assignment and was not used",
    )


@pytest.mark.parametrize(
    "name", ["sums2.py", "sumsum.py", "my_sums.py", "__init__.py", "given.py", "sums.pyc", "sums"]
)
def test_another_file_is_never_taken_for_the_module(folder, assignment, name):
    rename(folder, "lib/sums.py", f"lib/{name}")
    assert read_submission(folder, assignment, "ada").files == {}


def test_what_is_searched_is_bounded(folder, assignment):
    nested(folder, *(str(i) for i in range(200)))
    assert read_submission(folder, assignment, "ada").files == {}
    (folder / "many").mkdir()
    for number in range(6000):
        (folder / "many" / f"{number:04}.txt").touch()
    assert len(read_submission(folder, assignment, "ada").notes) < 10


def test_a_link_elsewhere_is_not_followed_either(folder, assignment, tmp_path):
    (tmp_path / "other").mkdir()
    rename(folder, "lib/sums.py", "../other/sums.py")
    (folder / "sums (1).py").symlink_to(tmp_path / "other/sums.py")
    (folder / "copy").symlink_to(tmp_path / "other")
    assert read_submission(folder, assignment, "ada").files == {}


@pytest.mark.parametrize("nothing", [None, "hello", json.dumps(notebook()), "x" * (2 * 10**7)])
def test_without_a_notebook_that_can_be_read_a_human_must_look(folder, assignment, nothing):
    (folder / "sums.ipynb").unlink()
    if nothing:
        (folder / "sums.ipynb").write_text(nothing)
    submission = read_submission(folder, assignment, "ada")
    assert submission.answers_unread == (nothing != json.dumps(notebook()))
    assert submission.notes


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "display_data", "data": {"image/png": "A" * 12_000_000}},
        {"output_type": "stream", "text": ['a [ line } \\ with " it ☃\n'] * 350_000},
        {"output_type": "x", "data": {"numbers": [float("nan")] * 2_500_000}},
        {"output_type": "x", "data": [[{"outputs": ["[" * 100, {}]}]] * 100_000},
    ],
    ids=["picture", "lines", "numbers", "nested"],
)
def test_outputs_do_not_count_for_the_size_of_a_notebook(folder, assignment, output):
    code = {"cell_type": "code", "source": '"outputs": [', "metadata": {}, "outputs": [output]}
    large = json.dumps({**GOOD, "cells": [*GOOD["cells"], code]})
    assert len(large) > 11_000_000
    (folder / "sums.ipynb").write_text(large)
    submission = read_submission(folder, assignment, "ada")
    assert submission.answers == ANSWERS
    assert submission.notes == ()
