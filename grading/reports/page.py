"""A page for the instructor as one file: tables, code and plots; it runs and fetches nothing, light and dark."""

import re
import warnings
from html import escape
from io import StringIO
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

STYLE = """
:root { color-scheme: light dark; --bar: #0072b2; --mark: #ffe08a; }
@media (prefers-color-scheme: dark) { :root { --bar: #56b4e9; --mark: #6b5200; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62em; margin: 0 auto; padding: 1em; }
div.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 3px 14px 3px 0; border-bottom: 1px solid #8884; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { max-width: 100%; height: auto; }
mark { background: var(--mark); color: inherit; }
pre { font-size: 13px; white-space: pre-wrap; overflow-wrap: anywhere; }
div.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(20em, 1fr)); gap: 1em; }
"""
PLOT = {
    "axes.facecolor": "none",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "svg.fonttype": "none",  # the browser draws the text, in the page's colour
    "svg.hashsalt": "report",
}
BAR = "#0072b2"


def write_page(path: Path, title: str, *parts: str) -> None:
    """Write a page of these parts, which are HTML already."""
    head = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
    )
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{head}<body><h1>{escape(title)}</h1>{''.join(parts)}</body></html>\n", "utf8")


def html_table(head: list[str], rows: list[list[str | int | float]]) -> str:
    """Return a table as HTML, numbers to the right."""
    cells = ["".join(_cell(value) for value in row) for row in rows]
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    return f'<div class="wide"><table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table></div>'


def text_table(head: list[str], rows: list[list[str | int | float]]) -> str:
    """Return a table as text, numbers to the right."""
    lines = [head, *([_shown(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    right = [bool(rows) and not isinstance(value, str) for value in (rows[0] if rows else head)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )


def bars(title: str, counts: dict[str, float], unit: str, most: float | None = None) -> str:
    """Return a plot of horizontal bars, the first on top, as inline SVG; most is where the axis ends."""
    with matplotlib.rc_context(PLOT), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
        figure = Figure(figsize=(7, 0.8 + 0.26 * len(counts)))
        axes = figure.subplots()
        names = [name.replace("$", r"\$") for name in counts]  # no name is a formula
        axes.barh(range(len(names)), list(counts.values()), color=BAR)
        axes.set_yticks(range(len(names)), names)
        axes.set(xlabel=unit, xlim=(0, most or max(counts.values(), default=1) or 1))
        axes.invert_yaxis()
        buffer = StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    svg = buffer.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = svg.replace("#000000", "currentColor").replace(BAR, "var(--bar)")
    svg = svg.replace('<g id="figure_1">', '<g fill="currentColor">', 1)
    return f"<h2>{escape(title)}</h2>" + svg.replace(
        "<svg", f'<svg role="img" aria-label="{escape(title)}"', 1
    )


def _cell(value: str | int | float) -> str:
    kind = "" if isinstance(value, str) else ' class="number"'
    return f"<td{kind}>{escape(_shown(value))}</td>"


def _shown(value: str | int | float) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)
