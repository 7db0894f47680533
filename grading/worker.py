"""What runs inside the sandbox: a server that holds torch and forks one process for each probe of a submission.

The server never reads a submission or an answer: it hands the two descriptors that come with each request on to
the child it forks. So a later child inherits no trace of an earlier one in its memory, and has nothing else to
inherit it from: its process, its files and its namespaces are its own and end with it.

A request is a JSON text with two descriptors: where to read the job, where to write the answer. The reply says
only how the child ended.
"""

import json
import os
import select
import signal
import socket
import sys
from pathlib import Path

import torch

from check.codec import pack
from check.load import load_lib
from check.probe import Failure, Probe, load_probes, run, student_trace

from .confine import children_in_own_pid_namespace, confine

FOLDER = Path("/tmp/submission")
REQUEST_BYTES = 4096


def serve(requests: socket.socket, probes: dict[str, Probe]) -> None:
    """Answer requests until the judge goes away."""
    requests.send(b"{}")  # torch and the probes are loaded
    while True:
        text, descriptors, _, _ = socket.recv_fds(requests, REQUEST_BYTES, 2)
        if not text:
            return
        request = json.loads(text)
        ready, started = os.pipe()
        with children_in_own_pid_namespace():
            child = os.fork()
            if child == 0:
                _child(request, probes, *descriptors, started)
        for descriptor in (*descriptors, started):
            os.close(descriptor)
        requests.send(json.dumps(_end(child, ready, request["seconds"])).encode())
        os.close(ready)


def _end(child: int, ready: int, seconds: float) -> dict:
    """Wait for a child, kill it when its time is up, and say how it ended."""
    process = os.pidfd_open(child)
    in_time = bool(select.select([process], [], [], seconds)[0])
    os.close(process)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    return {
        "confined": os.read(ready, 1) == b"y",  # anything before that is our own fault
        "exit": os.waitstatus_to_exitcode(status),  # negative: the signal that ended it
        "timeout": not in_time or usage.ru_utime + usage.ru_stime > seconds + 1,
    }


def _child(request: dict, probes: dict[str, Probe], job: int, answer: int, started: int) -> None:
    """Answer one probe. Never returns."""
    try:
        with open(job, "rb") as file:
            work = json.load(file)
        _close_all_but(sys.stderr.fileno(), answer, started)
        files = {name: text.encode("latin-1") for name, text in work["files"].items()}
        confine(str(FOLDER), files, request["memory_mb"], request["seconds"])
        _discard_output()
        os.write(started, b"y")
        os.close(started)
        with open(answer, "wb") as file:
            file.write(_answer(probes.get(work["probe"]), work) if work["probe"] else _own_status())
        os._exit(0)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        os._exit(1)


def _close_all_but(*kept: int) -> None:
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        if descriptor not in kept:
            try:
                os.close(descriptor)
            except OSError:
                continue  # the one that listed the folder


def _discard_output() -> None:
    null = os.open("/dev/null", os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)


def _answer(probe: Probe, work: dict) -> bytes:
    """Return what the submission answers on every seed, or the error that it ended with."""
    names = [f"{probe.name}@{i}" for i in range(len(work["seeds"]))]
    sys.path.append(str(FOLDER))
    try:
        lib = load_lib(FOLDER, names=work["modules"])
        return pack({name: run(probe, lib, seed) for name, seed in zip(names, work["seeds"], strict=True)})
    except BaseException as error:  # sys.exit() is an answer too
        failure = Failure(type(error).__name__, str(error)[:500], student_trace(error))
        return pack(dict.fromkeys(names, failure))


def _own_status() -> bytes:
    """Return what the kernel says of this process, for the judge to see that it is shut in."""
    return Path("/proc/self/status").read_bytes()


if __name__ == "__main__":
    torch.set_num_threads(1)
    serve(socket.socket(fileno=0), {probe.name: probe for probe in load_probes(Path(sys.argv[1]))})
