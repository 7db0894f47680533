"""Plots for the cells of the book, in a style that follows light and dark."""

import hashlib
import html
import re
import warnings
from io import StringIO
from typing import Any

from IPython import get_ipython
from matplotlib import style
from matplotlib.figure import Figure
from matplotlib.rcsetup import cycler
from matplotlib_inline.backend_inline import set_matplotlib_formats

# Blue, vermilion and green after Okabe and Ito (2008), pink, brown: told apart with every common colour blindness. On a
# dark page the style sheet puts a lighter partner in each one's place: --plot-1 to --plot-5.
PALETTE = ["#0072b2", "#d55e00", "#009e73", "#cc66a3", "#57400f"]
STYLE: dict[str, Any] = {
    "axes.prop_cycle": cycler(color=PALETTE),
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": "medium",
    "axes.titleweight": "bold",
    "figure.facecolor": "none",
    "figure.figsize": (6.4, 3.2),
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "grid.alpha": 0.12,
    "grid.color": "#000000",
    "legend.frameon": False,
    "lines.linewidth": 2,
    "svg.fonttype": "none",
    "svg.hashsalt": "book",
}


def use_style() -> None:
    """Draw every later plot of this notebook as inline SVG in the page's colours."""
    style.use(STYLE)
    # The browser draws the text with its own fonts, so it does not matter that Matplotlib's font lacks a glyph.
    warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
    set_matplotlib_formats()
    get_ipython().display_formatter.formatters["text/html"].for_type(Figure, plot)


def plot(figure: Figure) -> str:
    """Return figure as an HTML <figure>; `plt.figure(label=...)` says in words what it shows."""
    buffer = StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    svg = buffer.getvalue()
    svg = _with_unique_ids(svg[svg.index("<svg") :]).replace("#000000", "currentColor")
    for number, colour in enumerate(PALETTE, start=1):
        svg = svg.replace(colour, f"var(--plot-{number}, {colour})")
    label = html.escape(str(figure.get_label()) or describe(figure))
    svg = svg.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
    return f'<figure class="plot">{svg}</figure>'


def describe(figure: Figure) -> str:
    """Return what the titles and axes of figure say, for readers who do not see it.

    Raises ValueError when no axes of it has a title or a label.
    """
    parts = []
    for axes in figure.axes:
        words = [
            axes.get_title(loc="center") or axes.get_title(loc="left"),
            axes.get_xlabel(),
            axes.get_ylabel(),
        ]
        parts.append(", ".join(word for word in words if word))
    if not any(parts):
        raise ValueError("the plot needs a title, axis labels or plt.figure(label=...), to be read out")
    return "; ".join(part for part in parts if part)


def _with_unique_ids(svg: str) -> str:
    """Return svg with ids that no other plot of the page has, and without the ids that nothing refers to."""
    used = set(re.findall(r'(?:url\(|href=")#([^)"]+)', svg))
    prefix = "p" + hashlib.sha256(svg.encode()).hexdigest()[:8] + "-"

    def rename(match: re.Match[str]) -> str:
        return f' id="{prefix}{match[1]}"' if match[1] in used else ""

    svg = re.sub(r' id="([^"]*)"', rename, svg)
    return re.sub(r'(url\(|href=")#', rf"\g<1>#{prefix}", svg)
