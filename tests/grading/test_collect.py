"""What Canvas and Moodle give lies in submitted/ afterwards as it should, and nothing changes before it was said."""

import io
import os
import shutil
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from grading.assignment import load_assignment
from grading.bridge.submitted import timestamp
from grading.collect.collect import collect
from grading.collect.entries import MAX_BYTES
from grading.errors import CourseError
from grading.judge.intake import read_submission
from tests.support.course_copy import run
from tests.support.downloads import (
    CANVAS_ROSTER,
    CODE,
    HOME,
    MAY,
    MODULE,
    MOODLE_ROSTER,
    NOTEBOOK,
    STUB,
    canvas_download,
    in_folder,
    moodle_download,
    tarred,
    zipped,
)
from tests.support.small_course import course_for_nbgrader, small_course

STUDENTS = ("ann", "tom@uni.example", "juergen", "名字")


@pytest.fixture(scope="module")
def empty_gradebook(tmp_path_factory) -> Path:
    """A gradebook without students, which takes seconds to make."""
    path = tmp_path_factory.mktemp("empty") / "gradebook.db"
    Gradebook(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def course(tmp_path, empty_gradebook) -> CourseDirectory:
    small_course(tmp_path)
    shutil.copy(empty_gradebook, tmp_path)
    return CourseDirectory(root=str(tmp_path))


def took(course: CourseDirectory, source: Path, roster: str | None = None, yes=True, dry_run=False) -> bool:
    """Collect a download of the small course's assignment."""
    root = Path(course.root)
    if roster:
        (root / "roster.csv").write_text(roster, "utf8")
    file = str(root / "roster.csv") if roster else None
    return collect(course, [load_assignment("sums", root)], str(source), file, yes, dry_run)


def folder(course: CourseDirectory, student: str) -> Path:
    return Path(course.root) / "submitted" / student / "sums"


def written(course: CourseDirectory, student: str) -> dict[str, bytes]:
    """Return all that lies in a student's submission but the time."""
    top = folder(course, student)
    paths = [path for path in top.rglob("*") if path.is_file() and path.name != "timestamp.txt"]
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize("unpacked", [False, True], ids=["zip", "folder"])
@pytest.mark.parametrize(
    ("make", "roster"),
    [(canvas_download, CANVAS_ROSTER), (moodle_download, MOODLE_ROSTER)],
    ids=["Canvas", "Moodle"],
)
def test_notebook_and_module_of_each_student_lie_where_they_belong(course, tmp_path, make, roster, unpacked):
    source = make(tmp_path / "download.zip")
    if unpacked:
        zipfile.ZipFile(source).extractall(tmp_path / "download")
        source = tmp_path / "download"
    assert took(course, source, roster)
    assert {path.parent.name for path in Path(course.root).glob("submitted/*/sums")} == set(STUDENTS)
    for student in STUDENTS:
        submission = read_submission(folder(course, student), load_assignment("sums", tmp_path), student)
        assert submission.files == {"sums": CODE}
        found = written(course, student)
        assert found["lib/sums.py"] == CODE
        if (student, make) != ("名字", moodle_download):
            assert found == HOME
            assert submission.notes == ()


def test_what_was_found_for_whom_is_said_and_nothing_is_done_before(course, tmp_path, capsys):
    source = canvas_download(tmp_path / "download.zip")
    assert took(course, source, CANVAS_ROSTER, yes=False, dry_run=True)
    said = capsys.readouterr().out
    assert not took(course, source, CANVAS_ROSTER, yes=False)  # nobody is there who could agree
    assert "Nothing was changed" in capsys.readouterr().out
    assert not (tmp_path / "submitted").exists()
    assert (
        "ann: leeann (Canvas 77), sums.zip\n    2026-05-01 21:30:10 UTC: lib/sums.py, sums.ipynb\n    new"
        in said
    )
    assert "marked as late by the platform" in said
    assert "sums-1.zip is an earlier try" in said
    assert said.endswith("sums: 4 new\n")


def test_the_time_of_the_upload_is_kept_for_lateness(course, tmp_path):
    took(course, canvas_download(tmp_path / "download.zip"), CANVAS_ROSTER)
    assert timestamp(folder(course, "ann")).replace(tzinfo=UTC) == MAY


def test_a_time_that_a_student_wrote_is_not_believed(course, tmp_path):
    forged = {**HOME, "timestamp.txt": b"1999-01-01 00:00:00 UTC"}
    (tmp_path / "d.zip").write_bytes(zipped({"leeann_77_901_sums.zip": zipped(forged)}))
    took(course, tmp_path / "d.zip", CANVAS_ROSTER)
    assert timestamp(folder(course, "ann")).year == 2026


def test_who_is_in_no_roster_or_may_be_two_is_left_out_by_name(course, tmp_path, capsys):
    files = {
        "Eve Strange_1_assignsubmission_file_/sums.py": CODE,
        "Ann Lee_2_assignsubmission_file_/sums.py": CODE,
        "Tom Day_3_assignsubmission_file_/sums.py": CODE,
        "readme.txt": b"",
    }
    (tmp_path / "d.zip").write_bytes(zipped(files))
    roster = "id,last_name,first_name\nann1,Lee,Ann\nann2,Lee,Ann\ntom,Day,Tom\n"
    assert not took(course, tmp_path / "d.zip", roster)
    said = capsys.readouterr().out
    assert "Eve Strange (Moodle 1): left out, is not in the roster" in said
    assert "Ann Lee (Moodle 2): left out, may be ann1 or ann2" in said
    assert "nobody's: readme.txt" in said
    assert [path.name for path in (tmp_path / "submitted").iterdir()] == ["tom"]


def test_the_gradebook_is_the_roster_if_no_other_is_given_and_its_spelling_counts(course, tmp_path):
    source = canvas_download(tmp_path / "download.zip")
    with closing(Gradebook(course.db_url, course.course_id)) as book:
        with pytest.raises(CourseError, match="--roster"):
            took(course, source)
        book.add_student("Ann", first_name="Ann", last_name="Lee")
        book.add_student("tom", lms_user_id="78")
    assert not took(course, source)
    assert {path.name for path in (tmp_path / "submitted").iterdir()} == {"Ann", "tom"}
    assert took(course, source, CANVAS_ROSTER.replace("tom@uni.example", "TOM"))
    assert {path.name for path in (tmp_path / "submitted").iterdir()} == {"Ann", "tom", "juergen", "名字"}


def test_what_is_there_is_replaced_only_by_newer_work_and_only_if_that_is_said(course, tmp_path, capsys):
    def download(code: bytes, day: int) -> bool:
        when = datetime(2026, 5, day, 12, tzinfo=UTC)
        (tmp_path / "d.zip").write_bytes(
            zipped({"leeann_77_901_sums.zip": zipped({**HOME, "lib/sums.py": code}, when)}, when)
        )
        return took(course, tmp_path / "d.zip", CANVAS_ROSTER)

    download(b"def total(x): return 1", 2)
    capsys.readouterr()
    download(b"def total(x): return 2", 3)
    assert "REPLACES what is there, of 2026-05-02 12:00:00 UTC" in capsys.readouterr().out
    download(b"def total(x): return 2", 3)
    assert "the same as what is there" in capsys.readouterr().out
    download(b"def total(x): return 1", 2)
    assert "what is there, of 2026-05-03 12:00:00 UTC, is newer and stays" in capsys.readouterr().out
    assert written(course, "ann")["lib/sums.py"] == b"def total(x): return 2"
    assert [path.name for path in folder(course, "ann").parent.iterdir()] == ["sums"]


def test_a_folder_for_each_student_needs_no_roster(course, tmp_path, capsys):
    files = {
        **in_folder("all/ann/sums"),
        "all/bob/Sums.py": CODE,
        "all/.hidden/sums.py": CODE,
        "all/a[b]/sums.py": CODE,
    }
    (tmp_path / "d.zip").write_bytes(zipped(files))
    assert not took(course, tmp_path / "d.zip")
    assert written(course, "ann") == HOME
    assert written(course, "bob") == {"lib/sums.py": CODE}
    said = capsys.readouterr().out
    assert "missing: sums.ipynb" in said
    assert "a[b]: left out, nbgrader takes * ? [ ] for a pattern" in said


def test_of_several_zip_files_the_last_upload_counts_and_the_stub_never_before_work(course, tmp_path, capsys):
    mine = tmp_path / "download" / "Ann Lee_2_assignsubmission_file_"
    mine.mkdir(parents=True)
    for number, name in enumerate(("first try.zip", "final.zip", "really final.zip")):
        (mine / name).write_bytes(zipped({"lib/sums.py": CODE + b"# %d" % number, "sums.ipynb": NOTEBOOK}))
        os.utime(mine / name, (1_800_000_000 + number,) * 2)
    took(course, tmp_path / "download", "id,last_name,first_name\nann,Lee,Ann\n")
    assert written(course, "ann")["lib/sums.py"] == CODE + b"# 2"
    assert "really final/lib/sums.py was uploaded last" in capsys.readouterr().out
    released = tmp_path / "exercises/sums/lib"
    released.mkdir()
    (released / "sums.py").write_bytes(STUB)
    for path in mine.iterdir():
        path.unlink()
    (mine / "sums.py").write_bytes(STUB)
    (mine / "sums (1).py").write_bytes(CODE)
    os.utime(mine / "sums.py", (1_900_000_000,) * 2)
    took(course, tmp_path / "download", "id,last_name,first_name\nann,Lee,Ann\n")
    assert written(course, "ann") == {"lib/sums.py": CODE}


def test_a_path_never_leads_out_and_a_link_is_not_followed(course, tmp_path):
    link = zipfile.ZipInfo("lib/sums.py")
    link.external_attr = 0o120777 << 16
    evil = io.BytesIO()
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        for name in (
            "../../../out.py",
            "/tmp/out.py",
            "C:\\out.py",
            "..\\..\\out.py",
            "lib/a\nb.py",
            "x" * 300,
        ):
            archive.writestr(name, "out")
        archive.writestr("sums.ipynb", NOTEBOOK)
        archive.writestr("sums.ipynb/inside", "a folder and a file of one name")
    (tmp_path / "d.zip").write_bytes(zipped({"leeann_77_901_sums.zip": evil.getvalue()}))
    before = {path for path in tmp_path.parent.rglob("*") if "submitted" not in path.parts}
    took(course, tmp_path / "d.zip", CANVAS_ROSTER)
    assert written(course, "ann") == {"sums.ipynb": NOTEBOOK}
    after = {path for path in tmp_path.parent.rglob("*") if "submitted" not in path.parts}
    assert {path.name for path in after - before} <= {"roster.csv", "gradebook.db"}


def test_a_tar_archive_is_unpacked_and_what_cannot_be_is_left_out_with_a_sentence(course, tmp_path, capsys):
    files = {
        "leeann_77_901_sums-1.tar.gz": tarred(in_folder("sums")),
        "leeann_77_901_sums.tar.gz": tarred({"sums/lib/sums.py": STUB}),
        "oneilltom_78_902_sums.zip": zipped(
            {"work.tar": tarred(in_folder("sums", {"../out": b"", **HOME}), "w:")}
        ),
        "müllerjürgen_79_903_sums.rar": b"Rar!",
        "名字_80_904_sums.tbz.tar.bz2": tarred({MODULE: CODE}, "w:bz2"),
    }
    (tmp_path / "d.zip").write_bytes(zipped(files))
    assert not took(course, tmp_path / "d.zip", CANVAS_ROSTER)
    assert written(course, "ann") == written(course, "tom@uni.example") == HOME
    assert written(course, "名字") == {MODULE: CODE}
    said = capsys.readouterr().out
    assert "sums.tar.gz is an earlier try and was left out" in said
    assert "sums.rar is not unpacked here: unpack it there yourself, or ask for a zip file" in said
    assert not folder(course, "juergen").exists()


def test_a_tar_bomb_is_bounded(course, tmp_path, capsys):
    longer = tarred({"lib/sums.py": bytes(MAX_BYTES)})
    files = {
        "leeann_77_901_sums.tgz": longer,
        "oneilltom_78_902_sums.tar": b"no archive",
        "名字_80_904_sums.tgz": longer[:99],
    }
    (tmp_path / "d.zip").write_bytes(zipped(files))
    assert not took(course, tmp_path / "d.zip", CANVAS_ROSTER)
    said = capsys.readouterr().out
    assert "sums.tgz has more than 100 MB" in said
    assert said.count("sums.tar is not a tar archive that can be read") == 1
    assert said.count("sums.tgz is not a tar archive that can be read") == 1
    assert not (tmp_path / "submitted").exists()


def test_a_zip_bomb_is_bounded_and_harms_nobody_else(course, tmp_path, capsys):
    bomb = zipped({"lib/sums.py": bytes(MAX_BYTES + 1)})
    nested = zipped({"a.zip": zipped({"b.zip": zipped({"c.zip": zipped({"d.zip": zipped(HOME)})})})})
    files = {
        "leeann_77_901_sums.zip": zipped(in_folder("sums")),
        "oneilltom_78_902_sums.zip": bomb,
        "müllerjürgen_79_903_sums.zip": nested,
        "名字_80_904_sums.zip": b"PK not a zip",
    }
    (tmp_path / "d.zip").write_bytes(zipped(files))
    assert not took(course, tmp_path / "d.zip", CANVAS_ROSTER)
    said = capsys.readouterr().out
    assert "sums/lib/sums.py has more than 100 MB" in said
    assert "lies too deep in other archives" in said
    assert "sums.zip is not a zip file that can be read" in said
    assert said.count("nothing that can be read") == 3
    assert [path.name for path in (tmp_path / "submitted").iterdir()] == ["ann"]


def test_a_source_or_a_roster_that_is_none_is_one_sentence(course, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_text("hello")
    for source, sentence in {
        "nowhere": "cannot be read",
        "empty": "there is no file",
        "text.zip": "is not a zip file",
    }.items():
        with pytest.raises(CourseError, match=sentence):
            took(course, tmp_path / source)
    with pytest.raises(CourseError, match="no columns that name students"):
        took(course, canvas_download(tmp_path / "d.zip"), "what,ever\n1,2\n")


def test_the_command_collects(tmp_path):
    course_for_nbgrader(tmp_path)
    (tmp_path / "roster.csv").write_text(CANVAS_ROSTER, "utf8")
    canvas_download(tmp_path / "download.zip")
    done = run(tmp_path, "grading", "collect", "download.zip", "sums", "--roster", "roster.csv", "--yes")
    assert done.returncode == 0, done.stdout
    assert "4 submissions were laid in submitted/" in done.stdout
    assert len(list(tmp_path.glob("submitted/*/sums/lib/sums.py"))) == 4
