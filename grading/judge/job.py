"""What a worker does, in another process or on another machine.

All that crosses is a Job, which is small and plain, the parts of the key, and the verdict. A verdict depends on
nothing else: not on who gave it, how many there were, or what came before.

A worker holds torch, the assignment, its key and a sandbox from one submission to the next.
"""

import ctypes
import signal
import socket
import threading
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from check import AnswerKey
from check.allowance import Allowance
from check.key import pack_key, unpack_key
from grading.assignment import Assignment, load_assignment
from grading.errors import OtherCourse
from grading.key.key import answer_key
from grading.sandbox.sandbox import Sandbox
from grading.sandbox.unsandboxed import sandbox_for
from grading.verdict import Verdict

from .intake import Submission
from .judge import judge
from .settings import Judge

PR_SET_PDEATHSIG = 1  # of prctl

loading = threading.Lock()  # a lib is loaded through sys.modules, of which there is one for all threads


@dataclass(frozen=True)
class Course:
    """An assignment as a worker finds it, and how it is judged; digest tells whether it found the same."""

    root: str
    assignment: str
    digest: str
    allow_unsandboxed: bool
    allowance: Allowance

    @classmethod
    def of(cls, assignment: Assignment, settings: Judge) -> "Course":
        where = str(assignment.root), assignment.name, assignment.digest
        return cls(*where, settings.allow_unsandboxed, settings.allowance())


@dataclass(frozen=True)
class Job:
    """One submission to be judged on one seed."""

    course: Course
    submission: Submission
    seed: str


class Worker(threading.local):
    """What each thread of a worker keeps: the sandbox in which it asks the submissions of one course."""

    def __init__(self) -> None:
        self.course: Course | None = None
        self.sandbox: Sandbox | None = None
        self.stack = ExitStack()

    def sandbox_of(self, course: Course) -> Sandbox:
        """Return the sandbox, started when it is first needed; it ends with the thread."""
        if self.sandbox is None or self.course != course:
            self.stack.close()
            sandbox = sandbox_for(_assignment(course), allow_unsandboxed=course.allow_unsandboxed)
            self.course, self.sandbox = course, self.stack.enter_context(sandbox)
        return self.sandbox

    def inherit(self, course: Course, sandbox: Sandbox) -> None:
        """Use a fork of the sandbox of the process that forked this worker."""
        self.course, self.sandbox = course, sandbox.fork()
        self.stack.push(self.sandbox)  # not entered: it starts when it is first asked


worker = Worker()


def start_worker(course: Course, sandbox: Sandbox | None) -> None:
    """Start a worker of this machine. Let nothing of the batch outlive the batch, even if it is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if sandbox:
        worker.inherit(course, sandbox)


def grade_one(job: Job, key_parts: list[bytes | Path]) -> Verdict:
    """Return the verdict: a pure function, which may run again elsewhere. key_parts are those bytes, or where they lie.

    Raises SandboxUnavailable, or OtherCourse where this machine has another one.
    """
    with loading:
        assignment, key = _assignment(job.course), _key(tuple(key_parts))
    return judge(assignment, key, job.submission, job.seed, worker.sandbox_of(job.course))


def key_part(course: Course, seeds: list[str], mistakes: list[str]) -> bytes:
    """Return the key of the reference and of these mistakes only."""
    with loading:
        return pack_key(answer_key(_assignment(course), seeds, mistakes, course.allowance))


@lru_cache(maxsize=4)
def _assignment(course: Course) -> Assignment:
    assignment = load_assignment(course.assignment, Path(course.root))
    if assignment.digest != course.digest:
        here = socket.gethostname()
        raise OtherCourse(f"the course in {course.root} on {here} is another; copy it there anew")
    return assignment


@lru_cache(maxsize=1)
def _key(parts: tuple[bytes | Path, ...]) -> AnswerKey:
    keys = [unpack_key(part.read_bytes() if isinstance(part, Path) else part) for part in parts]
    mistakes = {name: wrong for key in keys for name, wrong in key.mistakes.items()}
    hints = {name: hint for key in keys for name, hint in key.hints.items()}
    exercises = {name: exercise for key in keys for name, exercise in key.exercises.items()}
    return replace(keys[0], mistakes=dict(sorted(mistakes.items())), hints=hints, exercises=exercises)
