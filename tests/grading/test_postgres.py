"""PostgreSQL as gradebook: the same commands, and the scores are there and nowhere else."""

import csv
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from grading.assignment import load_assignment
from grading.release.sample_class import SampleClass
from tests.support.course_copy import NAME, copy_course, hand_in_sample, run, succeed
from tests.support.spoilt import FULL, QUESTIONS

STUDENTS = ("reference", "mistake-unscaled", "stub", "form-no-notebook")
DUE, HANDED_IN = datetime(2026, 1, 1), "2026-01-01 01:00:00 UTC"  # an hour late, which costs a tenth
PROGRAMS = [*sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True), os.environ["PATH"]]


@dataclass(frozen=True)
class Course:
    """A course in a folder and its gradebook."""

    folder: Path
    url: str

    def succeed(self, *arguments: str) -> str:
        return succeed(self.folder, *arguments, f"--CourseDirectory.db_url={self.url}")

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        return run(self.folder, *arguments, f"--CourseDirectory.db_url={self.url}")

    def book(self) -> closing:
        return closing(Gradebook(self.url, "llm"))

    def scores(self) -> dict[str, dict[str, float | None]]:
        with self.book() as book:
            return {
                row.student.id: {grade.name: grade.auto_score for grade in row.grades}
                for row in book.notebook_submissions(NAME, NAME)
            }


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL server of our own, which nothing but a socket in its folder leads to; yields that folder."""
    initdb, pg_ctl = (shutil.which(name, path=os.pathsep.join(PROGRAMS)) for name in ("initdb", "pg_ctl"))
    if not (initdb and pg_ctl):
        pytest.skip("there is no PostgreSQL here; install it, on Debian with: apt-get install postgresql")
    # Not a folder of pytest's, which no other user may enter: as root the server refuses to run.
    with tempfile.TemporaryDirectory() as folder:
        user = server_user()
        shutil.chown(folder, user.pw_uid, user.pw_gid)

        def start(*command: str) -> None:
            identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            done = subprocess.run(
                command, cwd=folder, stdin=subprocess.DEVNULL, **identity if os.geteuid() == 0 else {}
            )
            assert done.returncode == 0, command

        data, log = f"{folder}/data", f"{folder}/log"
        start(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        start(pg_ctl, "-D", data, "-l", log, "-w", "-o", f"-F -k {folder} -c listen_addresses=", "start")
        yield folder
        start(pg_ctl, "-D", data, "-m", "immediate", "stop")


def server_user() -> pwd.struct_passwd:
    """Return who the server runs as: whoever runs the tests, but never root."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid())
    names = {user.pw_name for user in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def address(server: str, database: str) -> str:
    return f"postgresql://postgres@/{database}?host={server}"


@pytest.fixture(scope="module")
def graded(server, tmp_path_factory) -> Course:
    """A course of which a few of the sample class have been graded, one of them late."""
    folder = copy_course(tmp_path_factory.mktemp("course"))
    course = Course(folder, address(server, "postgres"))
    with open(folder / "nbgrader_config.py", "a") as file:
        file.write("\nc.LatePolicy.grace_minutes = 0\nc.LatePolicy.percent_per_day = 10\n")
    course.succeed("nbgrader", "generate_assignment", NAME)
    hand_in_sample(folder, NAME)
    for path in (folder / "submitted").iterdir():
        if path.name not in STUDENTS:
            shutil.rmtree(path)
    (folder / "submitted" / "mistake-unscaled" / NAME / "timestamp.txt").write_text(HANDED_IN)
    with course.book() as book:
        book.update_or_create_assignment(NAME, duedate=DUE)
    course.succeed("grading", "grade", NAME)
    return course


@pytest.fixture
def course(graded, server, tmp_path) -> Course:
    """A copy of that course and of its gradebook to change."""
    folder = Path(shutil.copytree(graded.folder, tmp_path / "course"))
    with psycopg.connect(address(server, "template1"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS copy")
        connection.execute("CREATE DATABASE copy TEMPLATE postgres")
    return Course(folder, address(server, "copy"))


def test_everyone_gets_the_right_points(graded):
    expected = SampleClass(load_assignment(NAME, graded.folder)).expected()
    found = {name: {test: scores[test] for test in FULL} for name, scores in graded.scores().items()}
    assert found == {student: expected[student] for student in STUDENTS}


def test_there_is_no_other_gradebook(graded):
    assert list(graded.folder.rglob("*.db")) == []


def test_lateness_costs_what_it_should(graded):
    with graded.book() as book:
        late = {name: book.find_submission(NAME, name).late_submission_penalty for name in STUDENTS}
    of = sum(graded.scores()["mistake-unscaled"][test] for test in FULL)
    assert late == {**dict.fromkeys(STUDENTS, 0), "mistake-unscaled": pytest.approx(0.1 * of)}


def test_grading_again_has_nothing_to_do(course):
    before = course.scores()
    assert course.succeed("nbgrader", "autograde", NAME).count("unchanged, the grade stays") == len(STUDENTS)
    assert course.scores() == before


def test_points_that_a_human_gave_survive_a_regrade(course):
    with course.book() as book:  # as the formgrader does
        for name, points in (("why_scale", 3.0), ("masks", 5.0)):
            grade = book.find_grade(name, NAME, NAME, "reference")
            grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()
    course.succeed("grading", "regrade", NAME, "reference", "--seed", "fresh")
    with course.book() as book:
        found = {g.name: g for g in book.find_submission_notebook(NAME, NAME, "reference").grades}
        assert (found["why_scale"].manual_score, found["masks"].manual_score) == (3.0, 5.0)
        assert {name: found[name].auto_score for name in FULL} == FULL
        assert found["masks"].needs_manual_grade  # a human looks at it again
    assert "reference: masks was given 5 by a human" in course.succeed("grading", "audit", NAME)


def test_audit_finds_what_was_altered_and_reconcile_mends_it(course):
    before = course.scores()
    assert f"{len(STUDENTS)} verdicts, 0 differences" in course.succeed("grading", "audit", NAME)
    with course.book() as book:
        book.find_grade("heads", NAME, NAME, "stub").auto_score = 1000.0
        book.db.commit()
    done = course.run("grading", "audit", NAME)
    assert done.returncode == 1
    assert "stub: heads is 1000 in the gradebook, 0 in the record" in done.stdout
    assert "1 differences, all mended" in course.succeed("grading", "reconcile", NAME)
    assert course.scores() == before


def test_everyone_has_a_feedback_page_and_a_line_in_the_exports(graded):
    assert {path.parts[-3] for path in graded.folder.glob(f"feedback/*/{NAME}/{NAME}.html")} == set(STUDENTS)
    graded.succeed("grading", "export", NAME)
    for table, column in (("grades.csv", "student_id"), (f"reports/{NAME}-csv.csv", "student")):
        with open(graded.folder / table, newline="") as file:
            scores = {row[column]: float(row["score"]) for row in csv.DictReader(file)}
        assert set(scores) == set(STUDENTS)
        assert scores["reference"] == sum(FULL.values())


def test_the_formgrader_lists_everybody_and_what_waits(graded):
    api = NbGraderAPI(CourseDirectory(db_url=graded.url, root=str(graded.folder), course_id="llm"))
    listed = {row["student"]: row for row in api.get_submissions(NAME)}
    assert set(listed) == set(STUDENTS)
    assert listed["reference"]["code_score"] == sum(FULL.values())
    assert {name for name in listed if listed[name]["needs_manual_grade"]} == {
        "reference",
        "form-no-notebook",
    }


def test_nbgrader_can_upgrade_its_tables(course):
    course.succeed("nbgrader", "db", "upgrade")
    assert set(course.scores()["reference"]) == {*FULL, *QUESTIONS}
