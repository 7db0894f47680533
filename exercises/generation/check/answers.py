"""What of the written answers in a folder's notebook would not reach whoever grades them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .pictures import embed_pictures

MAX_NOTEBOOK = 10**7  # bytes, without outputs, which do not count


def not_taken_over(folder: Path) -> list[str]:
    """Return a sentence for each thing in the answers, as they were last saved, that handing in would lose."""
    paths = sorted(path for path in folder.glob("[!.]*.ipynb") if path.is_file())
    found = {path.name: list(_answer_cells(path)) for path in paths}
    notebooks = [name for name, cells in found.items() if cells]
    sentences = [
        f"in your answer {grade_id!r}, {sentence}"
        for name in notebooks
        for grade_id, cell in found[name]
        for sentence in embed_pictures(_source(cell), cell.get("attachments"))[1]
    ]
    if len(notebooks) > 1:
        sentences.append(f"only one notebook counts, and here are {' and '.join(notebooks)}")
    sentences += [
        f"{name} has more than {MAX_NOTEBOOK // 10**6} MB without its outputs"
        for name in found
        if _is_large(folder / name)
    ]
    return sentences


def _answer_cells(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the grade_id of each written answer with its cell."""
    for cell in _cells(path):
        metadata = cell.get("metadata")
        about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        if isinstance(about, dict) and about.get("solution"):
            yield str(about.get("grade_id")), cell


def _cells(path: Path) -> list[dict[str, Any]]:
    """Return a notebook's cells, none of what cannot be read: Jupyter says more of that."""
    try:
        return [cell for cell in json.loads(path.read_text("utf-8-sig"))["cells"] if isinstance(cell, dict)]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(part for part in source if isinstance(part, str))


def _is_large(path: Path) -> bool:
    if path.stat().st_size <= MAX_NOTEBOOK:
        return False
    bare = [{name: part for name, part in cell.items() if name != "outputs"} for cell in _cells(path)]
    return len(json.dumps(bare, ensure_ascii=False).encode("utf8", "replace")) > MAX_NOTEBOOK
