"""A sandbox: a server in bubblewrap that answers probes with an untrusted submission. See inside/worker.py for what runs there.

Without bubblewrap nothing is graded, unless the instructor allows what unsandboxed.py does.
"""

import json
import os
import socket
import time
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from grading.errors import SandboxUnavailable

from .bubblewrap import command, version
from .frames import Frames
from .server import SandboxDied, Server

if TYPE_CHECKING:  # this file must load without torch, see autograde.py
    from grading.assignment import Assignment

START_SECONDS = 120.0  # torch may come from a cold disk
REPLY_SECONDS = 30.0  # for the server to end a process, on a machine under load
CONFINED = {"CapEff": "0000000000000000", "NoNewPrivs": "1", "Seccomp": "2"}  # as /proc/self/status has it


@dataclass(frozen=True)
class Reply:
    """What came back from one process: a frame of unread bytes for each one that answered.

    With fewer frames than probes the process ended, or was ended, in the first probe without one.
    """

    frames: list[bytes]
    seconds: list[float]  # how long each of them took
    late: bool  # a frame did not come in time, or the processor was used for too long
    too_long: bool  # a frame was longer than FRAME_BYTES
    exit: int  # how the process ended; negative: by a signal


class Sandbox:
    """A running sandbox for one assignment; use it in a with statement.

    Raises SandboxUnavailable, with what to do about it, where there can be none.
    """

    expected_status = CONFINED

    def __init__(self, assignment: "Assignment", server: Server | None = None):
        self.assignment = assignment
        self.name = f"bubblewrap {version()}, seccomp"
        self._server = server
        self._shared: Server | None = None  # of which this sandbox asks for a fork
        self._judge: socket.socket | None = None  # on which the server is asked, once it is started

    def __enter__(self) -> Self:
        try:
            self._start_confined()
        except SandboxDied:  # a server that something killed as it started says nothing of this machine
            self._stop()
            self._start_again()
        return self

    def _start_confined(self) -> None:
        self._start()
        self._check_status()

    def _start_again(self) -> None:
        try:
            self._start_confined()
        except SandboxDied as error:
            self._stop()
            raise SandboxUnavailable(
                f"bubblewrap cannot shut a process in on this machine ({error}); allow user namespaces with"
                " `sysctl kernel.apparmor_restrict_unprivileged_userns=0` or"
                " `sysctl kernel.unprivileged_userns_clone=1`, or grade as root"
            ) from error

    def __exit__(self, *_: object) -> None:
        self._stop()

    def fork(self) -> Self:
        """Return a sandbox beside this one in the same server, for a process that was forked.

        If that server has died when this sandbox is first asked, it starts one of its own.
        """
        fork = copy(self)
        fork._server, fork._shared, fork._judge = None, self._server, None
        return fork

    def ask(
        self,
        probes: list[str],
        files: dict[str, bytes],
        seeds: list[str],
        seconds: float = START_SECONDS,
        memory_mb: int | None = None,
    ) -> Reply:
        """Run these probes in one process on the modules in files, each for at most so many seconds.

        memory_mb is what they may take on top of torch's own, by default the assignment's.
        Raises SandboxDied; the next call starts a new sandbox.
        """
        try:
            if self._judge is None:
                self._start()
            return self._ask(probes, files, seeds, seconds, memory_mb or self.assignment.memory_mb)
        except SandboxDied:
            self._stop()
            raise

    def _ask(
        self, probes: list[str], files: dict[str, bytes], seeds: list[str], seconds: float, memory_mb: int
    ) -> Reply:
        work = {
            "probes": probes,
            "files": {name: text.decode("latin-1") for name, text in files.items()},
            "modules": self.assignment.modules,
            "seeds": seeds,
        }
        # One thread meets the limit on wall time first; that on processor time is for many.
        cpu_seconds = 4 * seconds * max(1, len(probes))
        limits = {"memory_mb": memory_mb, "cpu_seconds": cpu_seconds}
        with self._send(limits, work) as answers:
            frames = Frames(answers.fileno())
            taken: list[float] = []
            # Until it is confined, and has the packages that it imports, nothing runs but what is ours.
            confined = frames.read(START_SECONDS) is not None
            got = list(_read_answers(frames, max(1, len(probes)), seconds, taken)) if confined else []
        self._send_message(b"{}")
        end = self._receive(REPLY_SECONDS)
        if not (confined and end["confined"]):
            raise SandboxDied(self._last_error())
        late = frames.late or end["cpu"] > cpu_seconds
        return Reply(got, taken, late, frames.too_long, end["exit"])

    def _send(self, limits: dict[str, Any], work: dict[str, Any]) -> BinaryIO:
        """Send a request; return the end of the pipe from which to read its answers."""
        with open(os.memfd_create("work"), "w+") as job:
            json.dump(work, job)
            job.seek(0)
            reading, writing = os.pipe()
            answers = os.fdopen(reading, "rb")
            try:
                with os.fdopen(writing, "wb"):
                    self._send_message(json.dumps(limits).encode(), job.fileno(), writing)
            except SandboxDied:
                answers.close()
                raise
        return answers

    def _send_message(self, message: bytes, *descriptors: int) -> None:
        try:
            socket.send_fds(self._started(), [message], descriptors)
        except OSError as error:
            raise SandboxDied(self._last_error()) from error

    def _start(self) -> None:
        shared, self._shared = self._shared, None  # which is not the fork's to stop, and is tried once
        if shared:
            self._judge = shared.fork()
        else:
            self._server = self._server or Server(self._command())
            self._judge = self._server.judge
        self._receive(START_SECONDS)

    def _started(self) -> socket.socket:
        if self._judge is None:
            raise SandboxDied("it was not started")
        return self._judge

    def _command(self) -> list[str]:
        return command(self.assignment.root, self.assignment.folder)

    def _receive(self, seconds: float) -> dict[str, Any]:
        judge = self._started()
        judge.settimeout(seconds)
        try:
            text = judge.recv(4096)
        except OSError:
            text = b""
        if not text:
            raise SandboxDied(self._last_error())
        return json.loads(text)

    def _check_status(self) -> None:
        """Raise SandboxDied unless the kernel says of a process inside that it is confined."""
        reply = self._ask([], {}, [], START_SECONDS, self.assignment.memory_mb)
        status = b"".join(reply.frames).decode()
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        for field, wanted in self.expected_status.items():
            if fields.get(field) != wanted:
                raise SandboxDied(f"a process in it has {field} {fields.get(field)}, not {wanted}")

    def _last_error(self) -> str:
        return self._server.last_error() if self._server else "it ended"

    def _stop(self) -> None:
        if self._server is not None:
            self._server.stop()
        elif self._judge is not None:
            self._judge.close()
        self._server = self._judge = None


def _read_answers(frames: Frames, number: int, seconds: float, taken: list[float]) -> Iterator[bytes]:
    """Yield so many answers, and add to taken how long each took, from the empty frame that says it is imported."""
    for _ in range(number):
        start = time.monotonic()
        answer = frames.read(seconds)
        if answer == b"":
            start = time.monotonic()
            answer = frames.read(seconds)
        if answer is None:
            return
        taken.append(time.monotonic() - start)
        yield answer
