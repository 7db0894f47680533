"""Bar charts as inline SVG in the colours of the page around them."""

import re
import warnings
from io import StringIO
from typing import Any

import matplotlib
from markupsafe import Markup, escape
from matplotlib.figure import Figure

STYLE: Any = {  # matplotlib's annotation lists every key it knows
    "axes.facecolor": "none",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "svg.fonttype": "none",  # the browser draws the text, in the page's colour
    "svg.hashsalt": "report",
}
BAR = "#0072b2"


def bar_chart(title: str, counts: dict[str, float], unit: str, limit: float | None = None) -> Markup:
    """Return horizontal bars, the first on top; limit is where the axis ends."""
    with matplotlib.rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
        figure = Figure(figsize=(7, 0.8 + 0.26 * len(counts)))
        axes = figure.subplots()
        names = [name.replace("$", r"\$") for name in counts]  # no name is a formula
        axes.barh(range(len(names)), list(counts.values()), color=BAR)
        axes.set_yticks(range(len(names)), names)
        axes.set(xlabel=unit, xlim=(0, limit or max(counts.values(), default=1) or 1))
        axes.invert_yaxis()
        buffer = StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return _for_page(buffer.getvalue(), title)


def _for_page(svg: str, title: str) -> Markup:
    """Return Matplotlib's SVG without what a file alone needs, and with the page's colours in place of its own."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = svg.replace("#000000", "currentColor").replace(BAR, "var(--bar)")
    svg = svg.replace('<g id="figure_1">', '<g fill="currentColor">', 1)
    return Markup(svg.replace("<svg", f'<svg role="img" aria-label="{escape(title)}"', 1))
