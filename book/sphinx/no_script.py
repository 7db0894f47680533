"""Tell readers without JavaScript, at the head of a page with formulas, why these stand there as LaTeX."""

from docutils import nodes
from sphinx.application import Sphinx

NOTICE = (
    '<noscript><p class="no-script">JavaScript is off, so formulas stand here as they are written in LaTeX,'
    " and each interactive figure as its caption and its numbers in words.</p></noscript>"
)


def add_notice(
    app: Sphinx, page: str, template: str, context: dict[str, str], doctree: nodes.document | None
) -> None:
    if doctree and any(True for kind in (nodes.math, nodes.math_block) for _ in doctree.findall(kind)):
        context["body"] = NOTICE + context["body"]


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", add_notice)
