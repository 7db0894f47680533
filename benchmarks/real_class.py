"""A class with every kind of trouble at once: does anybody's right work score less than at home?

    python -m benchmarks.real_class --students 100

Each student has honest work for `attention` in one of the forms that the fairness tests know, a notebook of some kind,
an id that an institution might choose, and a folder as it comes out of a zip, a Mac or a browser. What the check says at
home, in a process of its own, is the least that grading may give. The class is laid out by hard links, as a snapshot is,
and two gradings start at once; then come feedback, the table and both exports.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path

from nbgrader.api import Gradebook

from grading.assignment import load_assignment
from tests.support.course_copy import NAME, copy_course, succeed
from tests.support.odd_class import capitalise, nest, rename_in_browser
from tests.support.odd_forms import MODULES, NOTEBOOKS, hand_in

IDS = ("student{}", "a+b{}@c.edu", "名字{}", "Doe, J. {}", "o'neill {}", '"{}"')


def as_it_is(folder: Path) -> None:
    """Leave the folder alone."""


def from_a_mac(folder: Path) -> None:
    """Leave what a Mac leaves in its zips."""
    (folder / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / f"._{NAME}.py").write_bytes(b"\0\5\26\7")


def with_outputs(folder: Path) -> None:
    """Store twenty megabytes of output in the notebook, as a loop that prints does."""
    path = folder / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text("utf-8-sig"))
    printed = {"output_type": "stream", "name": "stdout", "text": "0.123456789\n" * 2_000_000}
    for cell in notebook.get("cells", []):
        if cell["cell_type"] == "code":
            cell["outputs"] = [printed]
            break
    path.write_text(json.dumps(notebook), "utf8")


PLACES: tuple[Callable[[Path], None], ...] = (
    as_it_is,
    nest,
    rename_in_browser,
    capitalise,
    from_a_mac,
    with_outputs,
)


def points_at_home(folder: Path) -> float:
    """Return what the check in a student's folder gives to all exercises together."""
    exercises = list(load_assignment(NAME).exercises)
    code = f"from check import check\nprint(sum(check(name) for name in {exercises}))"
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf8"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True
    )
    return float(done.stdout.split()[-1]) if done.returncode == 0 else 0.0


def lay_class(course: Path, students: int) -> dict[str, float]:
    """Hand in everybody's work by hard links; return what each has at home."""
    forms = list(islice(cycle([*MODULES, *NOTEBOOKS]), students))
    places, ids = cycle(PLACES), cycle(IDS)
    known: dict[str, float] = {}
    found = {}
    for number, (form, place, pattern) in enumerate(zip(forms, places, ids, strict=False)):
        hand_in(course, form)
        folder = course / "submitted" / form / NAME
        if form not in known:
            known[form] = points_at_home(folder)
        place(folder)
        student = pattern.format(number)
        shutil.move(course / "submitted" / form, course.parent / "home" / student)
        shutil.copytree(
            course.parent / "home" / student, course / "submitted" / student, copy_function=os.link
        )
        found[student] = known[form]
        print(f"\r{number + 1} of {students} have handed in", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def grade_twice_at_once(course: Path) -> float:
    """Start two gradings at the same moment; return the seconds until both are done. Raises where one fails."""
    start = time.monotonic()
    command = [sys.executable, "-m", "grading", "grade", NAME]
    running = [
        subprocess.Popen(command, cwd=course, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(2)
    ]
    for process in running:
        said, _ = process.communicate()
        if process.returncode:
            raise SystemExit(said.decode())
    return time.monotonic() - start


def graded_points(course: Path) -> dict[str, float | None]:
    """Return everybody's automatic points for code in the gradebook, None where one is missing."""
    exercises = load_assignment(NAME).exercises
    with closing(Gradebook(f"sqlite:///{course}/gradebook.db", "llm")) as book:
        found = {}
        for row in book.notebook_submissions(NAME, NAME):
            scores = [grade.auto_score for grade in row.grades if grade.name in exercises]
            found[row.student.id] = None if None in scores else sum(scores)
        return found


def in_export(course: Path) -> set[str]:
    """Return the students of nbgrader's export, after writing both."""
    succeed(course, "grading", "export")
    succeed(course, "nbgrader", "export")
    with open(course / "grades.csv", encoding="utf8", newline="") as file:
        return {row["student_id"] for row in csv.DictReader(file)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=100)
    count = parser.parse_args().students
    with tempfile.TemporaryDirectory() as temporary:
        root = copy_course(Path(temporary) / "course")
        succeed(root, "nbgrader", "generate_assignment", NAME)
        (Path(temporary) / "home").mkdir()
        at_home = lay_class(root, count)
        seconds = grade_twice_at_once(root)
        graded = graded_points(root)
        exported, pages = in_export(root), len(list(root.glob(f"feedback/*/{NAME}/{NAME}.html")))
    less = {s: (at_home[s], graded.get(s)) for s in at_home if (graded.get(s) or 0.0) < at_home[s]}
    print(f"{count} students, graded twice at once in {seconds:.0f} s, {seconds / count:.2f} s a student")
    full = sum(probe.points for probe in load_assignment(NAME).probes)
    print(f"at home {sum(points == full for points in at_home.values())} have all {full} points")
    print(f"{len(less)} have less than at home: {less}")
    print(f"{pages} feedback pages, {len(exported)} students in the export")
    sys.exit(1 if less or pages < count or len(exported) < count else 0)
