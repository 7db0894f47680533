"""The `widget` directive: an interactive figure whose numbers stand in the page or in a file beside it.

    :::{widget} heatmap
    :caption: Which word looks at which.
    :fallback: The word "was" looks mostly at itself: 60 %.

    {"tokens": ["it", "was"], "heads": [{"name": "1", "weights": [[1, null], [0.4, 0.6]]}]}
    :::

The numbers stand in the body, or in a JSON file that the option :data: names. Numbers that a cell computes are shown with
`book.cells.widgets.widget(name, data)` instead. The script book/assets/<name>.js is loaded by pages that use it alone.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from book import ROOT
from book.cells.widgets import widget_html

ASSETS = ROOT / "book" / "assets"


class Widget(SphinxDirective):
    required_arguments = 1
    has_content = True
    option_spec = {"caption": directives.unchanged, "fallback": directives.unchanged, "data": directives.path}

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if not (ASSETS / f"{name}.js").exists():
            raise self.error(f"there is no widget {name!r}: book/assets/{name}.js does not exist")
        figure = widget_html(name, self.numbers(), "", self.options.get("fallback", ""))
        return [html(figure.removesuffix("</figure>")), *self.caption(), html("</figure>")]

    def numbers(self) -> dict:
        """Return the widget's data, from the file or from the body."""
        text = "\n".join(self.content)
        if "data" in self.options:
            relative, absolute = self.env.relfn2path(self.options["data"])
            self.env.note_dependency(relative)
            text = Path(absolute).read_text(encoding="utf-8")
        try:
            return json.loads(text)
        except json.JSONDecodeError as problem:
            raise self.error(f"the data of this widget is not JSON: {problem}") from problem

    def caption(self) -> list[nodes.Node]:
        """Return the caption's nodes, so that it may hold math, links and citations."""
        if "caption" not in self.options:
            return []
        parsed, messages = self.state.inline_text(self.options["caption"], self.lineno)
        return [html("<figcaption>"), nodes.inline("", "", *parsed), html("</figcaption>"), *messages]


def html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def load_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.Node | None
) -> None:
    """Add the scripts of the widgets that this page shows, from a directive or from a cell."""
    names = sorted(set(re.findall(r'data-widget="([\w-]+)"', context.get("body", ""))))
    for name in ["widget", *names] if names else []:
        if not (ASSETS / f"{name}.js").exists():
            raise ExtensionError(f"{pagename}: there is no widget {name!r} in book/assets")
        app.add_js_file(f"{name}.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    app.add_directive("widget", Widget)
    app.connect("html-page-context", load_scripts)
