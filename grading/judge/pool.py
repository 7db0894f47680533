"""Judge a batch on several processors or machines at once, through the executor interface of concurrent.futures.

All that crosses is a Job, which is small and plain, the parts of the key, and the verdict. A verdict depends on
nothing else: not on who gave it, how many there were, or what came before.

A worker holds torch, the assignment, its key and a sandbox from one submission to the next.
"""

import ctypes
import hashlib
import os
import secrets
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path

from check import AnswerKey, read_key, write_key
from grading.assignment import Assignment, load_assignment
from grading.key.key import answer_key
from grading.sandbox.sandbox import Sandbox
from grading.sandbox.server import Server
from grading.sandbox.unsandboxed import sandbox_for
from grading.verdict import Verdict

from .intake import Submission
from .judge import grade as judge_in_turn
from .judge import judge, seeds_of

ATTEMPTS = 3  # a worker may die, say for lack of memory; what it had is given to others so many times
PARENT_DEATH_SIGNAL = 1  # prctl's PR_SET_PDEATHSIG

inherited: Sandbox | None = None  # that of the process which forked this worker
own = threading.local()  # each thread of a worker has its own sandbox
one_at_a_time = threading.Lock()  # loading a lib goes through sys.modules, of which there is one


@dataclass(frozen=True)
class Course:
    """An assignment as a worker finds it; digest tells whether it found the same."""

    root: str
    assignment: str
    digest: str

    @classmethod
    def of(cls, assignment: Assignment) -> "Course":
        return cls(str(assignment.root), assignment.name, assignment.digest)


@dataclass(frozen=True)
class Job:
    """One submission to be judged on one seed."""

    course: Course
    submission: Submission
    seed: str


def grade_one(job: Job, key_parts: list[bytes | Path]) -> Verdict:
    """Return the verdict: a pure function, which may run again elsewhere. key_parts are those bytes, or where they lie.

    Raises SandboxUnavailable, or ValueError where this machine has another course.
    """
    with one_at_a_time:
        assignment, key = _assignment(job.course), _key(tuple(key_parts))
    return judge(assignment, key, job.submission, job.seed, _sandbox(job.course))


def key_part(course: Course, seeds: list[str], mistakes: list[str]) -> bytes:
    """Return the key of the reference and of these mistakes only."""
    with one_at_a_time, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "key")
        write_key(path, answer_key(_assignment(course), seeds, mistakes))
        return path.read_bytes()


@lru_cache(maxsize=4)
def _assignment(course: Course) -> Assignment:
    assignment = load_assignment(course.assignment, Path(course.root))
    if assignment.digest != course.digest:
        here = socket.gethostname()
        raise ValueError(f"the course in {course.root} on {here} is another; copy it there anew")
    return assignment


@lru_cache(maxsize=1)
def _key(parts: tuple[bytes | Path, ...]) -> AnswerKey:
    with tempfile.TemporaryDirectory() as folder:
        paths = [part if isinstance(part, Path) else _written(Path(folder), part) for part in parts]
        keys = [read_key(path) for path in paths]
    mistakes = dict(sorted((name, wrong) for key in keys for name, wrong in key.mistakes.items()))
    return AnswerKey(
        keys[0].seeds, keys[0].want, mistakes, {n: h for key in keys for n, h in key.hints.items()}
    )


def _written(folder: Path, part: bytes) -> Path:
    path = folder / hashlib.sha256(part).hexdigest()
    path.write_bytes(part)
    return path


def _sandbox(course: Course) -> Sandbox:
    """Return this thread's sandbox, started when it is first needed; it ends with the thread."""
    if getattr(own, "course", None) != course:
        if hasattr(own, "course"):
            own.sandbox.__exit__()
            del own.course
        own.sandbox = inherited.fork() if inherited else sandbox_for(_assignment(course)).__enter__()
        own.course = course
    return own.sandbox


def grade(
    assignment: Assignment,
    submissions: list[Submission],
    seed: str | None = None,
    server: Server | None = None,
) -> Iterator[tuple[Submission, Verdict]]:
    """Judge a batch, all on the same seed, and give each verdict as it comes; in no particular order.

    server is one for this assignment that was started already; it is used up.
    GRADING_SCHEDULER names a Dask scheduler ("tcp://10.0.0.1:8786") whose workers see the course at the same
    path; without it GRADING_WORKERS processes of this machine do the work, by default one for each processor.
    Raises SandboxUnavailable where no submission can be shut in.
    """
    workers = max(1, min(_processors(), len(submissions)))
    if workers == 1 and not os.environ.get("GRADING_SCHEDULER"):
        yield from judge_in_turn(assignment, submissions, seed, server)
        return
    course, seed = Course.of(assignment), secrets.token_hex(16) if seed is None else seed
    waiting = {submission.student: submission for submission in submissions}
    for attempt in range(ATTEMPTS):
        try:
            with _executor(assignment, workers, server) as (executor, share):
                key = share(_key_parts(executor, course, seeds_of(seed), list(assignment.mistakes)))
                jobs = {
                    executor.submit(grade_one, Job(course, submission, seed), key): student
                    for student, submission in waiting.items()
                }
                for done in as_completed(list(jobs)):
                    verdict = done.result()
                    yield waiting.pop(jobs.pop(done)), verdict
                return
        except (BrokenExecutor, CancelledError):  # Dask cancels what needs data that died with a worker
            server = None
            if attempt == ATTEMPTS - 1:
                raise


def _key_parts(executor: Executor, course: Course, seeds: list[str], mistakes: list[str]) -> list[bytes]:
    """Ask the reference and all mistakes, once a batch, on all workers."""
    parts = max(1, min(_processors(), len(mistakes)))
    return [
        part.result()
        for part in [executor.submit(key_part, course, seeds, mistakes[i::parts]) for i in range(parts)]
    ]


@contextmanager
def _executor(
    assignment: Assignment, workers: int, server: Server | None
) -> Iterator[tuple[Executor, Callable]]:
    """Yield an executor, and a function that gives its workers the parts of the key once for all jobs."""
    scheduler = os.environ.get("GRADING_SCHEDULER")
    if scheduler:
        from distributed import Client  # here, since few need it

        with Client(scheduler) as client, client.get_executor(pure=False, retries=ATTEMPTS) as executor:
            yield executor, lambda parts: client.scatter([parts], hash=False, broadcast=True)[0]
    # A forked worker has torch at once, and shares a sandbox. Where there are threads, as in the formgrader, a fork
    # is not safe.
    elif threading.active_count() == 1:
        with sandbox_for(assignment, server) as sandbox, _pool(workers, get_context("fork"), sandbox) as both:
            yield both
    else:
        context = get_context("forkserver")
        context.set_forkserver_preload([__name__])
        with _pool(workers, context, None) as both:
            yield both


@contextmanager
def _pool(workers: int, context: BaseContext, sandbox: Sandbox | None) -> Iterator[tuple[Executor, Callable]]:
    pool = ProcessPoolExecutor(workers, context, _begin, (sandbox,))
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield pool, lambda parts: [_written(Path(folder), part) for part in parts]
        finally:
            pool.shutdown(cancel_futures=True)


def _processors() -> int:
    return int(os.environ.get("GRADING_WORKERS", 0)) or len(os.sched_getaffinity(0))


def _begin(sandbox: Sandbox | None) -> None:
    """Begin a worker. Let nothing of the batch outlive it, even if it is killed."""
    global inherited
    inherited = sandbox
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
