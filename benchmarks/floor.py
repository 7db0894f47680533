"""The seconds a submission below which no grading can get: the probes alone, in one process without a sandbox.

python -m benchmarks.floor attention
"""

import sys
import time

import torch

from check.load import load_lib
from check.probe import run
from grading.assignment import load_assignment
from grading.judge.judge import seeds_of

SUBMISSIONS = 20


def floor(name: str) -> float:
    """Ask the reference every probe, loading it anew each time as if it were another's."""
    assignment = load_assignment(name)
    torch.set_num_threads(1)
    start = time.perf_counter()
    for _ in range(SUBMISSIONS):
        lib = load_lib(assignment.root, names=assignment.modules)
        for probe in assignment.probes:
            for seed in seeds_of("floor"):
                run(probe, lib, seed)
    return (time.perf_counter() - start) / SUBMISSIONS


if __name__ == "__main__":
    print(floor(sys.argv[1]))
