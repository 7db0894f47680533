"""The written answers in an untrusted notebook: the texts of the cells that the course's own notebook asks for.

A notebook is read as JSON and nothing more: no version, type, tag or point of a cell is believed.
"""

import json
from typing import Any

from grading.assignment import Assignment


def written_answers(cells: list[dict[str, Any]], assignment: Assignment, notes: list[str]) -> dict[str, str]:
    """Return the text of each answer cell by its grade_id; a missing or copied cell adds a note."""
    found, answers = _texts(cells), {}
    for grade_id, released in _released_texts(assignment).items():
        texts = found.get(grade_id)
        if not texts:
            notes.append(f"the answer cell {grade_id!r} is missing from the notebook")
            continue
        changed = [text for text in texts if text.strip() != released.strip()]
        answers[grade_id] = (changed or texts)[-1]
        if len(texts) > 1:
            notes.append(
                f"the answer cell {grade_id!r} is there {len(texts)} times; the last one that was changed counts"
            )
    return answers


def cells(content: bytes) -> list[dict[str, Any]]:
    """Return the cells of a notebook of any version. Raises ValueError or RecursionError for anything else."""

    def nothing(digits: str) -> None:
        """No number is needed, and reading one of a million digits takes long."""

    text = content.decode("utf-8-sig")
    notebook = json.loads(text, parse_int=nothing, parse_float=nothing, parse_constant=nothing)
    if not isinstance(notebook, dict):
        raise ValueError("a notebook is a JSON object")
    # A notebook of nbformat 3 or older has its cells in sheets.
    sheets = [notebook] if "cells" in notebook else notebook.get("worksheets") or []
    found: list[Any] = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    if not found or not all(isinstance(cells, list) for cells in found):
        raise ValueError("a notebook has a list of cells")
    return [cell for cells in found for cell in cells if isinstance(cell, dict)]


def _released_texts(assignment: Assignment) -> dict[str, str]:
    """Return the grade_id of each answer cell with its text as released, "" before the first release."""
    released = assignment.root / "exercises" / assignment.name / f"{assignment.name}.ipynb"
    texts = _texts(cells(released.read_bytes())) if released.is_file() else {}
    source = cells((assignment.folder / f"{assignment.name}.ipynb").read_bytes())
    return {
        name: texts.get(name, [""])[0] for name in _texts([c for c in source if _nbgrader(c).get("solution")])
    }


def _texts(cells: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return the texts of the cells of each grade_id, in the notebook's order."""
    found: dict[str, list[str]] = {}
    for cell in cells:
        grade_id = _nbgrader(cell).get("grade_id")
        if isinstance(grade_id, str):
            found.setdefault(grade_id, []).append(_source(cell))
    return found


def _nbgrader(cell: dict[str, Any]) -> dict[str, Any]:
    """Return what nbgrader keeps about a cell, if that is a dict at all."""
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return about if isinstance(about, dict) else {}


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))  # a code cell of nbformat 3 has an input
    parts = source if isinstance(source, list) else [source]
    text = "".join(part for part in parts if isinstance(part, str))
    return text.encode("utf8", "replace").decode()  # JSON can hold half a character
