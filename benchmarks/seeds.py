"""Is there any chance in grading? Every mistake, alternative and the reference, asked on many fresh seeds.

On every seed each mistake must be caught, lose the same probes and get its own name, and the reference and each
alternative must be right everywhere. What is not so is said at once, with its seed, which SEEDS="…" in the environment
repeats. A seed is that of a grading, which draws two from it, and what is said of a mistake must hold for each of these.

    python -m benchmarks.seeds                          every assignment, 1,000 seeds each
    python -m benchmarks.seeds attention --seeds 100    one, on fewer
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context

from tqdm import tqdm

from grading.assignment import Assignment, assignment_names, load_assignment
from grading.reports.text_table import text_table
from tests.support.invariants import KINDS, LOST, Finding, Usual, findings
from tests.support.seeds import fresh_seeds, to_repeat

AT_A_TIME = 10  # seeds; a mistake's module is loaded once for all of them

load = cache(load_assignment)


@cache
def usual(name: str) -> Usual:
    return Usual.of(load(name))


def examine(name: str, seeds: list[str]) -> list[Finding]:
    """Return what a worker finds on a few seeds."""
    return findings(load(name), seeds, usual(name))


def examine_all(pool: Executor, name: str, seeds: list[str]) -> Iterator[Finding]:
    """Yield what is found on all seeds, behind a progress bar."""
    parts = [seeds[i : i + AT_A_TIME] for i in range(0, len(seeds), AT_A_TIME)]
    jobs = {pool.submit(examine, name, part): len(part) for part in parts}
    with tqdm(total=len(seeds), desc=name, unit="seed") as bar:
        for done in as_completed(jobs):
            for one in done.result():
                bar.write(f"{name}: {one.name}: {one.sentence}; {to_repeat([one.seed])}")
                yield one
            bar.update(jobs[done])


def row(assignment: Assignment, seeds: list[str], found: list[Finding], seconds: float) -> list[object]:
    """Return a line of the table: of each kind, how many mistakes or alternatives were found so on any seed."""
    counts = [len({one.name for one in found if one.kind == kind}) for kind in KINDS]
    sizes = [len(seeds), len(assignment.mistakes), len(assignment.alternatives)]
    return [assignment.name, *sizes, *counts, round(seconds)]


def main(names: list[str], count: int) -> bool:
    """Print all findings, each when it is found, and the table; return True if there are none."""
    rows, sound = [], True
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        for name in names:
            seeds, start = fresh_seeds(count), time.perf_counter()
            found = list(examine_all(pool, name, seeds))
            rows.append(row(load(name), seeds, found, time.perf_counter() - start))
            sound = sound and not found
    kinds = [f"{kind} points" if kind == LOST else kind for kind in KINDS]
    print(text_table(["assignment", "seeds", "mistakes", "alternatives", *kinds, "seconds"], rows))
    return sound


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignments", nargs="*", metavar="assignment", help="default: every assignment")
    parser.add_argument("--seeds", type=int, default=1000, help="default: 1000")
    chosen = parser.parse_args()
    sys.exit(0 if main(chosen.assignments or assignment_names(), chosen.seeds) else 1)
