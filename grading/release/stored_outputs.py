"""The source notebook's stored outputs: run it in a student's folder that holds the reference.

    python -m grading.release.stored_outputs attention

runs solutions/attention/attention.ipynb and stores what its cells print.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

import nbformat
import papermill
from nbconvert.preprocessors import CoalesceStreamsPreprocessor

from grading.assignment import Assignment, load_assignment

from .student_folder import write_folder

WITHOUT_DATA = {
    "LLM_COURSE_DATA": os.devnull
}  # what is stored depends on no corpus or model that a machine has


def solve(assignment: Assignment, folder: Path) -> Path:
    """Put the reference and the source notebook into a student's folder, and return the notebook."""
    for name in assignment.student_modules:
        shutil.copy(assignment.root / "lib" / f"{name}.py", folder / "lib")
    return Path(shutil.copy(assignment.folder / f"{assignment.name}.ipynb", folder))


def execute(assignment: Assignment) -> nbformat.NotebookNode:
    """Return the source notebook with the outputs of a fresh run.

    Raises papermill's PapermillExecutionError, which names the cell, when a cell fails.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / assignment.name
        write_folder(assignment, folder)
        path = solve(assignment, folder)
        result = Path(temporary) / "result.ipynb"  # not beside the student's own, of which there must be one
        with patch.dict(os.environ, WITHOUT_DATA):
            papermill.execute_notebook(
                path, result, cwd=path.parent, progress_bar=False, kernel_name="python3"
            )
        source, executed = nbformat.read(path, as_version=4), nbformat.read(result, as_version=4)
    for cell, ran in zip(source.cells, executed.cells, strict=True):
        if cell.cell_type == "code":  # only these: papermill adds times, which change with every run
            cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
    # A text that happened to arrive in two pieces becomes one, so that every run stores the same.
    return CoalesceStreamsPreprocessor().preprocess(source, {})[0]


def main(names: list[str]) -> None:
    """Store the outputs of these assignments' notebooks."""
    for name in names:
        assignment = load_assignment(name)
        nbformat.write(execute(assignment), assignment.folder / f"{name}.ipynb")


if __name__ == "__main__":
    main(sys.argv[1:])
