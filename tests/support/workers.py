"""Processes that torchrun starts on this machine, none of which outlives its time."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

from grading.assignment import ROOT
from tests.support.process_table import descendants

LIMIT = 150  # seconds that a launch may take on a busy machine


def torchrun(*program: str, workers: int = 2, restarts: int = 0, options: Sequence[str] = ()) -> str:
    """Run a program on this many workers and return what they print. Raises AssertionError with that when it fails."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--local-addr", "127.0.0.1"]
    command += ["--nproc-per-node", str(workers), "--max-restarts", str(restarts), *options, *program]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "GLOO_SOCKET_IFNAME": "lo",  # of several interfaces gloo may choose one that leads nowhere
    }
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            printed, errors = process.communicate(timeout=LIMIT)
        finally:
            for pid in [*descendants(process.pid), process.pid] if process.poll() is None else ():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
    assert process.returncode == 0, errors[-6000:]
    return printed
