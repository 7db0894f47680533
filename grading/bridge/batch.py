"""A batch of submissions on their way from submitted/ to autograded/ and the gradebook, each on its own."""

import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry, Notebook
from nbgrader.converters import Autograde
from tqdm import tqdm

from grading.assignment import load_assignment
from grading.errors import CourseError, NotReleased
from grading.judge.intake import Submission, read_submission
from grading.judge.pool import grade
from grading.judge.settings import Judge
from grading.record import append
from grading.sandbox.server import Server
from grading.verdict import Verdict

from .gradebook import cells_in_memory, forget, is_recorded, record, row_of
from .graded_notebook import rebuild
from .opened import as_sentence
from .roster import warn_of_look_alikes
from .shared_files import refuse_shared, shared_files
from .submitted import all_submitted, keep_for_exchange, submitted, timestamp

# So much of a batch a crash may cost the gradebook. The record has it, and it is graded again.
COMMIT_SECONDS = 1.0


class Batch:
    """The submissions that one run of `nbgrader autograde` is about."""

    def __init__(self, converter: Autograde, book: Gradebook, settings: Judge, server: Server | None = None):
        self.converter, self.course, self.book = converter, converter.coursedir, book
        self.settings, self.allowance = settings, settings.allowance()
        self.server = server  # started already, for this assignment
        self.assignment = load_assignment(self.course.assignment_id, Path(self.course.root))
        self.name = self.assignment.name
        self.notebook, self.released = self._released()
        self.cells = cells_in_memory(book, self.name)
        self.timestamps: dict[str, datetime | None] = {}  # by student
        self.failed: dict[str, str] = {}  # by student, why there is no grade now
        self.written: list[str] = []  # the students whose grades wait for a commit
        self.unsandboxed = False  # once a verdict was given without a sandbox
        self.committed = time.monotonic()

    def _released(self) -> tuple[Notebook, nbformat.NotebookNode]:
        """Return the notebook's gradebook entry, and itself as students got it. Raises NotReleased without them."""
        folder = self.course.format_path(self.course.release_directory, ".", self.name)
        try:
            entry = self.book.find_notebook(self.name, self.name)
            return entry, nbformat.read(Path(folder) / f"{self.name}.ipynb", as_version=4)
        except (MissingEntry, FileNotFoundError) as error:
            command = f"nbgrader generate_assignment {self.name}"
            raise NotReleased(f"{self.name!r} is not released yet; run: {command}") from error

    def grade(self) -> dict[str, str]:
        """Grade what is new; return, for each student who has no grade now, why.

        Raises CourseError before anything has changed.
        """
        waiting = {submission.student: submission for submission in self._new()}
        submissions = list(waiting.values())
        verdicts = grade(self.assignment, submissions, self.settings, self.server) if waiting else iter(())
        first: list[tuple[Submission, Verdict]] = []
        try:
            first = list(islice(verdicts, 1))  # this starts the sandbox
            self._forget([*waiting, *self.failed])
            for submission, verdict in self._with_progress(chain(first, verdicts), len(waiting)):
                del waiting[submission.student]
                self._finish(submission, verdict)
        except Exception as error:  # the judge's own fault
            if not first and isinstance(error, CourseError):
                raise
            self._commit()
            self._give_up(list(waiting), error)
        self._commit()
        return self.failed

    def _new(self) -> Iterator[Submission]:
        """Yield each submission that does not have its verdict yet."""
        folders, shared = submitted(self.course), shared_files(all_submitted(self.course), self.assignment)
        if not self.converter.create_student:
            for student in folders:
                self.book.find_student(student)
        warn_of_look_alikes(folders, self.book, self.converter.log)
        for student, folder in folders.items():
            try:
                refuse_shared(student, shared)
                submission = self._read(student, folder)
                if done := self._is_done(submission):  # perhaps by a version that did not keep them
                    keep_for_exchange(folder, self._folder(self.course.autograded_directory, student))
            except Exception as error:  # one submission must never stop the others
                self.failed[student] = as_sentence(error)
                continue
            if done:
                self.converter.log.info("%s: unchanged, the grade stays", student)
            else:
                yield submission

    def _read(self, student: str, folder: Path) -> Submission:
        submission = read_submission(folder, self.assignment, student)
        try:
            self.timestamps[student] = timestamp(folder)
        except ValueError as error:
            submission = replace(submission, notes=(*submission.notes, str(error)))
        return submission

    def _is_done(self, submission: Submission) -> bool:
        """Return True if this very work has its verdict on this very assignment, and all that was written is there."""
        if self.converter.force:
            return False
        student = submission.student
        folder = self._folder(self.course.autograded_directory, student)
        try:
            verdict = Verdict.from_json((folder / "verdict.json").read_text("utf8"))
            notebook = (folder / f"{self.name}.ipynb").read_text("utf8")
        except (OSError, ValueError):  # it was not graded, or what was written is not whole
            return False
        now = (submission.digest, submission.notes, self.assignment.digest, self.allowance)
        same = (verdict.submission, verdict.notes, verdict.assignment_digest, verdict.allowance) == now
        recorded = same and is_recorded(self.book, student, verdict, self.timestamps.get(student))
        return recorded and notebook == nbformat.v4.writes(rebuild(self.released, submission, verdict))

    def _forget(self, students: list[str]) -> None:
        """Leave nothing of an earlier grading, so that an old grade cannot outlive one that fails."""
        forget(self.book, self.name, {name: self.timestamps.get(name) for name in students})
        for student in students:
            for step in (self.course.autograded_directory, self.course.feedback_directory):
                shutil.rmtree(self._folder(step, student), ignore_errors=True)

    def _give_up(self, students: list[str], error: Exception) -> None:
        """Leave these students without a grade."""
        self.book.db.rollback()
        self._forget(students)
        self.failed |= dict.fromkeys(students, as_sentence(error))

    def _finish(self, submission: Submission, verdict: Verdict) -> None:
        """Write one verdict to where nbgrader looks for it."""
        self._warn_once(verdict)
        student = submission.student
        folder = self._folder(self.course.autograded_directory, student)
        try:
            append(self.course.root, student, verdict, self.timestamps.get(student))
            notebook = rebuild(self.released, submission, verdict)
            folder.mkdir(parents=True)
            (folder / f"{self.name}.ipynb").write_text(nbformat.v4.writes(notebook), "utf8")
            (folder / "verdict.json").write_text(verdict.to_json(), "utf8")
            keep_for_exchange(self._folder(self.course.submitted_directory, student), folder)
            for path in folder.iterdir():
                path.chmod(int(str(self.converter.permissions), 8))
            record(row_of(self.book, self.notebook, student), notebook, verdict)
        except Exception as error:
            self._commit()  # it is nothing to those whose grades wait
            self._give_up([student], error)
            return
        self.written.append(student)
        if verdict.grader_error:
            self.failed[student] = (
                "no points in some exercise, since the judge itself failed; autograde again"
            )
        if time.monotonic() - self.committed > COMMIT_SECONDS:
            self._commit()

    def _commit(self) -> None:
        try:
            self.book.db.commit()
        except Exception as error:
            self._give_up(self.written, error)
        self.written, self.committed = [], time.monotonic()

    def _warn_once(self, verdict: Verdict) -> None:
        """Log that a batch is graded without a sandbox, as every one of its verdicts records."""
        if verdict.unsandboxed and not self.unsandboxed:
            self.unsandboxed = True
            self.converter.log.warning(
                "graded without a sandbox, as Judge.allow_unsandboxed allows: %s", verdict.sandbox
            )

    def _folder(self, step: str, student: str) -> Path:
        return Path(self.course.format_path(step, student, self.name))

    def _with_progress(
        self, verdicts: Iterator[tuple[Submission, Verdict]], total: int
    ) -> Iterator[tuple[Submission, Verdict]]:
        """Pass verdicts on behind a progress bar or, where there is no terminal, with a line each."""
        terminal = sys.stderr.isatty()
        for submission, verdict in tqdm(verdicts, total=total, unit="submission", disable=not terminal):
            if not terminal:
                points = sum(mark.points for mark in verdict.marks)
                self.converter.log.info("%s: %s of %s points", submission.student, verdict.total, points)
            yield submission, verdict
