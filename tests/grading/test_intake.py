"""Whatever a submission is, intake reads what counts, says what it left, and never raises."""

import os
from pathlib import Path

import pytest

from grading.judge.intake import read_submission
from tests.support.small_course import answer, notebook, small_course
from tests.support.small_submission import CODE, hand_in, write_submission


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return small_course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def folder(tmp_path) -> Path:
    """A submission in which nothing is wrong."""
    return write_submission(tmp_path / "in")


def test_a_whole_submission_is_read_without_a_note(folder, assignment):
    submission = read_submission(folder, assignment, "ada")
    assert submission.student == "ada"
    assert submission.files == {"sums": CODE}
    assert submission.answers == {"why": "Mine.", "how": "Thus."}
    assert submission.notes == ()


def test_files_that_travel_with_the_assignment_are_ignored_in_silence(folder, assignment):
    (folder / "probes").mkdir()
    for name in ("probes/total.py", "expected.safetensors", "README.md", "timestamp.txt", "lib/__init__.py"):
        (folder / name).write_text("raise SystemExit")
    (folder / "lib/given.py").write_text("def twice(x): return 0")
    (folder / "check").mkdir()
    (folder / ".ipynb_checkpoints").mkdir()
    submission = read_submission(folder, assignment, "ada")
    assert submission.files == {"sums": CODE}
    assert submission.notes == ()


def test_the_digest_depends_on_what_counts_and_on_nothing_else(folder, assignment):
    before = read_submission(folder, assignment, "ada").digest
    (folder / "notes.txt").write_text("hello")
    assert read_submission(folder, assignment, "bob").digest == before
    hand_in(folder, notebook(answer("why", "Mine!"), answer("how", "Thus.")))
    changed = read_submission(folder, assignment, "ada").digest
    assert changed != before
    (folder / "lib/sums.py").write_bytes(CODE + b"\n")
    assert read_submission(folder, assignment, "ada").digest not in (before, changed)


def test_what_is_missing_becomes_a_note(folder, assignment, tmp_path):
    (folder / "sums.ipynb").unlink()
    submission = read_submission(folder, assignment, "ada")
    assert submission.notes == ("sums.ipynb is missing",)
    assert (submission.files, submission.answers) == ({"sums": CODE}, {})
    (folder / "lib/sums.py").unlink()
    assert read_submission(folder, assignment, "ada").notes == (
        "lib/sums.py is missing",
        "sums.ipynb is missing",
    )
    (folder / "lib").rmdir()
    assert read_submission(folder, assignment, "ada").notes == ("lib/ is missing", "sums.ipynb is missing")
    nowhere = read_submission(tmp_path / "nowhere", assignment, "ada")
    assert nowhere.notes == ("the submission's folder is missing",)
    assert (nowhere.files, nowhere.answers) == ({}, {})


def test_files_that_nobody_asked_for_are_named_and_the_rest_counted(folder, assignment):
    for name in ("sums/__init__.py", "torch.py", "lib/torch.py", "a\nb.txt", *(f"z{i}" for i in range(9))):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("")
    submission = read_submission(folder, assignment, "ada")
    assert submission.files == {"sums": CODE}
    assert "lib/torch.py is not part of the assignment and was not used" in submission.notes
    assert "a\\nb.txt is not part of the assignment and was not used" in submission.notes
    assert submission.notes[-1] == "7 more in the folder were not used either"


def test_a_name_that_is_no_text_is_shown_as_one(folder, assignment):
    (folder / os.fsdecode(b"\xff\xfe")).write_text("")
    (folder / "数学").write_text("")
    notes = read_submission(folder, assignment, "ada").notes
    assert notes[0] == "数学 is not part of the assignment and was not used"
    assert notes[1:] == ("\\udcff\\udcfe is not part of the assignment and was not used",)


@pytest.mark.parametrize("name", ["lib/sums.py", "sums.ipynb", "lib"])
@pytest.mark.parametrize("target", ["/etc/passwd", "/dev/zero", "elsewhere", "nowhere"])
def test_a_link_is_never_followed(folder, assignment, name, target):
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "sums.py").write_text("another student's")
    (folder / name).rename(folder.parent / "aside")
    (folder / name).symlink_to(elsewhere if target == "elsewhere" else target)
    submission = read_submission(folder, assignment, "ada")
    shown = "lib/" if name == "lib" else name
    assert submission.notes == (f"{shown} was not read: it is a link",)
    assert submission.files == ({"sums": CODE} if name == "sums.ipynb" else {})


def test_a_hard_link_is_refused_since_it_may_be_the_reference(folder, assignment):
    (folder / "lib/sums.py").unlink()
    (folder / "lib/sums.py").hardlink_to(assignment.root / "lib/sums.py")
    submission = read_submission(folder, assignment, "ada")
    assert submission.notes == ("lib/sums.py was not read: it is a hard link",)
    assert submission.files == {}


def test_a_folder_that_is_a_link_is_not_followed(folder, assignment):
    (folder.parent / "link").symlink_to(folder)
    submission = read_submission(folder.parent / "link", assignment, "ada")
    assert submission.notes == ("the submission's folder was not read: it is a link",)
    assert submission.files == {}


def test_a_pipe_or_a_folder_in_place_of_a_file_is_not_waited_for(folder, assignment):
    (folder / "sums.ipynb").unlink()
    os.mkfifo(folder / "sums.ipynb")
    (folder / "lib/sums.py").unlink()
    (folder / "lib/sums.py").mkdir()
    assert read_submission(folder, assignment, "ada").notes == (
        "lib/sums.py was not read: it is not a plain file",
        "sums.ipynb was not read: it is not a plain file",
    )


def test_a_file_in_place_of_a_folder_is_a_note(folder, assignment):
    assert read_submission(folder / "sums.ipynb", assignment, "ada").notes == (
        "the submission's folder was not read: Not a directory",
    )


def test_files_beyond_their_size_are_not_read(folder, assignment):
    (folder / "lib/sums.py").write_bytes(b"#" * (10**6 + 1))
    with (folder / "sums.ipynb").open("wb") as file:
        file.truncate(10**10)  # a hole: large to read, small on disk
    submission = read_submission(folder, assignment, "ada")
    assert submission.files == submission.answers == {}
    assert submission.notes == (
        "lib/sums.py was not read: it has more than 1 MB",
        "sums.ipynb was not read: it has more than 10 MB",
    )
