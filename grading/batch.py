"""A batch of submissions: read, judged, rebuilt, recorded, each on its own."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from tqdm import tqdm

from .assignment import load_assignment
from .gradebook import forget, is_recorded, record
from .intake import Submission, read_submission
from .judge import grade
from .rebuild import rebuild
from .submitted import submitted, timestamp
from .verdict import Verdict


class Batch:
    """The submissions of one assignment on their way into one gradebook."""

    def __init__(self, converter: Autograde, book: Gradebook):
        from .assignment import (
            load_assignment,
        )  # here, since it imports torch, which most commands do not need

        self.converter, self.course, self.book = converter, converter.coursedir, book
        self.assignment = load_assignment(self.course.assignment_id, Path(self.course.root))
        self.name = self.assignment.name
        self.released = self._released()
        self.failed = {}  # a sentence for each student who has no grade now

    def _released(self) -> nbformat.NotebookNode:
        """Return the notebook as students got it. Raises ValueError if it or its gradebook entry is missing."""
        folder = self.course.format_path(self.course.release_directory, ".", self.name)
        try:
            self.book.find_notebook(self.name, self.name)
            return nbformat.read(Path(folder) / f"{self.name}.ipynb", as_version=4)
        except (MissingEntry, FileNotFoundError) as error:
            command = f"nbgrader generate_assignment {self.name}"
            raise ValueError(f"{self.name!r} is not released yet; run: {command}") from error

    def grade(self) -> dict[str, str]:
        """Grade what is new; return a sentence for each student who has no grade now."""
        waiting = {submission.student: submission for submission in self._new()}
        verdicts = grade(self.assignment, list(waiting.values()))
        for student in waiting:
            self._forget(student)
        try:
            for submission, verdict in self._shown(verdicts, len(waiting)):
                del waiting[submission.student]
                self._finish(submission, verdict)
        except Exception as error:  # the judge's own fault: whoever still waits has no grade
            self.failed |= dict.fromkeys(waiting, f"not graded, {type(error).__name__}: {error}")
        return self.failed

    def _new(self) -> Iterator:
        """Yield each submission that does not have its verdict yet."""
        self.timestamps = {}
        for student, folder in submitted(self.course).items():
            try:
                submission = read_submission(folder, self.assignment, student)
                try:
                    self.timestamps[student] = timestamp(folder)
                except ValueError as error:
                    submission = replace(submission, notes=(*submission.notes, str(error)))
                if self._is_done(submission):
                    self.converter.log.info("%s: unchanged, keeps its grade", student)
                else:
                    yield submission
            except Exception as error:  # one submission must never stop the others
                self._forget(student)
                self.failed[student] = f"not graded, {type(error).__name__}: {error}"

    def _is_done(self, submission) -> bool:
        """Say whether this submission was graded against the same key and all that was written is still there."""
        student, folder = (
            submission.student,
            self._folder(self.course.autograded_directory, submission.student),
        )
        if self.converter.force:
            return False
        try:
            verdict = Verdict.from_json((folder / "verdict.json").read_text("utf8"))
            notebook = (folder / f"{self.name}.ipynb").read_text("utf8")
        except (OSError, ValueError, TypeError, KeyError):
            return False
        same = (verdict.submission, verdict.key) == (submission.digest, self.assignment.digest)
        return (
            same
            and is_recorded(self.book, student, verdict, self.timestamps.get(student))
            and notebook == self._text(submission, verdict)
        )

    def _forget(self, student: str) -> None:
        """Leave nothing of an earlier grading: an old grade must not outlive a failed one."""
        forget(self.book, self.name, student, self.timestamps.get(student))
        for step in (self.course.autograded_directory, self.course.feedback_directory):
            shutil.rmtree(self._folder(step, student), ignore_errors=True)

    def _finish(self, submission, verdict: Verdict) -> None:
        """Write one verdict where nbgrader looks for it. Whatever goes wrong leaves the student without a grade."""
        student = submission.student
        try:
            folder = self._folder(self.course.autograded_directory, student)
            folder.mkdir(parents=True)
            (folder / f"{self.name}.ipynb").write_text(self._text(submission, verdict), "utf8")
            (folder / "verdict.json").write_text(verdict.to_json(), "utf8")
            self.converter.set_permissions(self.name, student)
            record(self.book, student, self._rebuilt(submission, verdict), verdict, self.converter)
        except Exception as error:
            self.book.db.rollback()
            self._forget(student)
            self.failed[student] = f"not graded, {type(error).__name__}: {error}"
        else:
            if verdict.held:
                self.failed[student] = "held, since the judge itself failed: grade it again"

    def _rebuilt(self, submission, verdict: Verdict) -> nbformat.NotebookNode:
        return rebuild(self.released, submission.answers, submission.files, verdict)

    def _text(self, submission, verdict: Verdict) -> str:
        return nbformat.writes(self._rebuilt(submission, verdict)) + "\n"

    def _folder(self, step: str, student: str) -> Path:
        return Path(self.course.format_path(step, student, self.name))

    def _shown(self, verdicts, total: int) -> Iterator:
        """Yield the verdicts with a progress bar, or with a line each where there is no terminal."""
        terminal = sys.stderr.isatty()
        for submission, verdict in tqdm(verdicts, total=total, unit="submission", disable=not terminal):
            yield submission, verdict
            if not terminal:
                marks = verdict.marks
                earned, points = sum(mark.earned for mark in marks), sum(mark.points for mark in marks)
                self.converter.log.info("%s: %s of %s points", submission.student, earned, points)
