"""Starts a program on several workers of this machine by torchrun, none of which outlives its time."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = {"linux": "lo", "darwin": "lo0"}  # of several interfaces gloo may choose one that leads nowhere


def torchrun(*program: str, workers: int = 2, restarts: int = 0, limit: float = 300) -> str:
    """Run a program on this many workers and return what they print.

    program is what stands after `python` on a command line: a file or -m and a module, then its arguments. Raises
    RuntimeError, with the end of what they say, when a worker fails, and TimeoutExpired after `limit` seconds.
    """
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--local-addr", "127.0.0.1"]
    command += ["--nproc-per-node", str(workers), "--max-restarts", str(restarts), *program]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    if sys.platform in LOOPBACK:
        environment.setdefault("GLOO_SOCKET_IFNAME", LOOPBACK[sys.platform])
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            printed, errors = process.communicate(timeout=limit)
        except BaseException:
            _end(process)
            raise
    if process.returncode:
        raise RuntimeError(f"a worker failed:\n{errors[-6000:]}")
    return printed


def _end(process: subprocess.Popen) -> None:
    """End torchrun, which ends its workers when it is asked to."""
    process.terminate()
    try:
        process.wait(timeout=40)  # workers that do not listen are given 30 seconds
    except subprocess.TimeoutExpired:
        process.kill()
