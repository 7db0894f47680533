"""Seconds a submission: this course's grading against stock nbgrader, on one class, machine and run.

Stock nbgrader runs the same notebook, with the same checks in its cells, in a kernel a submission; that is what
one would use instead. Both are timed as the whole command `nbgrader autograde attention`, start-up included.

The floor is what cannot be saved: the probes alone, asked of the reference, in one process without a sandbox.

    python -m benchmarks.grading                            a class of 60
    python -m benchmarks.grading --class 240 --stock 20     of which stock nbgrader grades 20, at its steady pace
    python -m benchmarks.grading --class 1000 --stock 0     without stock nbgrader; how fast, and in how much memory
"""

import argparse
import itertools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from tests.support.course_copy import NAME, ROOT, copy_course, hand_in_sample

STOCK_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "stock"
c.Autograde.exclude_overwriting = {"attention": ["lib/attention.py"]}
c.ExecutePreprocessor.timeout = 120
"""


def run(command: str, folder: Path) -> float:
    """Run a command in folder and return its wall seconds; its log is shown if it fails."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    start = time.perf_counter()
    done = subprocess.run(
        command.split(),
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{command} failed in {folder}:\n{done.stdout[-3000:]}")
    return time.perf_counter() - start


def our_course(folder: Path) -> None:
    """Copy the course and lay out its whole sample class."""
    copy_course(folder, whole=True)
    run(f"nbgrader generate_assignment {NAME}", folder)
    hand_in_sample(folder, NAME, whole=True)


def stock_course(folder: Path) -> None:
    """Lay out the same assignment as stock nbgrader wants it: what a student gets, with the answers put in."""
    source = folder / "source" / NAME
    shutil.copytree(ROOT / "exercises" / NAME, source, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "solutions" / NAME / f"{NAME}.ipynb", source)
    shutil.copy(ROOT / "lib" / f"{NAME}.py", source / "lib")
    (folder / "nbgrader_config.py").write_text(STOCK_CONFIG)
    run(f"nbgrader generate_assignment {NAME}", folder)


def same_class(ours: Path, stock: Path, size: int, at_stock: int) -> list[str]:
    """Keep `size` submissions that stock nbgrader can read as well, copied as often as needed; return the ids.

    Stock nbgrader gets the first at_stock of them.
    """
    whole = [s for s in sorted((ours / "submitted").iterdir()) if is_notebook(s / NAME / f"{NAME}.ipynb")]
    sample = ours / "sample"
    (ours / "submitted").rename(sample)
    ids = []
    for number, student in zip(range(size), itertools.cycle(whole), strict=False):
        ids.append(f"{student.name}-{number:03}")
        for course in (ours, stock)[: 2 if number < at_stock else 1]:
            shutil.copytree(sample / student.name, course / "submitted" / ids[-1])
    return ids


def is_notebook(path: Path) -> bool:
    try:
        nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError):
        return False
    return True


def scores(course: Path, ids: list[str]) -> dict[str, float]:
    """Return what the gradebook says of each submission's automatic part."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        found = {student: gradebook.find_submission(NAME, student) for student in ids}
        return {
            student: sum(grade.auto_score or 0.0 for book in submission.notebooks for grade in book.grades)
            for student, submission in found.items()
        }


def floor() -> float:
    """Return the seconds a submission of the probes alone, in a process of their own."""
    command = [sys.executable, "-m", "benchmarks.floor", NAME]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def main(size: int, at_stock: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        ours, stock = Path(scratch, "ours"), Path(scratch, "stock")
        ours.mkdir()
        print(f"laying out a class of {size} …", flush=True)
        our_course(ours)
        stock_course(stock)
        ids = same_class(ours, stock, size, at_stock)
        print("grading with this course …", flush=True)
        mine = run(f"nbgrader autograde {NAME}", ours)
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{'':16}{'seconds':>10}{'submissions':>13}{'a submission':>15}")
        print(f"{'the floor':16}{'':23}{floor():15.3f}")
        print(
            f"{'this course':16}{mine:10.1f}{size:13}{mine / size:15.3f}   {most:.0f} MB at most", flush=True
        )
        if at_stock:
            against(
                run(f"nbgrader autograde {NAME}", stock) / at_stock, mine / size, ours, stock, ids[:at_stock]
            )


def against(theirs: float, mine: float, ours: Path, stock: Path, ids: list[str]) -> None:
    """Print seconds a submission, and whether both give the same scores."""
    here, there = scores(ours, ids), scores(stock, ids)
    other = [student for student in ids if abs(here[student] - there[student]) > 1e-6]
    print(f"{'stock nbgrader':16}{theirs * len(ids):10.1f}{len(ids):13}{theirs:15.3f}")
    same = f"{len(ids) - len(other)} of {len(ids)} automatic scores are the same"
    print(f"{theirs / mine:.1f} times as fast; {same}")
    for student in other:
        print(f"{student}: {here[student]:g} points here, {there[student]:g} in stock nbgrader")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--class", dest="size", type=int, default=60, help="number of submissions")
    parser.add_argument("--stock", type=int, help="how many of them stock nbgrader grades; default: all")
    chosen = parser.parse_args()
    main(chosen.size, chosen.size if chosen.stock is None else min(chosen.stock, chosen.size))
