"""Marks as a notebook shows them: a table whose failed rows fold, readable on light and dark, without a script.

Whatever comes from a student's code is escaped. There is no style sheet: each element carries its own style, since a
notebook may take sheets away, and text keeps the notebook's own colour.
"""

import sys
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from .allowance import Kept
from .mark import CARRIED, PASSED, Mark
from .report import KEPT, explain, hints_by_mark

GREEN, RED, AMBER, GREY = "#1a7f37", "#cf222e", "#bf8700", "rgba(128,128,128,.35)"
BADGE = "display:inline-block;min-width:1.3em;text-align:center;border-radius:3px;color:#fff;font-weight:600"
ROW = f"border-top:1px solid {GREY};padding:.35em .2em;margin:0"
DETAILS = (
    "margin:.3em 0 .2em 3em;white-space:pre-wrap;overflow-wrap:anywhere;font-family:monospace;font-size:.92em"
)
NAME, POINTS = "display:inline-block;min-width:11em", "display:inline-block;min-width:2.4em"
ASIDE = "margin:.4em 0 .3em 3em;padding:.3em .8em;border-left:4px solid {};background:rgba(128,128,128,.12)"


def page(marks: list[Mark], notes: list[str], kept: Sequence[Kept] = ()) -> str:
    """Return the report on one exercise as HTML."""
    earned, points = sum(mark.earned for mark in marks), sum(mark.points for mark in marks)
    earned += sum(one.points for one in kept)
    head = f"{_badge(earned == points)} <strong>{escape(marks[0].exercise)}: {earned} of {points} points</strong>"
    parts = [f'<div style="padding:.3em .2em">{head}</div>', *(_aside(AMBER, "Note", note) for note in notes)]
    for mark, hints in zip(marks, hints_by_mark(marks), strict=True):
        parts.append(_row(mark, hints))
    parts += [_aside(GREEN, f"+ {one.points} points", KEPT) for one in kept]
    return f'<div style="max-width:60em;line-height:1.45">{"".join(parts)}</div>'


def _row(mark: Mark, hints: list[str]) -> str:
    line = (
        f'{_badge(mark.reason in (PASSED, CARRIED))} <code style="{NAME}">{escape(mark.probe)}</code>'
        f' <strong style="{POINTS}">{mark.earned}/{mark.points}</strong> {escape(mark.doc)}'
    )
    if mark.reason == PASSED:
        return f'<div style="{ROW};padding-left:1.15em">{line}</div>'
    said = f'<div style="{DETAILS}">{escape(explain(mark, details=True))}</div>'
    asides = "".join(_aside(AMBER, "Hint", hint) for hint in hints)
    summary = f'<summary style="cursor:pointer">{line}</summary>'
    return f'<details open style="{ROW}">{summary}{said}{asides}</details>'


def _badge(passed: bool) -> str:
    colour, sign, name = (GREEN, "✓", "passed") if passed else (RED, "✗", "not passed")
    return f'<span style="{BADGE};background:{colour}" title="{name}">{sign}</span>'


def _aside(colour: str, title: str, text: str) -> str:
    return f'<div style="{ASIDE.format(colour)}"><strong>{title}.</strong> {escape(text)}</div>'


def notebook() -> Callable[..., Any] | None:
    """Return what shows a page here, or None where there is no notebook."""
    package = sys.modules.get("IPython")
    shell = package.get_ipython() if package else None
    if getattr(shell, "kernel", None) is None:
        return None
    from IPython.display import display  # here, since few students' machines have it without a notebook

    return display
