"""A notebook's stored outputs: those of one run from top to bottom."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from papermill.exceptions import PapermillExecutionError

from grading.release.stored_outputs import execute
from tests.support.small_course import course_for_nbgrader

PIECES = "import sys, time\nfor piece in 'ab':\n    print(piece)\n    sys.stdout.flush(), time.sleep(0.2)"


def with_cells(assignment, *sources: str):
    """Put code cells at the top of the assignment's notebook."""
    path = assignment.folder / f"{assignment.name}.ipynb"
    notebook = json.loads(path.read_text("utf8"))
    cells = [new_code_cell(source, id=f"code-{number}") for number, source in enumerate(sources)]
    notebook["cells"][:0] = cells
    nbformat.write(nbformat.from_dict(notebook), path)
    return assignment


def test_a_run_stores_what_each_cell_prints_in_one_piece(tmp_path):
    assignment = with_cells(course_for_nbgrader(tmp_path), PIECES, "from check import check")
    done = execute(assignment)
    printed, imported, *checks = [cell for cell in done.cells if cell.cell_type == "code"]
    assert [output.text for output in printed.outputs] == ["a\nb\n"]
    assert imported.outputs == []
    assert [cell.outputs[-1].data["text/plain"] for cell in checks] == ["3.0", "5.0", "4.0"]
    assert [cell.execution_count for cell in done.cells if cell.cell_type == "code"] == [1, 2, 3, 4, 5]


def test_a_cell_that_fails_stores_nothing(tmp_path):
    with pytest.raises(PapermillExecutionError, match="ZeroDivisionError"):
        execute(with_cells(course_for_nbgrader(tmp_path), "1 / 0"))
