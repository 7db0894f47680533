"""What two processes did: the numbers of the chapter on several machines.

torchrun --nproc-per-node 2 -m book.cells.two_processes       prints them as JSON (about 10 s of processor time)

`launch()` does that and returns them. Distances are the largest difference between two weights; bytes are those that one
worker sends.
"""

import contextlib
import io
import json
import os
import runpy
import time
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import distributed as dist

from book.cells import exchanges, wire
from book.cells.launch import torchrun
from book.cells.workers import Way, by_hand, ddp, distances, one_process, sharded
from lib.distributed import Group, running

BREAKS = {
    "no average": Way(averages=False),
    "same data": Way(same_data=True),
    "different start": Way(same_start=False),
    "sum": Way(sums=True),
}


@cache
def launch() -> dict[str, Any]:
    """Start the two workers and return what they found."""
    return json.loads(torchrun("-m", "book.cells.two_processes").splitlines()[-1])


def equal(group: Group) -> dict[str, Any]:
    """Train on two workers in ways that one process should not be told from."""
    one, single = one_process(), one_process(dtype=torch.float32)
    weights, own = sharded(group)
    return {
        "by hand": distances(group, by_hand(group, Way()), one),
        "DDP": distances(group, ddp(group), one),
        "DDP in float32": distances(group, ddp(group, torch.float32), single),
        "fully_shard": distances(group, weights, one) | {"own": own},
        "weights": one.shape[1],
    }


def breaks(group: Group) -> dict[str, Any]:
    """Break one promise each, and weigh unequal shares rightly and wrongly."""
    found = {name: distances(group, by_hand(group, way), one_process()) for name, way in BREAKS.items()}
    for name, way in {"mean with SGD": Way(sgd=True), "sum with SGD": Way(sums=True, sgd=True)}.items():
        found[name] = distances(group, by_hand(group, way), one_process(sgd=True))
    for name, weighted in {"uneven, weighted": True, "uneven, plain mean": False}.items():
        weights = by_hand(group, Way(uneven=True, weighted=weighted))
        found[name] = distances(group, weights, one_process(uneven=True))
    return found


def first_program() -> str:
    """Run first.py as torchrun would, and return what it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        runpy.run_path(str(Path(__file__).with_name("first.py")), run_name="__main__")
    return printed.getvalue()


def of_this_worker(group: Group) -> dict[str, Any]:
    """Return what each worker sees for itself."""
    return {
        "collectives": exchanges.collectives(group),
        "tensor parallel": exchanges.cut(group),
        "pipeline": exchanges.stages(group),
        "bytes of a step": exchanges.bytes_of_a_step(group),
        "bytes of collectives": wire.collectives() if wire.can_count() else None,
    }


def main() -> None:
    """Do all; the lead prints one line of JSON."""
    warnings.simplefilter("error")
    torch.set_num_threads(1)
    # Before anything has begun a thread: a fork takes none along.
    four = wire.of_forked(4) if wire.can_count() and int(os.environ["RANK"]) == 0 else None
    printed = first_program()
    with running("gloo", timeout=120) as group:
        common = {
            "equal": equal(group),
            "breaks": breaks(group),
            "accumulation": exchanges.accumulation(group),
            "times": exchanges.times(group),
        }
        own = {**of_this_worker(group), "first": printed, "seconds": time.process_time()}
        both: list[Any] = [None] * group.world
        dist.all_gather_object(both, own)
        if group.lead:
            by_name = {name: [worker[name] for worker in both] for name in own}
            of_four = {"numbers": wire.NUMBERS, "four workers": four, "torch": torch.__version__}
            print(json.dumps({**common, **by_name, **of_four}))


if __name__ == "__main__":
    main()
