"""nbgrader's exchange to its end, by its own commands: from the release to the page in the student's folder."""

import shutil
from pathlib import Path

import pytest

from tests.support.course_copy import succeed
from tests.support.small_course import REFERENCE, course_for_nbgrader

NAME = "sums"


class Exchange:
    """A course and the homes of its students, between which the exchange lies."""

    def __init__(self, folder: Path):
        self.course, self.root, self.folder = folder / "course", folder / "exchange", folder
        for path in (self.course, self.root):
            path.mkdir()
        self.root.chmod(0o777)
        course_for_nbgrader(self.course)

    def teacher(self, *arguments: str) -> str:
        return succeed(self.course, *arguments, f"--Exchange.root={self.root}")

    def student(self, name: str, *arguments: str) -> str:
        """Run a command of nbgrader's as this student, who has nothing of the course but what was fetched."""
        home = self.folder / name
        home.mkdir(exist_ok=True)
        options = (f"--Exchange.root={self.root}", "--course=llm", f"--student={name}")
        cache = f"--Exchange.cache={home}/.cache"
        return succeed(home, "nbgrader", *arguments, *options, cache)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory) -> Exchange:
    """Ada has handed in twice by the exchange, bob by another way, and both have been graded and got feedback."""
    exchange = Exchange(tmp_path_factory.mktemp("exchange"))
    exchange.teacher("nbgrader", "generate_assignment", NAME)
    exchange.teacher("nbgrader", "release_assignment", NAME)
    exchange.student("ada", "fetch_assignment", NAME)
    exchange.student("ada", "submit", NAME)
    (exchange.folder / "ada" / NAME / "lib" / "sums.py").write_text(REFERENCE)
    exchange.student("ada", "submit", NAME)
    exchange.teacher("nbgrader", "collect", NAME)
    shutil.copytree(exchange.course / "exercises" / NAME, exchange.course / "submitted" / "bob" / NAME)
    exchange.teacher("grading", "grade", NAME)
    exchange.teacher("nbgrader", "release_feedback", NAME)
    return exchange


def test_the_student_gets_the_page_of_the_last_work(exchange):
    exchange.student("ada", "fetch_feedback", NAME)
    (page,) = (exchange.folder / "ada" / NAME / "feedback").glob(f"*/{NAME}.html")
    assert "<title>sums: 12 of 13 points</title>" in page.read_text("utf8")


def test_the_page_of_work_that_came_another_way_is_there_and_nobody_can_guess_its_name(exchange):
    pages = {path.read_text("utf8") for path in (exchange.root / "llm" / "feedback").glob("*.html")}
    assert pages == {path.read_text("utf8") for path in exchange.course.glob("feedback/*/sums/sums.html")}
    secrets = {path.read_text() for path in exchange.course.glob("feedback/*/sums/submission_secret.txt")}
    assert len(secrets) == 2
    assert min(map(len, secrets)) >= 64
