"""The one thread in which the model runs, and the jobs that it does.

The web server's loop hands in a job and reads its events; all else, the batch and its caches, belongs to the thread. So
no lock is held while the model computes, and no stream stands still because another is slow.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from lib.chat import TextStream
from lib.engine import Continuation, Engine
from serve.replies import APIError
from serve.served import ServedModel
from serve.settings import Settings

RETRY_AFTER = 5  # seconds; a guess, since nobody knows how long the answers before will be
logger = logging.getLogger("uvicorn.error")


@dataclass(frozen=True)
class Finished:
    """The last event of an answer that came to its end."""

    reason: str  # "stop" or "length"
    tokens: int


Event = str | Finished | APIError


class Job:
    """One answer on its way from the model's thread to the loop in which the job was made."""

    def __init__(self, text: Continuation, stream: TextStream, seconds: float):
        self.text, self.stream, self.ends_at = text, stream, time.monotonic() + seconds
        self.cancelled = False
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()

    def push(self, event: Event) -> None:
        """Send the next piece of text, or how it ended. Called in the model's thread."""
        with suppress(RuntimeError):  # the loop is closed: nobody reads any more
            self._loop.call_soon_threadsafe(self.events.put_nowait, event)

    def cancel(self) -> None:
        """Let the model stop before its next token. Called in the loop, when nobody wants the answer any more."""
        self.cancelled = True
        self.events.put_nowait(APIError(499, "The client has hung up."))


class Worker:
    """Runs an engine in a thread, from start() to stop()."""

    def __init__(self, served: ServedModel, settings: Settings):
        self.served, self.settings = served, settings
        self.context = min(settings.context, served.model.context)
        self.closes_at: float | None = None
        self._engine = Engine(served.model, settings.slots)
        self._inbox: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._jobs: dict[Continuation, Job] = {}
        self._open, self._lock = 0, threading.Lock()  # jobs handed in and not yet ended
        self._thread = threading.Thread(target=self._run, name="model", daemon=True)

    @property
    def open_jobs(self) -> int:
        """How many answers are being written or wait."""
        return self._open

    @property
    def drained(self) -> bool:
        """Whether the server is to stop and all answers have ended."""
        return self.closes_at is not None and not self._open

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def drain(self) -> None:
        """Take no more jobs, and let the open ones end in the time that the settings give."""
        if self.closes_at is None:
            self.closes_at = time.monotonic() + self.settings.drain

    def stop(self) -> None:
        """Break off what is open and end the thread."""
        self.closes_at = time.monotonic()
        self._inbox.put(None)
        self._thread.join()

    def submit(self, text: Continuation, stops: Sequence[str]) -> Job:
        """Hand in a text. Raises APIError 503 when too many wait already, or the server is about to stop."""
        if self.closes_at is not None:
            raise APIError(503, "The server is about to stop.", code="stopping", retry_after=RETRY_AFTER)
        with self._lock:
            if self._open >= self.settings.slots + self.settings.queue:
                message = f"{self._open} requests are being answered or wait; try again later."
                raise APIError(503, message, code="overloaded", retry_after=RETRY_AFTER)
            self._open += 1
        job = Job(text, TextStream(self.served.decode, tuple(stops)), self.settings.deadline)
        self._inbox.put(job)
        return job

    def _run(self) -> None:
        going = True
        while going:
            try:
                going = self._take_in()
                self._drop_out()
                for text in self._engine.step():
                    self._tell(self._jobs[text])
            except (
                Exception
            ):  # whatever it was: the thread must live, or no request would ever be answered again
                logger.exception("The model failed")
                self._fail_all(APIError(500, "The model failed.", code="model_error"))
        self._fail_all(APIError(503, "The server has stopped.", code="stopping", retry_after=RETRY_AFTER))

    def _take_in(self) -> bool:
        """Add what was handed in, waiting for it if there is nothing else to do; return False at the end."""
        with suppress(queue.Empty):
            while True:
                job = self._inbox.get(block=not self._jobs)
                if job is None:
                    return False
                self._jobs[job.text] = job
                self._engine.add(job.text)
        return True

    def _drop_out(self) -> None:
        """Remove the jobs that nobody waits for any more, and those whose time is over."""
        now = time.monotonic()
        for job in list(self._jobs.values()):
            if job.cancelled:
                self._end(job)
            elif self.closes_at is not None and now >= self.closes_at:
                message = "The server stops, and the answer was not complete."
                self._end(job, APIError(503, message, code="stopping", retry_after=RETRY_AFTER))
            elif now >= job.ends_at:
                message = f"The answer was not complete after {self.settings.deadline:g} seconds."
                self._end(job, APIError(504, message, code="deadline_exceeded"))

    def _tell(self, job: Job) -> None:
        """Send the text of a job's newest token, and its end."""
        text, stream = job.text, job.stream
        piece = "" if text.reason == "stop" else stream.push(text.new[-1])
        ended = stream.stopped or text.reason is not None
        if ended:
            piece += stream.finish()
        if piece:
            job.push(piece)
        if ended:
            self._end(job, Finished("stop" if stream.stopped else str(text.reason), len(text.new)))

    def _end(self, job: Job, event: Finished | APIError | None = None) -> None:
        self._engine.remove(job.text)
        del self._jobs[job.text]
        with self._lock:
            self._open -= 1
        if event:
            job.push(event)

    def _fail_all(self, error: APIError) -> None:
        """End all jobs with an error, and go on with an empty batch."""
        self._engine = Engine(self.served.model, self.settings.slots)
        for job in list(self._jobs.values()):
            self._end(job, error)
