"""A sandbox: a server in bubblewrap that answers probes with a stranger's code. See worker.py for its inside.

There is no other way to run a submission: without bubblewrap nothing is graded.
"""

import json
import os
import select
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass

from .assignment import Assignment
from .bubblewrap import command, version

START_SECONDS = 120.0  # torch may come from a cold disk
GRACE_SECONDS = 30.0  # beyond a probe's own limit, for a machine under load
ANSWER_BYTES = 32 * 2**20
CONFINED = {"CapEff": "0000000000000000", "NoNewPrivs": "1", "Seccomp": "2"}  # as /proc/self/status has it


class SandboxUnavailable(RuntimeError):
    """This machine cannot shut a submission in."""


class SandboxDied(RuntimeError):
    """The sandbox itself failed, which is no submission's fault."""


@dataclass(frozen=True)
class Answer:
    """What came back from one probe: bytes that nobody has looked at yet, and how the process ended."""

    data: bytes
    exit: int  # negative: the signal that ended it
    timeout: bool
    too_long: bool  # more than ANSWER_BYTES came


class Sandbox:
    """A running sandbox for one assignment; use it in a with statement.

    Raises SandboxUnavailable, with what to do about it, where there can be none.
    """

    def __init__(self, assignment: Assignment):
        self.assignment = assignment
        self.name = f"bubblewrap {version()}, seccomp"
        self._process = None

    def __enter__(self) -> "Sandbox":
        try:
            self._start()
            self._see_that_it_holds()
        except SandboxDied as error:
            self._stop()
            raise SandboxUnavailable(
                f"bubblewrap cannot shut a process in on this machine ({error}); allow user namespaces with"
                " `sysctl kernel.apparmor_restrict_unprivileged_userns=0` or"
                " `sysctl kernel.unprivileged_userns_clone=1`, or grade as root"
            ) from error
        return self

    def __exit__(self, *_) -> None:
        self._stop()

    def ask(self, probe: str, files: dict[str, bytes], seeds: list[str], seconds: float) -> Answer:
        """Run one probe on the modules in files for at most so long.

        Raises SandboxDied; the next call starts a new sandbox.
        """
        try:
            if self._process is None:
                self._start()
            return self._ask(probe, files, seeds, seconds)
        except SandboxDied:
            self._stop()
            raise

    def _ask(self, probe: str, files: dict[str, bytes], seeds: list[str], seconds: float) -> Answer:
        files = {name: text.decode("latin-1") for name, text in files.items()}
        work = {"probe": probe, "files": files, "modules": self.assignment.modules, "seeds": seeds}
        job = _file(json.dumps(work).encode())
        answer, theirs = os.pipe()
        request = {"seconds": seconds, "memory_mb": self.assignment.memory_mb}
        try:
            socket.send_fds(self._judge, [json.dumps(request).encode()], [job, theirs])
        except OSError as error:
            os.close(answer)
            raise SandboxDied(self._last_words()) from error
        finally:
            os.close(job)
            os.close(theirs)
        data = _read(answer, seconds + GRACE_SECONDS)
        end = self._reply(GRACE_SECONDS)
        if not end.pop("confined"):
            raise SandboxDied(self._last_words())
        return Answer(data=data[:ANSWER_BYTES], too_long=len(data) > ANSWER_BYTES, **end)

    def _start(self) -> None:
        self._judge, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            command(self.assignment), stdin=theirs, stdout=subprocess.DEVNULL, stderr=self._errors, env={}
        )
        theirs.close()
        self._reply(START_SECONDS)

    def _reply(self, seconds: float) -> dict:
        self._judge.settimeout(seconds)
        try:
            text = self._judge.recv(4096)
        except OSError:
            text = b""
        if not text:
            raise SandboxDied(self._last_words())
        return json.loads(text)

    def _see_that_it_holds(self) -> None:
        status = self._ask("", {}, [], START_SECONDS).data.decode()
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        for field, wanted in CONFINED.items():
            if fields.get(field) != wanted:
                raise SandboxDied(f"a process in it has {field} {fields.get(field)}, not {wanted}")

    def _last_words(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it ended without a word"

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._judge.close()
            self._errors.close()
            self._process = None


def _file(content: bytes) -> int:
    descriptor = os.memfd_create("job")
    with open(descriptor, "wb", closefd=False) as file:
        file.write(content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _read(pipe: int, seconds: float) -> bytes:
    """Read to the end, but no more than a little over ANSWER_BYTES and no longer than so many seconds."""
    chunks, size, until = [], 0, time.monotonic() + seconds
    try:
        while size <= ANSWER_BYTES and select.select([pipe], [], [], max(0, until - time.monotonic()))[0]:
            chunk = os.read(pipe, 2**20)
            if not chunk:
                break
            chunks.append(chunk)
            size += len(chunk)
    finally:
        os.close(pipe)
    return b"".join(chunks)
