"""Many at once: a verdict does not depend on who gives it, none is lost or given twice, and a batch resumes."""

import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from grading.judge.intake import Submission
from grading.judge.judge import grade as judge_in_turn
from grading.judge.pool import grade
from grading.judge.settings import Judge
from grading.verdict import Verdict
from tests.support.course_copy import NAME, ROOT, copy_course, succeed
from tests.support.process_table import descendants
from tests.support.small_course import REFERENCE, small_course

SEED = "a seed"
BODIES = ["x.sum()", "x.mean()", "undefined", "x.sum() * 1.0", "x.numpy().sum()", "x.sum(", "exit()"]


def handed_in(number: int) -> Submission:
    source = REFERENCE.replace("x.sum()", BODIES[number % len(BODIES)])
    return Submission(f"{number:04}", {"sums": source.encode()}, {}, (), f"digest {number}")


CLASS = [handed_in(number) for number in range(2 * len(BODIES))]


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return small_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def expected(assignment) -> dict[str, str]:
    """The class judged by one process, in turn."""
    batch = judge_in_turn(assignment, CLASS, Judge(seed=SEED))
    return {who.student: verdict.to_json() for who, verdict in batch}


def in_order(found: Iterable[tuple[Submission, Verdict]]) -> list[tuple[str, str]]:
    return sorted((who.student, verdict.to_json()) for who, verdict in found)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_verdicts_bytes_do_not_depend_on_the_number_of_workers(assignment, expected, workers):
    batch = grade(assignment, CLASS, Judge(seed=SEED, workers=workers))
    assert in_order(batch) == sorted(expected.items())


def test_where_there_are_threads_the_verdicts_are_the_same(assignment, expected):
    with ThreadPoolExecutor(1) as pool:
        batch = pool.submit(lambda: list(grade(assignment, CLASS, Judge(seed=SEED, workers=2))))
        assert in_order(batch.result()) == sorted(expected.items())


def test_a_worker_that_is_killed_costs_no_verdict_and_doubles_none(assignment, expected):
    batch = grade(assignment, CLASS, Judge(seed=SEED, workers=2))
    found = [next(batch)]
    os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)
    found += batch
    assert in_order(found) == sorted(expected.items())


def test_a_sandbox_that_is_killed_costs_no_verdict(assignment, expected):
    before = descendants(os.getpid())
    batch = grade(assignment, CLASS, Judge(seed=SEED, workers=2))
    found = [next(batch)]
    new = {pid: name for pid, (name, _) in descendants(os.getpid()).items() if pid not in before}
    os.kill(min(pid for pid, name in new.items() if name == "bwrap"), signal.SIGKILL)
    found += batch
    assert in_order(found) == sorted(expected.items())


@pytest.fixture
def cluster(tmp_path):
    """A scheduler with three workers, each a process of its own; yields its address and the workers' processes."""
    file = tmp_path / "scheduler.json"
    processes = [dask("scheduler", "--host=127.0.0.1", "--port=0", f"--scheduler-file={file}")]
    until = time.monotonic() + 60
    while not file.is_file() and time.monotonic() < until:
        time.sleep(0.1)
    processes += [dask("worker", f"--scheduler-file={file}", "--no-nanny", "--nthreads=1") for _ in range(3)]
    yield json.loads(file.read_text())["address"], processes[1:]
    for process in processes:
        process.kill()
        process.wait()


def dask(role: str, *options: str) -> subprocess.Popen:
    command = [sys.executable, "-m", f"distributed.cli.dask_{role}", "--no-dashboard", *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_on_a_cluster_of_which_one_worker_is_killed_no_verdict_is_lost_or_doubled(
    assignment, expected, cluster
):
    scheduler, workers = cluster
    batch = grade(assignment, CLASS, Judge(seed=SEED, scheduler=scheduler))
    found = [next(batch)]
    workers[0].kill()
    found += batch
    assert in_order(found) == sorted(expected.items())


def test_a_batch_that_was_killed_goes_on_where_it_stopped(tmp_path):
    course = copy_course(tmp_path)
    succeed(course, "nbgrader", "generate_assignment", NAME)
    students = [f"student-{number:02}" for number in range(40)]
    for student in students:
        folder = Path(shutil.copytree(course / "exercises" / NAME, course / "submitted" / student / NAME))
        shutil.copy(ROOT / "lib" / f"{NAME}.py", folder / "lib")
    command = [sys.executable, "-m", "nbgrader", "autograde", NAME]
    batch = subprocess.Popen(command, cwd=course, stderr=subprocess.DEVNULL)
    while in_the_gradebook(course) < 2 and batch.poll() is None:
        time.sleep(0.02)
    batch.kill()
    assert batch.wait() == -signal.SIGKILL
    before = done(course)
    said = succeed(course, "nbgrader", "autograde", NAME)
    stayed = {line.split("] ")[1].split(":")[0] for line in said.splitlines() if "unchanged" in line}
    assert len(stayed) >= 2
    assert stayed <= set(before)  # the last ones may have been half written
    assert {student: done(course)[student] for student in stayed} == {s: before[s] for s in stayed}
    with closing(sqlite3.connect(course / "gradebook.db")) as book:
        assert book.execute("select count(*) from submitted_assignment").fetchone() == (len(students),)
    assert sorted(done(course)) == students
    assert succeed(course, "nbgrader", "autograde", NAME).count("unchanged") == len(students)


def in_the_gradebook(course: Path) -> int:
    """Return how many students have a score there."""
    with closing(sqlite3.connect(course / "gradebook.db")) as book:
        ((students,),) = book.execute("select count(distinct notebook_id) from grade where auto_score >= 0")
    return students


def done(course: Path) -> dict[str, bytes]:
    """Return each student's verdict."""
    return {path.parts[-3]: path.read_bytes() for path in course.glob(f"autograded/*/{NAME}/verdict.json")}
