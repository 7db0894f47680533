"""Does grading again give the same answer? The whole sample class, graded many times, each time on a fresh seed.

An answer is what each probe earns, the reason, and the mistakes that are named. It is compared with what follows from
the released answer key alone.

    python -m benchmarks.repeats                    100 gradings of the sample class of attention
    python -m benchmarks.repeats --gradings 3       fewer
"""

import argparse
import secrets
import sys
import tempfile
import time
from pathlib import Path

from grading.assignment import load_assignment
from grading.judge.pool import grade
from grading.judge.settings import Judge
from tests.support.sample_answers import answer, expected, submissions, wrong


def main(name: str, gradings: int) -> bool:
    """Grade the class so many times; print what is other than it should be, and the figure."""
    assignment, start = load_assignment(name), time.perf_counter()
    wanted, verdicts, others = expected(assignment), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        the_class = submissions(assignment, Path(folder))
        for number in range(1, gradings + 1):
            seed = secrets.token_hex(16)
            for who, verdict in grade(assignment, the_class, Judge(seed=seed)):
                found = wrong(assignment, who.student, answer(verdict.marks), wanted[who.student])
                verdicts, others = verdicts + 1, others + bool(found)
                for sentence in found:
                    print(f"{seed}  {sentence}")
            print(
                f"{number:4} of {gradings}  {time.perf_counter() - start:7.1f} s  {others} differ", flush=True
            )
    print(f"{gradings} gradings of {len(the_class)} students: {others} of {verdicts} verdicts differ")
    return verdicts == gradings * len(the_class) and not others


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", nargs="?", default="attention", help="default: attention")
    parser.add_argument("--gradings", type=int, default=100, help="default: 100")
    chosen = parser.parse_args()
    sys.exit(0 if main(chosen.assignment, chosen.gradings) else 1)
