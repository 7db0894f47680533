"""What runs inside the sandbox: a server that holds torch and forks one process for each submission.

The server never reads a submission or an answer: it hands the two descriptors that come with each request on to
the child it forks. So a later child inherits no trace of an earlier one in its memory, and has nothing else to
inherit it from: its process, its files and its namespaces are its own and end with it.

The judge sends a request, a JSON text with two descriptors: where to read the job, where to write the answers.
When it has read enough it sends a second message. Only then the child is killed, if it still lives, and the
reply says how it ended. A request with one descriptor, a socket, asks for a fork of the server that serves there.
"""

import gc

if __name__ == "__main__":
    gc.disable()  # until all of torch is here: Python would look through it for garbage again and again

import json
import os
import signal
import socket
import struct
import sys
from contextlib import suppress
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import torch

with suppress(ImportError):
    import jaxtyping  # noqa: F401  lib/shapes.py asks for it; it is loaded here once, so that no submission waits for it

from check.codec import pack
from check.key import output_names
from check.load import Lib, load_lib
from check.probe import Failure, Probe, load_folder, run, student_trace

from . import seccomp
from .confine import children_in_own_pid_namespace, confine

FOLDER = Path("/box/submission")  # not in /tmp, where the course itself may lie
MESSAGE_BYTES = 4096
WARM = (torch.float32, torch.float64, torch.float16, torch.bfloat16)


def serve(judge: socket.socket, probes: dict[str, Probe]) -> None:
    """Answer requests until the judge goes away."""
    judge.send(b"{}")  # torch and the probes are loaded
    while True:
        request, descriptors, _, _ = socket.recv_fds(judge, MESSAGE_BYTES, 2)
        if not request:
            return
        if len(descriptors) == 1:
            _fork(judge, socket.socket(fileno=descriptors[0]), probes)
            continue
        ready, started = os.pipe()
        with children_in_own_pid_namespace():
            child = os.fork()
            if child == 0:
                _child(json.loads(request), probes, *descriptors, started)
        for descriptor in (*descriptors, started):
            os.close(descriptor)
        judge.recv(MESSAGE_BYTES)
        os.kill(child, signal.SIGKILL)
        _, status, usage = os.wait4(child, 0)
        end = {
            "confined": os.read(ready, 1) == b"y",  # what goes wrong before that is our own fault
            "exit": os.waitstatus_to_exitcode(status),  # negative: the signal that ended it
            "cpu": usage.ru_utime + usage.ru_stime,
        }
        os.close(ready)
        judge.send(json.dumps(end).encode())


def _fork(judge: socket.socket, other_judge: socket.socket, probes: dict[str, Probe]) -> None:
    """Fork a server that serves another judge until that goes away."""
    if os.fork() == 0:
        if os.fork() == 0:  # nobody's child, so that nobody need wait for it
            judge.close()
            serve(other_judge, probes)
        os._exit(0)
    other_judge.close()
    os.wait()


def _child(limits: dict, probes: dict[str, Probe], job: int, answer: int, started: int) -> None:
    """Answer the probes of one submission. Never returns."""
    try:
        with open(job, "rb") as file:
            work = json.load(file)
        _close_all_but(sys.stderr.fileno(), answer, started)
        files = {name: text.encode("latin-1") for name, text in work["files"].items()}
        confine(str(FOLDER), files, **limits)
        _discard_output()
        os.write(started, b"y")
        os.close(started)
        with open(answer, "wb") as file:
            _answer([probes[name] for name in work["probes"]], work["modules"], work["seeds"], file)
        os._exit(0)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        os._exit(1)


def _close_all_but(*kept: int) -> None:
    highest = max(map(int, os.listdir("/proc/self/fd")))
    for descriptor in range(highest + 1):
        if descriptor not in kept:
            os.closerange(descriptor, descriptor + 1)  # which does not mind one that is closed


def _discard_output() -> None:
    null = os.open("/dev/null", os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)


def _answer(probes: list[Probe], modules: list[str], seeds: list[str], file) -> None:
    """Write what the submission answers, probe by probe, each with its length before it.

    Without probes write what the kernel says of this process, for the judge to see that it is shut in.
    """
    if not probes:
        _write(file, Path("/proc/self/status").read_bytes())
        return
    sys.path.append(str(FOLDER))  # for `from lib.masks import …` inside a function
    for _, exercise in groupby(probes, key=attrgetter("exercise")):
        lib = _loaded(modules)
        for probe in exercise:
            _write(file, _packed(probe, lib, seeds))


def _packed(probe: Probe, lib: Lib, seeds: list[str]) -> bytes:
    names = output_names(probe, seeds)
    try:
        return pack({name: run(probe, lib, seed) for name, seed in zip(names, seeds, strict=True)})
    except BaseException as error:  # sys.exit() is an answer too, and so is a value that has no bytes
        failure = Failure(type(error).__name__, str(error)[:500], student_trace(error))
        return pack(dict.fromkeys(names, failure))


def _loaded(modules: list[str]) -> Lib:
    """Import the submission anew for each exercise, as check() does in the student's own notebook.

    What one exercise left set in torch is no other's fault.
    """
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    try:
        return load_lib(FOLDER, names=modules)
    except BaseException as error:
        refusal = ImportError(f"importing lib ended in {type(error).__name__}")
        return Lib(dict.fromkeys(modules, refusal.with_traceback(error.__traceback__)))


def _write(file, frame: bytes) -> None:
    file.write(struct.pack(">I", len(frame)) + frame)
    file.flush()  # at once: what is answered counts, whatever the next probe does


def _warm_up() -> None:
    """Do once what a child would otherwise do first, and keep its garbage collector off what is here.

    What torch sets up on the first product of each kind is then there, and counts for no child as memory it took.
    """
    torch.set_num_threads(1)
    nothing = load_lib(FOLDER, names=["nothing"])  # which is not there, but now importlib is complete
    warm = Probe("warm", "", 0, lambda lib, rng: [_products(dtype) for dtype in WARM])
    pack({"warm": run(warm, nothing, "")})
    seccomp.program(os.uname().machine)
    gc.freeze()
    gc.enable()


def _products(dtype: torch.dtype) -> torch.Tensor:
    x = torch.ones(2, 8, 64, dtype=dtype, requires_grad=True)
    y = torch.einsum("btk,bsk->bts", x, x) + x @ x.mT + torch.nn.functional.linear(x, x[0])
    y.softmax(-1).exp().logsumexp(-1).sum().backward()
    return x.grad


def main() -> None:
    """Serve the probes in the folder that the command line names."""
    known = {probe.name: probe for probe in load_folder(Path(sys.argv[1]))}
    _warm_up()
    serve(socket.socket(fileno=0), known)


if __name__ == "__main__":
    main()
