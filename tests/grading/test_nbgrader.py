"""The whole way through nbgrader's own commands: release, submit, autograde, feedback, export, validate."""

import csv
import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from grading.assignment import load_assignment
from grading.release.sample_class import ANSWER, SampleClass
from tests.support.course_copy import NAME, copy_course, hand_in_sample, succeed
from tests.support.spoilt import FULL, QUESTIONS, SPOILT, submit

SEED = "a seed for tests"


class Grades:
    """What the gradebook says of a student now."""

    def __init__(self, course: Path):
        self.course = course
        self.url = f"sqlite:///{course}/gradebook.db"

    def auto(self, student: str, of=tuple(FULL)) -> dict[str, float | None]:
        with Gradebook(self.url, "llm") as book:
            grades = book.find_submission_notebook(NAME, NAME, student).grades
            return {grade.name: grade.auto_score for grade in grades if grade.name in of}

    def waiting(self, student: str) -> set[str]:
        with Gradebook(self.url, "llm") as book:
            grades = book.find_submission_notebook(NAME, NAME, student).grades
            return {grade.name for grade in grades if grade.needs_manual_grade}

    def everything(self) -> dict:
        with Gradebook(self.url, "llm") as book:
            return {
                student.id: (self.auto(student.id, [*FULL, *QUESTIONS]), self.waiting(student.id))
                for student in book.students
            }


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A small course with its sample class and the spoilt submissions, graded once with a known seed."""
    course = copy_course(tmp_path_factory.mktemp("course"))
    succeed(course, "nbgrader", "generate_assignment", NAME)
    hand_in_sample(course, NAME)
    for student, (spoil, _, _) in SPOILT.items():
        submit(course, student, spoil)
    (course / "said").write_text(succeed(course, "grading", "grade", NAME, f"--Judge.seed={SEED}"), "utf8")
    return course


@pytest.fixture(scope="module")
def grades(course) -> Grades:
    return Grades(course)


def verdict_of(course: Path, student: str) -> dict:
    return json.loads((course / "autograded" / student / NAME / "verdict.json").read_text("utf8"))


def graded_notebook(course: Path, student: str):
    return nbformat.read(course / "autograded" / student / NAME / f"{NAME}.ipynb", as_version=4)


def test_the_sample_class_gets_what_it_should(course, grades):
    for student, points in SampleClass(load_assignment(NAME, course)).expected().items():
        assert (student, grades.auto(student)) == (student, points)


@pytest.mark.parametrize("student", SPOILT)
def test_bad_form_costs_no_more_than_it_must(student, course, grades):
    _, points, note = SPOILT[student]
    assert grades.auto(student) == points
    notes = verdict_of(course, student)["notes"]
    assert any(note in sentence for sentence in notes) if note else notes == []


@pytest.mark.parametrize(
    ("student", "note"),
    [
        ("form-no-notebook", f"{NAME}.ipynb is missing"),
        ("form-not-a-notebook", f"{NAME}.ipynb is not a notebook"),
        ("form-extra-file", "lib/torch.py is not part of the assignment and was not used"),
        ("form-no-module", "lib/attention.py is missing"),
    ],
)
def test_a_student_reads_what_was_wrong_with_the_form(student, note, course):
    page = (course / "feedback" / student / NAME / f"{NAME}.html").read_text("utf8")
    assert note in graded_notebook(course, student).cells[0].source
    assert note in re.sub("<[^>]*>", "", page)


def test_an_answer_waits_for_a_human_and_none_gets_nothing(grades):
    assert grades.waiting("reference") == set(QUESTIONS)
    assert grades.auto("reference", QUESTIONS) == dict.fromkeys(QUESTIONS)
    assert grades.waiting("stub") == set()
    assert grades.auto("stub", QUESTIONS) == dict.fromkeys(QUESTIONS, 0.0)
    assert grades.waiting("deleted") == set()


def test_the_graded_notebook_is_the_released_one_with_texts_put_in(course):
    released = nbformat.read(course / "exercises" / NAME / f"{NAME}.ipynb", as_version=4)
    graded = graded_notebook(course, "tampered")
    assert [cell.metadata for cell in graded.cells[: len(released.cells)]] == [
        c.metadata for c in released.cells
    ]
    assert [cell.id for cell in graded.cells[len(released.cells) :]] == ["file-attention"]
    assert graded_notebook(course, "duplicated").cells[0].id == "notes"
    cells = graded_notebook(course, "duplicated").cells
    later = [cell for cell in cells if cell.source == f"{ANSWER}\n\nthe later one"]
    assert [cell.metadata.nbgrader.grade_id for cell in later] == [QUESTIONS[0]]


def test_a_mistake_is_named_in_the_test_cell_and_on_the_page_without_details(course):
    cell = next(c for c in graded_notebook(course, "mistake-unscaled").cells if c.id == "attend")
    said, points = cell.outputs
    assert "→ " in said.text
    assert "yours is" not in said.text
    assert "+ 7 points: all that fails here is one known mistake" in said.text
    assert (said.name, points.data["text/plain"]) == ("stdout", "7.0")


def test_the_pages_fetch_and_run_nothing(course):
    pages = list(course.glob("feedback/*/*/*.html"))
    assert len(pages) == len(list((course / "submitted").iterdir()))
    for page in pages:
        html = page.read_text("utf8")
        assert re.findall(r"<(?:script|link|iframe|object|embed)\b", html) == []
        assert re.findall(r"""(?:src|srcset|data)=["']?(?!data:)[^"' >]+""", html) == []
        assert re.findall(r"<[^<>]*\son\w+=", html) == []
        assert re.findall(r"""href=["']?(?!#|https?:)[^"' >]+""", html) == []
        assert re.findall(r"url\(|@import|MathJax\.Hub", html.split("<body")[0]) == []
        assert "Content-Security-Policy" in html


def fetch(address: str) -> str:
    request = urllib.request.Request(address, headers={"Authorization": "token secret"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode()


@pytest.fixture
def server(course) -> Iterator[str]:
    """The address of a Jupyter server in the course's folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["root_dir=.", f"port={port}", "open_browser=False", "allow_root=True"]
    command = [sys.executable, "-m", "jupyter", "server", *(f"--ServerApp.{option}" for option in options)]
    with open(course / "server.log", "w") as log:
        process = subprocess.Popen(
            [*command, "--IdentityProvider.token=secret"], cwd=course, stdout=log, stderr=log
        )
        try:
            for _ in range(240):
                with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                assert process.poll() is None, (course / "server.log").read_text()
                time.sleep(0.25)
            yield f"http://127.0.0.1:{port}/formgrader"
        finally:
            process.terminate()
            process.wait(30)


def test_the_formgrader_shows_everybody_and_runs_nothing_of_theirs(server, course):
    listed = {row["student"]: row for row in json.loads(fetch(f"{server}/api/submissions/{NAME}"))}
    assert set(listed) == {path.name for path in (course / "submitted").iterdir()}
    assert all(row["autograded"] for row in listed.values())
    notebooks = json.loads(fetch(f"{server}/api/submitted_notebooks/{NAME}/{NAME}"))
    page = fetch(
        f"{server}/submissions/{next(row['id'] for row in notebooks if row['student'] == 'script')}/"
    )
    assert "&lt;script&gt;document.title" in page
    assert re.findall(r"<script>document|<[^<>]*\sonerror=|<[^<>]*example\.org", page) == []


def test_verdicts_stay_with_the_instructor(course):
    for_the_exchange = {"timestamp.txt", "submission_secret.txt"}
    assert {path.name for path in course.glob("feedback/*/*/*")} == {f"{NAME}.html", *for_the_exchange}


def test_grades_are_exported(course):
    with open(course / "grades.csv", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {path.name for path in (course / "submitted").iterdir()} == set(rows)
    assert float(rows["reference"]["score"]) == sum(FULL.values())
    assert rows["late"]["timestamp"] == "2026-01-02 03:04:05"


def test_the_table_shows_the_class(course):
    said = (course / "said").read_text("utf8")
    assert re.search(r"^mistake-unscaled +6 +7 +12 +8 +33 +19 +unscaled$", said, re.M)
    assert re.search(r"^reference +6 +14 +12 +8 +40 +3$", said, re.M)


def test_a_second_run_has_nothing_to_do(course, grades):
    before = grades.everything()
    said = succeed(course, "nbgrader", "autograde", NAME)
    assert said.count("unchanged, the grade stays") == len(before)
    assert grades.everything() == before


def test_the_same_seed_gives_the_same_verdict_and_another_does_not(course):
    path = course / "autograded" / "mistake-unscaled" / NAME / "verdict.json"
    before = path.read_bytes()
    again = ["nbgrader", "autograde", NAME, "--force", "--student", "mistake-unscaled"]
    succeed(course, *again, f"--Judge.seed={SEED}")
    assert path.read_bytes() == before
    succeed(course, *again)
    assert path.read_bytes() != before
