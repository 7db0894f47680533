"""The written answers in an untrusted notebook: all that a student wrote in answer, wherever in it that stands.

An answer is the text of the cells that the course's own notebook asks for, and of new cells right below them. What else was
written is shown where a question has no answer, so that a human sees it before it counts as none.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from check.pictures import MAX_TEXT, embed_pictures
from grading.assignment import Assignment

from .notebook_file import about, cells, grade_id, source

Cells = list[dict[str, Any]]
WORDS = re.compile(r"\b[^\W\d_]{2,}\b")
SYMBOLS = re.compile(r"[=()\[\]{}:+*/]")
MIN_WORDS = 4  # of a code cell that holds a text
ELSEWHERE = "*Nothing stands in this cell. Elsewhere in the notebook stands:*\n\n"


@dataclass(frozen=True)
class Released:
    """What the course's notebook asks for and says: the text of each answer cell by its grade_id, and all the rest."""

    asked: dict[str, str]
    texts: frozenset[str]  # of all other cells
    ids: frozenset[str]  # of all other cells


@dataclass
class Written:
    """What stands in a submitted notebook."""

    own: dict[str, Cells] = field(default_factory=dict)  # the answer cells by grade_id
    below: dict[str, Cells] = field(default_factory=dict)  # new cells right below one of them
    elsewhere: Cells = field(default_factory=list)  # new or changed cells in any other place


def released_notebook(assignment: Assignment) -> Released:
    """Read the course's own notebook; an answer's text is "" before the first release."""
    path = assignment.root / "exercises" / assignment.name / f"{assignment.name}.ipynb"
    released = cells(path.read_bytes()) if path.is_file() else []
    own = cells((assignment.folder / f"{assignment.name}.ipynb").read_bytes())
    texts = {grade_id(cell): source(cell) for cell in reversed(released)}
    asked = {name: texts.get(name, "") for name in filter(None, map(_answer_id, own))}
    others = [cell for cell in (*own, *released) if grade_id(cell) not in asked]
    ids = {cell["id"] for cell in others if isinstance(cell.get("id"), str)}
    ids |= {name for name in map(grade_id, others) if name}
    return Released(asked, frozenset(source(cell).strip() for cell in others), frozenset(ids))


def written_answers(found: Cells, released: Released, notes: list[str]) -> dict[str, str]:
    """Return the text of each answer by its grade_id; whatever is not as it should be adds a note."""
    written, answers = _sort(found, released), {}
    for name, text in released.asked.items():
        own = written.own.get(name, [])
        if not own:
            notes.append(f"the answer cell {name!r} is missing from the notebook")
        if len(own) > 1:
            notes.append(f"the answer cell {name!r} is there {len(own)} times; all that was changed is shown")
        changed = [cell for cell in own if _is_changed(cell, text) and _is_text(cell)]
        below = written.below.get(name, [])
        if below:
            notes.append(f"what stands in new cells below the answer cell {name!r} is shown with the answer")
        if changed or below:
            answers[name] = _text([*changed, *below], name, notes)
        elif written.elsewhere:
            notes.append(f"{name!r} has no answer; what stands elsewhere in the notebook is shown there")
            answers[name] = ELSEWHERE + _text(written.elsewhere, name, notes)
        elif own:
            answers[name] = source(own[-1])
    return answers


def other_text(found: Cells, released: Released) -> str:
    """Return what a student wrote in any other place, to which an answer may point."""
    return _text(_sort(found, released).elsewhere, "", [])


def has_work(found: Cells, released: Released) -> bool:
    """Return True if anything in a notebook was written by the student."""
    written = _sort(found, released)
    own = [(cell, released.asked[name]) for name, cells in written.own.items() for cell in cells]
    return bool(written.below or written.elsewhere) or any(_is_changed(cell, text) for cell, text in own)


def has_answer_cell(found: Cells, released: Released) -> bool:
    """Return True if a notebook has any of the cells that are asked for."""
    return any(grade_id(cell) in released.asked for cell in found)


def _sort(found: Cells, released: Released) -> Written:
    written, current = Written(), ""
    for cell in found:
        name = grade_id(cell)
        if name in released.asked:
            current = name
            written.own.setdefault(name, []).append(cell)
        elif source(cell).strip() in released.texts:
            current = ""
        elif _is_of_the_course(cell, released):
            current = ""  # but it was changed, perhaps to answer there
            written.elsewhere += [cell] * _is_text(cell)
        elif name is None and _is_text(cell):
            (written.below.setdefault(current, []) if current else written.elsewhere).append(cell)
    return written


def _is_of_the_course(cell: dict[str, Any], released: Released) -> bool:
    return {str(cell.get("id")), grade_id(cell)} & released.ids != set()


def _is_text(cell: dict[str, Any]) -> bool:
    """Return True for a text or a picture; a code cell, which a new cell is at first, may hold a text too."""
    text = source(cell)[:MAX_TEXT]
    if cell.get("cell_type") != "code" or grade_id(cell):
        return bool(text.strip() or cell.get("attachments"))
    comments = all(line.lstrip().startswith("#") for line in text.splitlines() if line.strip())
    words = len(WORDS.findall(text))
    return words >= MIN_WORDS and (comments or words >= 3 * len(SYMBOLS.findall(text)))


def _is_changed(cell: dict[str, Any], released: str) -> bool:
    return source(cell).strip() != released.strip() or bool(cell.get("attachments"))


def _text(cells: Cells, name: str, notes: list[str]) -> str:
    """Return all that stands in some cells, with the pictures, as far as a page can show it."""
    texts = [embed_pictures(source(cell), cell.get("attachments")) for cell in cells]
    together, more = embed_pictures("\n\n".join(dict.fromkeys(text for text, _ in texts)))
    sentences = [sentence for _, some in texts for sentence in some] + more
    notes += [f"in the answer {name!r}: {sentence}" for sentence in dict.fromkeys(sentences)]
    return together


def _answer_id(cell: dict[str, Any]) -> str | None:
    return grade_id(cell) if about(cell).get("solution") else None
