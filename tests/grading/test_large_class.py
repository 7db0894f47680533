"""A class of 1,000: a batch that is killed and started again loses nothing, doubles nothing and does not grow."""

import re
import shutil
import signal
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from check.mark import ERROR, MISSING, PASSED, WRONG
from grading.bridge.batch import COMMIT_SECONDS
from grading.record import latest, read, record_path
from grading.verdict import CRASHED, MALFORMED
from tests.support.course_copy import succeed
from tests.support.process_table import descendants
from tests.support.small_course import REFERENCE, course_for_nbgrader
from tests.support.terminal_run import Run

pytestmark = pytest.mark.slow

SIZE = 1000
FIRST, MORE = 100, 250  # graded by the first run, and by the second before it is killed
# Of each who waits the batch holds the work and a place in the queue, some 10 kB; of those who have a grade, nothing.
WAITING_MB, DONE_MB = 0.02 * (SIZE - FIRST), 8.0

BOTH = ("batch", "workers")
REST = {"double": 5.0, "tell": 4.0}

# What `total` returns, the points of each exercise, and the reasons of the two probes of `total`.
KINDS = {
    "right": ("x.sum()", {"total": 3.0, **REST}, (PASSED, PASSED)),
    "another way": ("x.sum() * 1.0", {"total": 3.0, **REST}, (PASSED, PASSED)),
    "a known mistake": ("x.mean()", {"total": 1.0, **REST}, (PASSED, WRONG)),
    "wrong": ("x.sum() + 1", {"total": 0.0, **REST}, (WRONG, WRONG)),
    "an error": ("undefined", {"total": 0.0, **REST}, (ERROR, ERROR)),
    "exits": ("exit()", {"total": 0.0, **REST}, (ERROR, ERROR)),
    "crashes": ("__import__('os')._exit(0)", {"total": 0.0, **REST}, (CRASHED, CRASHED)),
    "no values": ("10**400", {"total": 0.0, **REST}, (MALFORMED, MALFORMED)),
    "no syntax": ("x.sum(", {"total": 0.0, "double": 0.0, "tell": 0.0}, (ERROR, ERROR)),
    "no module": (None, {"total": 0.0, "double": 0.0, "tell": 0.0}, (MISSING, MISSING)),
    "no notebook": ("x.sum()", {"total": 3.0, **REST}, (PASSED, PASSED)),
}
CLASS = {f"{number:04}": list(KINDS)[number % len(KINDS)] for number in range(SIZE)}


@dataclass
class Story:
    """What happened: a run of the first hundred, one of all that is killed, and one of all that goes on."""

    course: Path
    runs: list[Run] = field(default_factory=list)
    verdicts: dict[str, bytes] = field(default_factory=dict)  # those there were after the kill
    kept: set[str] = field(default_factory=set)  # whose points were in the gradebook then
    survivors: set[int] = field(default_factory=set)  # the processes that outlived the batch
    early: dict[str, float] = field(default_factory=dict)  # the last run's peaks when it had graded a hundred


def hand_in(course: Path, student: str, kind: str) -> None:
    folder = course / "submitted" / student / "sums"
    (folder / "lib").mkdir(parents=True)
    total = KINDS[kind][0]
    if total:
        (folder / "lib" / "sums.py").write_text(REFERENCE.replace("x.sum()", total))
    if kind != "no notebook":
        shutil.copy(course / "exercises" / "sums" / "sums.ipynb", folder)


def lines(course: Path) -> int:
    """Return how many verdicts the record has."""
    path = record_path(course, "sums")
    return path.read_bytes().count(b"\n") if path.is_file() else 0


def verdicts(course: Path) -> dict[str, bytes]:
    return {path.parts[-3]: path.read_bytes() for path in course.glob("autograded/*/sums/verdict.json")}


def points(course: Path) -> list[tuple[str, dict[str, float | None]]]:
    """Return what each submission in the gradebook has."""
    with closing(Gradebook(f"sqlite:///{course}/gradebook.db", "llm")) as book:
        rows = book.notebook_submissions("sums", "sums")
        found = [
            (row.student.id, {grade.name: grade.auto_score for grade in row.grades if grade.name != "why"})
            for row in rows
        ]
    return sorted(found, key=lambda row: row[0])


