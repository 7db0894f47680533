"""What runs inside the sandbox: a server that holds torch, and in each of its children one submission.

See serve.py for the server. A child shuts itself in, imports the submission and writes what it answers to the probes.
"""

import gc

if __name__ == "__main__":
    gc.disable()  # until all of torch is here: each pass of the garbage collector would go through it again

import json
import os
import site
import socket
import struct
import sys
from contextlib import suppress
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import torch

with suppress(ImportError):
    import jaxtyping  # noqa: F401  lib/shapes.py asks for it; it is loaded here once, so that no submission waits for it

from check.codec import pack
from check.fresh import compile_nothing, reset_torch
from check.imports import import_packages
from check.key import output_names
from check.load import Lib, load_lib
from check.probe import Failure, Probe, load_folder, run, student_trace

from . import seccomp
from .confine import Confinement, Namespaces, limit, reserve_heap
from .serve import serve

NOWHERE = Path("/nowhere")


def main(confinement: Confinement) -> None:
    """Serve the probes in the folder that the command line names."""
    probes = {probe.name: probe for probe in load_folder(Path(sys.argv[1]))}
    _preload()
    serve(socket.socket(fileno=0), confinement, partial(_child, probes, confinement))


def _child(
    probes: dict[str, Probe],
    confinement: Confinement,
    limits: dict[str, Any],
    job: int,
    answers: int,
    started: int,
) -> NoReturn:
    """Answer the probes of one submission, and end."""
    try:
        with open(job, "rb") as file:
            work = json.load(file)
        _close_all_but(sys.stderr.fileno(), answers, started)
        files = {name: text.encode("latin-1") for name, text in work["files"].items()}
        folder = confinement.confine(files)
        _discard_output()
        import_packages(files.values())
        limit(**limits)
        os.write(started, b"y")
        os.close(started)
        with open(answers, "wb") as file:
            _write(file, b"")
            _answer([probes[name] for name in work["probes"]], folder, work["modules"], work["seeds"], file)
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


def _answer(probes: list[Probe], folder: Path, modules: list[str], seeds: list[str], file: BinaryIO) -> None:
    """Write what the submission answers, probe by probe: an empty frame once it is imported, and one with the values.

    Without probes write what the kernel says of this process, for the judge to see that it is shut in.
    """
    if not probes:
        _write(file, Path("/proc/self/status").read_bytes())
        return
    for _, exercise in groupby(probes, key=attrgetter("exercise")):
        lib = _import(folder, modules)
        with lib.importable():  # also for `from lib.masks import …` inside a function
            for probe in exercise:
                _write(file, b"")
                _write(file, _answer_one(probe, lib, seeds))


def _answer_one(probe: Probe, lib: Lib, seeds: list[str]) -> bytes:
    names = output_names(probe, seeds)
    try:
        return pack({name: run(probe, lib, seed) for name, seed in zip(names, seeds, strict=True)})
    except BaseException as error:  # sys.exit() is an answer too, and so is a value that has no bytes
        failure = Failure(type(error).__name__, str(error)[:500], student_trace(error))
        return pack(dict.fromkeys(names, failure))


def _import(folder: Path, modules: list[str]) -> Lib:
    """Import the submission anew for each exercise, as check() does in the student's own notebook.

    What one exercise left set in torch is no other's fault.
    """
    reset_torch()
    try:
        return load_lib(folder, names=modules)
    except BaseException as error:
        refusal = ImportError(f"importing lib ended in {type(error).__name__}")
        return Lib(dict.fromkeys(modules, refusal.with_traceback(error.__traceback__)))


def _write(file: BinaryIO, frame: bytes) -> None:
    file.write(struct.pack(">I", len(frame)) + frame)
    file.flush()  # at once: what is answered counts, whatever the next probe does


def _preload() -> None:
    """Do once what a child would otherwise do first, and keep its garbage collector off what is here.

    What torch sets up on the first product of each kind is then there, and counts for no child as memory it took.
    """
    torch.set_num_threads(1)
    compile_nothing()
    nothing = load_lib(NOWHERE, names=["nothing"])  # which is not there, but now importlib is complete
    dtypes = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
    first = Probe("first", "", 0, lambda lib, rng: [_products(dtype) for dtype in dtypes])
    pack({"first": run(first, nothing, "")})
    seccomp.program(os.uname().machine)
    reserve_heap()
    for set_names in (
        site.sethelper,
        site.setquit,
        site.setcopyright,
    ):  # help and exit, which are not there with -S
        set_names()
    gc.freeze()
    gc.enable()


def _products(dtype: torch.dtype) -> torch.Tensor | None:
    x = torch.ones(2, 8, 64, dtype=dtype, requires_grad=True)
    y = torch.einsum("btk,bsk->bts", x, x) + x @ x.mT + torch.nn.functional.linear(x, x[0])
    y.softmax(-1).exp().logsumexp(-1).sum().backward()
    return x.grad


if __name__ == "__main__":
    main(Namespaces())
