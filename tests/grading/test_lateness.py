"""Late penalties follow whatever happens after the grading, in whatever order, and times are never guessed."""

import csv
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import ExportApp
from nbgrader.apps.api import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from grading import commands
from grading.assignment import load_assignment
from grading.bridge.times import parse_time
from tests.support.course_copy import succeed
from tests.support.small_course import REFERENCE, course_for_nbgrader

NAME = "sums"
TESTS = 12.0
HANDED_IN = datetime(2026, 5, 2, 1)


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Path:
    """A course in which ada has everything right, and which had no due date when it was graded."""
    course = tmp_path_factory.mktemp("course")
    course_for_nbgrader(course)
    with open(course / "nbgrader_config.py", "a") as file:
        file.write('\nc.LatePolicy.percent_per_day = 10\nc.NbGraderAPI.timezone = "Europe/Berlin"\n')
    succeed(course, "nbgrader", "generate_assignment", NAME)
    folder = Path(shutil.copytree(course / "exercises" / NAME, course / "submitted" / "ada" / NAME))
    (folder / "lib" / "sums.py").write_text(REFERENCE)
    (folder / "timestamp.txt").write_text("2026-05-02 03:00:00 CEST")
    notebook = folder / f"{NAME}.ipynb"
    notebook.write_text(notebook.read_text("utf8").replace("YOUR ANSWER HERE", "Mine."), "utf8")
    succeed(course, "grading", "grade", NAME)
    return course


@pytest.fixture
def course(graded, tmp_path, monkeypatch) -> Path:
    """A copy of that course, as the working directory."""
    course = Path(shutil.copytree(graded, tmp_path / "course"))
    monkeypatch.chdir(course)
    return course


def change(event: Callable[[Gradebook], None]) -> None:
    """Do something to the gradebook as a script of the instructor's does, which knows nothing of this course."""
    with closing(Gradebook("sqlite:///gradebook.db", "llm")) as book:
        event(book)


def give_points(book: Gradebook, points: float = 1.0) -> None:
    grade = book.find_grade("why", NAME, NAME, "ada")
    grade.manual_score, grade.needs_manual_grade = points, False
    book.db.commit()


def set_due(book: Gradebook, time: datetime = datetime(2026, 5, 1)) -> None:
    book.update_or_create_assignment(NAME, duedate=time)


def extend(book: Gradebook) -> None:
    book.grant_extension(NAME, "ada", days=1)


def app() -> NbGrader:
    app = NbGrader()
    app.initialize([])
    return app


def shown(capsys) -> set[tuple[float, float]]:
    """Return penalty and score as each of the commands shows them to the instructor."""
    nbgrader = app()
    course, assignment = nbgrader.coursedir, load_assignment(NAME, Path.cwd())
    commands.table(course, [assignment])
    heads, *lines = (line.split() for line in capsys.readouterr().out.splitlines())
    row = dict(zip(heads, next(line for line in lines if line[0] == "ada"), strict=False))
    found = {(-float(row.get("late", 0)), float(row["score"]))}
    commands.export(course, [assignment], format="csv")
    found.add(in_file("reports/sums-csv.csv", "late_penalty"))
    capsys.readouterr()
    export = ExportApp()
    export.initialize([])
    export.start()
    found.add(in_file("grades.csv", "late_submission_penalty"))
    return {(round(late, 9), round(score, 9)) for late, score in found}


def in_file(path: str, late: str) -> tuple[float, float]:
    with open(path, newline="") as file:
        (row,) = csv.DictReader(file)
    return float(row[late]), float(row["score"])


EVENTS = {"due": set_due, "points": give_points, "extension": extend}


@pytest.mark.parametrize("order", list(permutations(EVENTS)), ids="-".join)
def test_the_penalty_follows_whatever_changes_in_whatever_order(course, order, capsys):
    done = set()
    for event in order:
        change(EVENTS[event])
        done.add(event)
        points = TESTS + ("points" in done)
        # 25 hours late costs 20 percent; with a day more it is an hour, which costs 10.
        percent = (20 - 10 * ("extension" in done)) if "due" in done else 0
        penalty = points * percent / 100
        assert shown(capsys) == {(round(penalty, 9), round(points - penalty, 9))}