def survivors(pids: set[int], seconds: float = 10) -> set[int]:
    """Return which of these processes still run after so many seconds; one that only waits to be reaped does not."""
    until = time.monotonic() + seconds
    while (alive := {pid for pid in pids if runs(pid)}) and time.monotonic() < until:
        time.sleep(0.05)
    return alive


def runs(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    return False


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    course = tmp_path_factory.mktemp("course")
    course_for_nbgrader(course)
    succeed(course, "nbgrader", "generate_assignment", "sums")
    for student, kind in CLASS.items():
        hand_in(course, student, kind)
    story = Story(course, [Run(course, "--student", "00*")])
    story.runs[0].watch()
    assert (story.runs[0].end(), lines(course)) == (0, FIRST)
    story.runs.append(killed := Run(course))
    killed.watch(lambda: lines(course) >= FIRST + MORE)
    below = set(descendants(killed.process.pid))
    killed.process.kill()
    assert killed.end() == -signal.SIGKILL
    story.survivors, story.verdicts = survivors(below), verdicts(course)
    story.kept = {student for student, scores in points(course) if scores["total"] is not None}
    story.runs.append(resumed := Run(course))
    before = lines(course)
    resumed.watch(lambda: lines(course) >= before + FIRST)
    story.early = {who: resumed.peak(who) for who in BOTH}
    resumed.watch()
    assert resumed.end() == 0, resumed.screen[-2000:]
    return story


def test_nothing_outlives_a_batch_that_is_killed(story):
    assert story.survivors == set()


def test_everyone_is_in_the_gradebook_once_with_the_right_points(story):
    assert points(story.course) == [(student, KINDS[kind][1]) for student, kind in CLASS.items()]


def test_everyones_verdict_gives_the_right_reason(story):
    for student, entry in latest(read(story.course, "sums")[0]).items():
        reasons = tuple(mark.reason for mark in entry.verdict.marks if mark.exercise == "total")
        assert (student, reasons) == (student, KINDS[CLASS[student]][2])


def test_what_was_in_the_gradebook_before_the_kill_is_not_graded_again(story):
    assert FIRST < len(story.kept) < SIZE
    assert set(re.findall(r" (\d{4}): unchanged", story.runs[2].screen.decode())) == story.kept
    now = verdicts(story.course)
    assert {name: now[name] for name in story.kept} == {name: story.verdicts[name] for name in story.kept}


def test_the_record_has_a_verdict_twice_only_of_those_who_waited_for_the_gradebook(story):
    entries, torn = read(story.course, "sums")
    first, times = {}, Counter(entry.student for entry in entries)
    for entry in entries:
        first.setdefault(entry.student, entry)
    twice = {student for student, count in times.items() if count > 1}
    assert set(times) == set(CLASS)
    assert len(torn) <= 1
    assert max(times.values()) <= 2
    assert twice.isdisjoint(story.kept)
    killed_at = max(first[student].graded for student in story.verdicts)
    limit = timedelta(seconds=COMMIT_SECONDS + 1)  # one more for a machine that is busy
    assert [student for student in twice if killed_at - first[student].graded > limit] == []


def test_a_progress_bar_counts_on_the_terminal(story):
    first, killed, resumed = (run.screen.decode() for run in story.runs)
    left = SIZE - resumed.count("unchanged")
    assert f"{FIRST}/{FIRST} [" in first
    assert f"/{SIZE - FIRST} [" in killed
    assert f"{left}/{left} [" in resumed
    counts = [int(count) for count in re.findall(rf"(\d+)/{left} \[", resumed)]
    assert counts == sorted(counts)
    assert len(set(counts)) > 10


def test_memory_does_not_grow_with_what_is_graded(story):
    late = {who: story.runs[2].peak(who) for who in BOTH}
    assert {who: late[who] for who in BOTH if late[who] > story.early[who] + DONE_MB} == {}, story.early


def test_memory_grows_little_with_what_waits(story):
    few, *many = ({who: run.peak(who) for who in BOTH} for run in story.runs)
    highest = {who: max(peaks[who] for peaks in many) for who in BOTH}
    assert highest["batch"] < few["batch"] + WAITING_MB
    assert highest["workers"] < few["workers"] + DONE_MB
