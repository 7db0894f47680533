"""A run of nbgrader on a terminal of its own."""

import os
import pty
import re
import select
import subprocess
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.support.process_table import descendants


class Run:
    """`nbgrader autograde` on a terminal: what it shows, and the most memory that it and its workers have had."""

    def __init__(self, course: Path, *options: str):
        self.screen, self.peaks = b"", {}  # in MB, by process
        self.terminal, end = pty.openpty()
        termios.tcsetwinsize(end, (24, 100))
        command = [sys.executable, "-m", "nbgrader", "autograde", "sums", *options]
        self.process = subprocess.Popen(command, cwd=course, stdin=end, stdout=end, stderr=end)
        os.close(end)

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Look at the screen and the process table until something is so, or the run has ended."""
        mine = self.process.pid
        while self.process.poll() is None and not until():
            if select.select([self.terminal], [], [], 0.1)[0]:
                self._read()
            workers = [pid for pid, (_, parent) in descendants(mine).items() if parent == mine]
            for pid in (mine, *workers):
                with suppress(OSError, TypeError):  # it ended meanwhile
                    status = Path(f"/proc/{pid}/status").read_text()
                    self.peaks[pid] = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def peak(self, who: str) -> float:
        """Return the most memory that the batch itself, or any of its workers, has had."""
        return max(mb for pid, mb in self.peaks.items() if (pid == self.process.pid) == (who == "batch"))

    def end(self) -> int:
        """Return the exit status, when all that was shown is read."""
        while self._read():
            pass
        os.close(self.terminal)
        return self.process.wait()

    def _read(self) -> bytes:
        new = b""
        with suppress(OSError):  # which says that nobody writes any more
            new = os.read(self.terminal, 2**16)
        self.screen += new
        return new
