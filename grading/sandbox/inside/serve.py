"""The server inside the sandbox: it forks one process for each submission and says how that process ended.

The server never reads a submission or an answer: it hands the two descriptors that come with each request on to
the child it forks. So a later child inherits no trace of an earlier one in its memory, and has nothing else to
inherit it from: its process, its files and its namespaces are its own and end with it.

The judge sends a request, a JSON text with two descriptors: where to read the job, where to write the answers.
When it has read enough it sends a second message. Only then the child is killed, if it still lives, and the
reply says how it ended. A request with one descriptor, a socket, asks for a fork of the server that serves there.
"""

import json
import os
import signal
import socket
from collections.abc import Callable
from typing import Any, NoReturn

from .confine import Confinement

MESSAGE_BYTES = 4096

# Called in the child with the limits, where to read the job, where to write the answers, and where to write one byte
# once the child is confined.
Child = Callable[[dict[str, Any], int, int, int], NoReturn]


def serve(judge: socket.socket, confinement: Confinement, child: Child) -> None:
    """Answer requests until the judge goes away."""
    judge.send(b"{}")  # all is loaded
    while True:
        request, descriptors, _, _ = socket.recv_fds(judge, MESSAGE_BYTES, 2)
        if not request:
            return
        if len(descriptors) == 1:
            _fork_server(judge, socket.socket(fileno=descriptors[0]), confinement, child)
        else:
            end = _run_child(judge, request, descriptors, confinement, child)
            judge.send(json.dumps(end).encode())


def _fork_server(
    judge: socket.socket, other_judge: socket.socket, confinement: Confinement, child: Child
) -> None:
    """Fork a server that serves another judge until that goes away."""
    if os.fork() == 0:
        if os.fork() == 0:  # nobody's child, so that nobody need wait for it
            judge.close()
            serve(other_judge, confinement, child)
        os._exit(0)
    other_judge.close()
    os.wait()


def _run_child(
    judge: socket.socket, request: bytes, descriptors: list[int], confinement: Confinement, child: Child
) -> dict[str, Any]:
    """Fork a child, end it when the judge says so, and return how it ended."""
    ready, started = os.pipe()
    with confinement.children():
        pid = os.fork()
        if pid == 0:
            job, answers = descriptors
            child(json.loads(request), job, answers, started)
    for descriptor in (*descriptors, started):
        os.close(descriptor)
    judge.recv(MESSAGE_BYTES)
    os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    end = {
        "confined": os.read(ready, 1) == b"y",  # what goes wrong before that is our own fault
        "exit": os.waitstatus_to_exitcode(status),  # negative: the signal that ended it
        "cpu": usage.ru_utime + usage.ru_stime,
    }
    os.close(ready)
    return end