def test_a_due_date_that_is_moved_or_taken_away_takes_the_penalty_with_it(course, capsys):
    for due, penalty in {
        datetime(2026, 5, 1): 2.4,
        datetime(2026, 5, 2): 1.2,
        datetime(2026, 5, 3): 0.0,
        datetime(2026, 1, 1): 6.0,
        None: 0.0,
    }.items():
        change(lambda book, due=due: set_due(book, due))
        assert shown(capsys) == {(penalty, TESTS - penalty)}


def test_the_feedback_page_and_the_formgrader_say_it_too(course):
    nbgrader = app()
    formgrader = NbGraderAPI(coursedir=CourseDirectory(parent=nbgrader), parent=nbgrader)
    change(set_due)
    change(give_points)
    with formgrader.gradebook as book:
        assert book.find_submission(NAME, "ada").late_submission_penalty == pytest.approx(2.6)
    change(lambda book: give_points(book, 0.0))
    nbgrader.coursedir.assignment_id = NAME
    GenerateFeedback(coursedir=nbgrader.coursedir, parent=nbgrader).start()
    page = Path("feedback/ada/sums/sums.html").read_text("utf8")
    assert "<title>sums: 9.6 of 13 points</title>" in page


def test_the_formgrader_takes_a_due_date_in_the_course_s_time_zone_and_refuses_one_it_does_not_know(course):
    nbgrader = app()
    formgrader = NbGraderAPI(coursedir=CourseDirectory(parent=nbgrader), parent=nbgrader)
    asked = formgrader.get_assignment(NAME)
    assert asked["duedate_timezone"] == "Europe/Berlin"
    with formgrader.gradebook as book:  # as its page does with what stands in the form
        for month, utc in {"07": datetime(2026, 7, 1, 21, 59), "12": datetime(2026, 12, 1, 22, 59)}.items():
            book.update_or_create_assignment(NAME, duedate=f"2026-{month}-01T23:59 Europe/Berlin")
            assert book.find_assignment(NAME).duedate == utc
        with pytest.raises(ValueError, match="no time but"):
            book.update_or_create_assignment(NAME, duedate="2026-07-01T23:59 IST")
    assert formgrader.get_assignment(NAME)["display_duedate"] == "2026-12-01 23:59:00 CET"


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-02 03:00:00 +0200",
        "2026-05-02 03:00 +02:00",
        "2026-05-02T01:00:00Z",
        "2026-05-02 01:00",
        "2026-05-02 03:00:00 AM CEST",
        "2026-05-01 6:00 PM PDT",
        "2026-05-02 01:00:00.000000 UTC",
        "Sat May  2 03:00:00 CEST 2026",
        "Sat, 02 May 2026 03:00:00 +0200 (CEST)",
        "2026-05-02 03:00 Europe/Berlin",
        "2026-05-01T18:00:00 America/Los_Angeles",
        "2026-05-02 03:00 UTC+2",
        "20260502T010000Z",
        "May 2, 2026 3:00 am CEST",
        "2026-05-02 06:30 +5:30",
    ],
)
def test_a_time_is_read_as_it_was_meant(text):
    assert parse_time(text) == HANDED_IN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "23:30",
        "11:50:00 PM",
        "May",
        "5 May",
        "2026",
        "2026-05-02",
        "Friday 23:30",
        "10:00 2026",
        "01/05/2026 23:30",  # in January or in May
        "1 May 26 23:30",
        "2026-05-01 23:30 IST",  # in India, Ireland or Israel
        "2026-05-01 23:30 CST",  # in Chicago or Shanghai
        "2026-05-01 23:30 XYZ",
        "2026-05-01 23:30 Mars/Olympus",
        "2026-05-01 25:30",
        "2026-13-01 23:30",
        "0026-05-01 23:30",
        "1777671000",
        "yesterday, I think",
        "2026-05-01 23:30 2026-05-02 23:30",
        "2026-05-01 23:30 +0200 Europe/Berlin",
    ],
)
def test_what_is_no_time_is_refused_and_not_guessed(text):
    with pytest.raises(ValueError, match="no time but .*; write it as 2026-05-01 23:30 \\+0200"):
        parse_time(text)


def test_no_machine_s_own_time_zone_comes_in(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    try:
        with pytest.raises(ValueError, match="no time but"):
            parse_time("2026-05-01 23:30 IST")
        assert parse_time("2026-05-02 01:00") == HANDED_IN
    finally:
        monkeypatch.undo()
        time.tzset()
    assert timedelta() == parse_time("2026-05-02 01:00") - HANDED_IN
