"""No attack gains a point, touches anything outside or harms a classmate. One class, through nbgrader's commands."""

import csv
import ctypes
import hashlib
import json
import os
import re
import socket
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.attacks import BREACH, REPELLED
from tests.support.attack_class import (
    ATTACKS,
    CLASSMATES,
    SECRET,
    aim,
    answer,
    honest_copy,
    lay_canary,
    lay_class,
    lay_course,
)
from tests.support.course_copy import NAME, run, succeed

pytestmark = pytest.mark.slow

FULL = {"masks": 6.0, "attend": 14.0, "heads": 12.0, "blocks": 8.0}
SET_CHILD_SUBREAPER = 36
TRIED = [
    a
    for a in ATTACKS
    if "attempt(" in (Path(__file__).parents[1] / "attacks").joinpath(f"{a}.py").read_text()
]


def children() -> set[int]:
    """Return the living processes whose parent is this one."""
    words = [word for path in Path("/proc/self/task").glob("*/children") for word in path.read_text().split()]
    states = {word: Path(f"/proc/{word}/stat").read_text().rpartition(")")[2].split()[0] for word in words}
    return {int(word) for word, state in states.items() if state != "Z"}


def prints(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Aftermath:
    """All that is there once the class has been graded."""

    def __init__(self, tmp: Path):
        self.course = tmp / "course"
        lay_course(self.course)
        succeed(self.course, "nbgrader", "generate_assignment", NAME)
        with socket.create_server(("127.0.0.1", 0)) as self.server:
            self.canary = lay_canary(self.course, self.server.getsockname()[1])
            lay_class(self.course)
            self._grade()
            self.server.setblocking(False)
            with pytest.raises(BlockingIOError):
                self.server.accept()
        with Gradebook(f"sqlite:///{self.course / 'gradebook.db'}", "llm") as book:
            self.students = {student.id for student in book.students}
            self.cells = {cell.name: cell.max_score for cell in book.find_notebook(NAME, NAME).grade_cells}
            self.points = {student: self._points(book, student) for student in self.students}

    def _grade(self) -> None:
        outside = [self.canary, *(self.course / part for part in ("lib", "check", "solutions", "exercises"))]
        before, running = [prints(folder) for folder in outside], children()
        command = ("nbgrader", "autograde", NAME, "--Judge.seed=attacks")
        self.graded = run(self.course, *command, ATTACK_SECRET="ATTACK_SECRET")
        succeed(self.course, "nbgrader", "generate_feedback", NAME)
        succeed(self.course, "nbgrader", "export")
        self.left_running = children() - running
        self.touched = [prints(folder) for folder in outside] != before

    def _points(self, book: Gradebook, student: str) -> dict[str, float]:
        grades = book.find_submission_notebook(NAME, NAME, student).grades
        return {grade.name: grade.auto_score for grade in grades if grade.name in FULL}

    def verdict(self, student: str) -> dict:
        return json.loads((self.course / "autograded" / student / NAME / "verdict.json").read_text("utf8"))

    def written(self, student: str) -> str:
        """Return all that was written about one student."""
        folders = [self.course / step / student / NAME for step in ("autograded", "feedback")]
        return "".join(path.read_text("utf8") for folder in folders for path in folder.iterdir())


@pytest.fixture(scope="module")
def after(tmp_path_factory) -> Aftermath:
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # what outlives its parent becomes ours
    try:
        yield Aftermath(tmp_path_factory.mktemp("attacks"))
    finally:
        ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def test_there_are_attacks_enough_and_each_has_an_aim():
    assert len(ATTACKS) >= 40
    for attack in ATTACKS:
        text = (Path(__file__).parents[1] / "attacks").joinpath(f"{attack}.py").read_text("utf8")
        assert text.startswith('"""Aim: '), attack
        assert aim(attack)


def test_the_command_succeeds_and_everybody_has_a_verdict(after):
    assert after.graded.returncode == 0, after.graded.stdout[-3000:]
    folders = {path.name for path in (after.course / "submitted").iterdir()}
    assert after.students == folders == {path.name for path in (after.course / "autograded").iterdir()}


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_gains_a_point(after, attack):
    honest = after.points[honest_copy(attack)]
    mine = after.points[attack]
    assert mine.keys() == FULL.keys()
    assert all(mine[exercise] <= honest[exercise] for exercise in FULL), (mine, honest)


@pytest.mark.parametrize("attack", TRIED)
def test_what_was_tried_was_repelled(after, attack):
    errors = " ".join(mark["error"] for mark in after.verdict(attack)["marks"])
    assert REPELLED in errors
    assert f"{BREACH}:" not in errors


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_secret_is_carried_out(after, attack):
    written = after.written(attack)
    assert SECRET not in written
    if answer(attack) == "stub":
        assert "torch.ones(T, S, dtype=torch.bool).tril" not in written  # a line of the reference


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_feedback_page_runs_a_script(after, attack):
    page = (after.course / "feedback" / attack / NAME / f"{NAME}.html").read_text("utf8")
    assert "default-src 'none'" in page
    assert not re.search(
        r"<(script|iframe|svg|object|embed)\b|<[^>]+\son\w+\s*=|href\s*=\s*.javascript:", page, re.I
    )


def test_nothing_outside_is_touched(after):
    assert not after.touched


def test_nothing_goes_on_running(after):
    assert after.left_running == set()


def test_nobody_listens(after):
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int((after.canary / "free").read_text())), 2)


def test_classmates_have_what_they_should(after):
    for student in (*CLASSMATES, "honest-reference"):
        assert after.points[student] == FULL
        assert {mark["reason"] for mark in after.verdict(student)["marks"]} == {"passed"}


def test_the_gradebook_has_no_cell_and_no_point_that_the_course_did_not_give(after):
    written = {"why_scale": 4, "hidden_rows": 3, "who_looks": 3}
    assert after.cells == {**FULL, **written}


def test_no_cell_of_the_grades_is_a_formula(after):
    with open(after.course / "grades.csv", encoding="utf8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1 + len(after.students)
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "\t", "\r")]
    assert len(os.listdir(after.course / "submitted")) == len(after.students)
