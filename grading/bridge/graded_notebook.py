"""The graded notebook, rebuilt from the released one.

Cells, points, ids and tests are the course's own. Of a submission only texts are taken: the written answers
into their cells, the files it handed in and the notes about it around them, for a human to read. The marks go
into the notebook's metadata, from where feedback.py takes them, with nothing that a student must not read (redact.py).
"""

import re
from copy import deepcopy
from dataclasses import asdict

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader.utils import is_grade, is_solution

from check.mark import Mark
from check.report import report
from grading.judge.intake import Submission
from grading.verdict import Verdict

from .redact import redact

MAX_CHARACTERS = 100_000  # of one file that are shown
UNREAD = (
    "*No notebook could be read, so there is no answer here: see the notes, and look at what was handed in.*"
)


def rebuild(released: NotebookNode, submission: Submission, verdict: Verdict) -> NotebookNode:
    """Return the notebook of one student."""
    notebook, marks = deepcopy(released), redact(verdict.marks, submission.files)
    notebook.metadata["verdict"] = {
        "sandbox": verdict.sandbox,
        "notes": list(verdict.notes),
        "marks": [asdict(mark) for mark in marks],
        "kept": [asdict(kept) for kept in verdict.kept],
    }
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = _outputs(verdict, marks, grade_id) if is_grade(cell) else []
        elif is_solution(cell):
            unread = UNREAD if submission.answers_unread else cell.source
            cell.source = submission.answers.get(grade_id, unread)
    if verdict.notes:
        text = "**Notes on what was handed in**\n\n" + _block("\n".join(verdict.notes))
        notebook.cells.insert(0, _read_only("notes", text))
    if submission.other_text:
        text = "**Written elsewhere in the notebook**\n\n" + submission.other_text
        notebook.cells.append(_read_only("other-text", text))
    for name, content in submission.files.items():
        text = content.decode("utf8", "replace")
        text = text if len(text) <= MAX_CHARACTERS else text[:MAX_CHARACTERS] + "\n… (cut here)"
        notebook.cells.append(_read_only(f"file-{name}", f"**lib/{name}.py**\n\n" + _block(text, "python")))
    return notebook


def _outputs(verdict: Verdict, marks: list[Mark], exercise: str) -> list[NotebookNode]:
    """Return the marks as text, then as the number that nbgrader reads; nothing on stderr, which is 0 points."""
    mine = [mark for mark in marks if mark.exercise == exercise]
    kept = [kept for kept in verdict.kept if kept.exercise == exercise]
    marked = new_output("stream", name="stdout", text=report(mine, details=False, kept=kept) + "\n")
    points = verdict.earned(exercise)
    if points is None:
        return [marked]
    return [marked, new_output("execute_result", data={"text/plain": str(points)}, execution_count=None)]


def _read_only(cell_id: str, text: str) -> NotebookNode:
    metadata = {"deletable": False, "editable": False}
    return new_markdown_cell(text, id=cell_id, metadata=metadata)


def _block(text: str, language: str = "") -> str:
    """Return text as a Markdown code block. Its fence is longer than any in the text, so nothing gets out."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"
