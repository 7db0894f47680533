"""Judge a batch on several processors or machines at once, through the executor interface of concurrent.futures.

See job.py for what a worker does.
"""

import hashlib
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from grading.assignment import Assignment
from grading.errors import CourseError
from grading.sandbox.sandbox import Sandbox
from grading.sandbox.server import Server
from grading.sandbox.unsandboxed import sandbox_for
from grading.verdict import Verdict

from .intake import Submission
from .job import Course, Job, grade_one, key_part, start_worker
from .judge import grade as judge_in_turn
from .judge import seeds_of
from .settings import Judge

ATTEMPTS = 3  # a worker may die, say for lack of memory; what it had is given to others so many times

# An executor, and a function that gives its workers the parts of the key once for all jobs.
Workers = tuple[Executor, Callable[[list[bytes]], Any]]


def grade(
    assignment: Assignment,
    submissions: list[Submission],
    settings: Judge | None = None,
    server: Server | None = None,
) -> Iterator[tuple[Submission, Verdict]]:
    """Judge a batch, all on the same seed, and give each verdict as it comes; in no particular order.

    server is one for this assignment that was started already; it is used up.
    Raises SandboxUnavailable where no submission can be shut in.
    """
    settings = settings or Judge()
    processes = max(1, min(settings.processes(), len(submissions)))
    if processes == 1 and not settings.scheduler:
        return judge_in_turn(assignment, submissions, settings, server)
    return _grade_at_once(assignment, submissions, settings, processes, server)


def _grade_at_once(
    assignment: Assignment,
    submissions: list[Submission],
    settings: Judge,
    processes: int,
    server: Server | None,
) -> Iterator[tuple[Submission, Verdict]]:
    """Judge a batch by several workers. When one of them dies, begin anew with those who have no verdict yet."""
    course, seed = Course.of(assignment, settings), settings.seed_or_fresh()
    waiting = {submission.student: submission for submission in submissions}
    shares = _shares(list(assignment.mistakes), settings.processes())
    for attempt in range(ATTEMPTS):
        try:
            with _workers(assignment, course, settings, processes, server) as workers:
                for student, verdict in _verdicts(workers, course, seed, list(waiting.values()), shares):
                    yield waiting.pop(student), verdict
            return
        except (BrokenExecutor, CancelledError):  # Dask cancels what needs data that died with a worker
            server = None
            if attempt == ATTEMPTS - 1:
                raise


def _shares(mistakes: list[str], processes: int) -> list[list[str]]:
    """Return the mistakes in as many parts as there are processes to ask them."""
    parts = max(1, min(processes, len(mistakes)))
    return [mistakes[i::parts] for i in range(parts)]


def _verdicts(
    workers: Workers, course: Course, seed: str, submissions: list[Submission], shares: list[list[str]]
) -> Iterator[tuple[str, Verdict]]:
    """Yield each student with the verdict as it comes. The key is asked first: shares are the mistakes of its parts.

    Written answers, with their pictures, stay here.
    """
    executor, share = workers
    asked = [executor.submit(key_part, course, seeds_of(seed), mistakes) for mistakes in shares]
    key = share([part.result() for part in asked])
    jobs = {
        executor.submit(
            grade_one, Job(course, replace(submission, answers={}, other_text=""), seed), key
        ): submission.student
        for submission in submissions
    }
    for done in as_completed(list(jobs)):
        yield jobs.pop(done), done.result()


@contextmanager
def _workers(
    assignment: Assignment, course: Course, settings: Judge, processes: int, server: Server | None
) -> Iterator[Workers]:
    """Yield the workers that the settings ask for, with so many processes where they are of this machine."""
    if settings.scheduler:
        with _cluster(settings.scheduler) as found:
            yield found
    # A forked worker has torch at once, and shares a sandbox. Where there are threads, as in the formgrader, a fork
    # is not safe.
    elif threading.active_count() == 1:
        with (
            sandbox_for(assignment, allow_unsandboxed=course.allow_unsandboxed, server=server) as sandbox,
            _pool(processes, get_context("fork"), course, sandbox) as found,
        ):
            yield found
    else:
        context = get_context("forkserver")
        context.set_forkserver_preload([grade_one.__module__])
        with _pool(processes, context, course, None) as found:
            yield found


@contextmanager
def _cluster(scheduler: str) -> Iterator[Workers]:
    """Yield the workers of a Dask cluster. Raises CourseError if its scheduler cannot be reached."""
    from distributed import Client  # here, since few need it

    try:
        client = Client(scheduler)
    except (OSError, ValueError) as error:
        raise CourseError(f"there is no Dask scheduler at {scheduler}: {error}") from error
    with client, client.get_executor(pure=False, retries=ATTEMPTS) as executor:
        yield executor, lambda parts: client.scatter([parts], hash=False, broadcast=True)[0]


@contextmanager
def _pool(processes: int, context: BaseContext, course: Course, sandbox: Sandbox | None) -> Iterator[Workers]:
    """Yield so many processes of this machine."""
    pool = ProcessPoolExecutor(processes, context, start_worker, (course, sandbox))
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield pool, lambda parts: [_write(Path(folder), part) for part in parts]
        finally:
            pool.shutdown(cancel_futures=True)


def _write(folder: Path, part: bytes) -> Path:
    path = folder / hashlib.sha256(part).hexdigest()
    path.write_bytes(part)
    return path
