"""From solutions/<name> to exercises/<name>: what `nbgrader generate_assignment` does besides the notebook.

A student's folder holds the notebook, lib/ with stubs, check/, probes/, expected.safetensors with the right outputs
and the mistakes' on public seeds, and a README. Nothing else travels.
"""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from check import write_key
from check.allowance import USUAL, Allowance
from check.graded import Graded, digest
from check.key import output_names
from check.probe import Failure
from grading.assignment import Assignment, load_assignment
from grading.errors import CourseError
from grading.key.key import answer_key
from grading.key.settings import KnownMistakes

from .leak import check_no_leak
from .render import render
from .stub import stub

PUBLIC_SEEDS = ["public-1", "public-2"]
GITIGNORE = Path(__file__).parent / "templates" / "exercise.gitignore"


class StudentFolder(NbGraderPreprocessor):
    """The last step of a release: write the student's folder around the finished notebook."""

    def preprocess(self, nb, resources):
        """Write the folder and leave the notebook as it is.

        Raises Leak if a secret would travel and CourseError if the points of cells and probes differ; nbgrader
        then removes the folder.
        """
        course, name = self.parent.parent.coursedir, resources["nbgrader"]["assignment"]
        assignment = load_assignment(name, Path(course.root))
        check_points(assignment, nb)
        folder = Path(course.format_path(course.release_directory, ".", name))
        write_folder(assignment, folder, KnownMistakes(parent=self).allowance())
        check_no_leak(assignment, folder, nb)
        return nb, resources


def check_points(assignment: Assignment, notebook) -> None:
    """Raise CourseError unless each exercise has one test cell, worth what its probes are worth."""
    probes = {exercise: sum(p.points for p in found) for exercise, found in assignment.exercises.items()}
    tests = [cell.metadata.nbgrader for cell in notebook.cells if is_grade(cell) and not is_solution(cell)]
    cells = {cell.grade_id: cell.points for cell in tests}
    if cells != probes:
        where = f"solutions/{assignment.name}"
        raise CourseError(f"{where}: the notebook's test cells give {cells}, but the probes give {probes}")


def write_folder(assignment: Assignment, folder: Path, allowance: Allowance = USUAL) -> None:
    """Write all of the student's folder except the notebook; whatever lay there before is gone."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(assignment.root / "check", folder / "check", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "lib").mkdir()
    for name in ["__init__", *assignment.modules]:
        text = (assignment.root / "lib" / f"{name}.py").read_text("utf8")
        text = stub(text, f"lib/{name}.py") if name in assignment.student_modules else text
        (folder / "lib" / f"{name}.py").write_text(text, "utf8")
    _write_probes(assignment, folder / "probes")
    _graded(assignment).write(folder)
    edits = ", ".join(f"`lib/{name}.py`" for name in assignment.student_modules)
    readme = render("README.md.jinja", title=assignment.title, name=assignment.name, edits=edits)
    (folder / "README.md").write_text(readme, "utf8")
    write_public_key(assignment, folder / "expected.safetensors", allowance)
    shutil.copy(GITIGNORE, folder / ".gitignore")


def _graded(assignment: Assignment) -> Graded:
    """Return what a check at home must know of how the assignment is graded."""
    provided = {name: digest(assignment.source(name).encode()) for name in assignment.provided_modules}
    python = sys.version_info[:2]
    return Graded(list(assignment.student_modules), provided, python, assignment.seconds_per_probe)


def _write_probes(assignment: Assignment, folder: Path) -> None:
    """Copy each exercise's probes, under the exercise's name, and the inputs that they share."""
    folder.mkdir()
    for exercise, path in assignment.probe_files.items():
        shutil.copy(path, folder / f"{exercise}.py")
    for path in assignment.folder.glob("inputs.py"):
        shutil.copy(path, folder)


def write_public_key(assignment: Assignment, path: Path, allowance: Allowance = USUAL) -> None:
    """Write the outputs on the public seeds, without tracebacks: those quote lines of the library.

    A mistake shows on every seed, so that the first is enough to name it, and the file stays small.
    """
    key = answer_key(assignment, PUBLIC_SEEDS, allowance=allowance)
    first = {name for probe in assignment.probes for name in output_names(probe, PUBLIC_SEEDS[:1])}
    mistakes = {
        name: {output: values for output, values in _without_traces(outputs).items() if output in first}
        for name, outputs in key.mistakes.items()
    }
    write_key(path, replace(key, want=_without_traces(key.want), mistakes=mistakes))


def _without_traces(outputs: dict) -> dict:
    return {
        name: replace(values, trace="") if isinstance(values, Failure) else values
        for name, values in outputs.items()
    }
