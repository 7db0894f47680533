"""The cells of an untrusted notebook. It is read as JSON and nothing more: no version, type, tag or point is believed."""

import json
import re
from typing import Any

from check.answers import MAX_NOTEBOOK

from .files import TooLarge

MAX_FILE = 10**8  # bytes
MAX_TOKENS = 3 * 10**6  # of a large notebook: texts and brackets; a picture is one, and numbers are none
TOKEN = re.compile(rb'"outputs"\s{0,9}:\s{0,9}\[|"(?:[^"\\]++|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


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


def without_outputs(content: bytes) -> bytes:
    """Return a notebook's JSON with empty outputs, if it is large. Raises TooLarge if it is so without them, too."""
    if len(content) <= MAX_NOTEBOOK:
        return content
    kept, start, depth = [], 0, 0
    for number, token in enumerate(TOKEN.finditer(content)):
        last = token[0][-1:]
        if depth:
            depth += (last in b"[{") - (last in b"]}")
            start = token.start() if not depth else start
        elif last == b"[" and token[0][:1] == b'"':
            kept.append(content[start : token.end()])
            start, depth = len(content), 1
        if number > MAX_TOKENS:
            raise TooLarge("its outputs have too many parts")
    kept.append(content[start:])
    if sum(map(len, kept)) > MAX_NOTEBOOK:
        raise TooLarge("it is too large without its outputs")
    return b"".join(kept)


def about(cell: dict[str, Any]) -> dict[str, Any]:
    """Return what nbgrader keeps about a cell, if that is a dict at all."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def grade_id(cell: dict[str, Any]) -> str | None:
    """Return the id that nbgrader has given a cell, or None."""
    found = about(cell).get("grade_id")
    return found if isinstance(found, str) else None


def source(cell: dict[str, Any]) -> str:
    """Return the text of a cell, which can always be written to a file."""
    found = cell.get("source", cell.get("input", ""))  # a code cell of nbformat 3 has an input
    parts = found if isinstance(found, list) else [found]
    text = "".join(part for part in parts if isinstance(part, str))
    return text.encode("utf8", "replace").decode()  # JSON can hold half a character
