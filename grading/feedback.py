"""Feedback pages that run nothing and fetch nothing, whatever a submission holds.

nbgrader's own pages load MathJax from the network and pass a student's Markdown through as HTML. The
formgrader does so too, in the instructor's own session.
"""

import re

import bleach
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import markdown2html

TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "div", "span", "a", "img", "details", "summary"),
    *(
        "em",
        "i",
        "strong",
        "b",
        "s",
        "del",
        "sub",
        "sup",
        "kbd",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
    ),
    *("table", "thead", "tbody", "tr", "th", "td", "caption", "dl", "dt", "dd"),
}
ATTRIBUTES = {
    "*": ["class"],
    "a": ["href", "title"],
    "img": ["src", "alt", "width", "height"],
    "ol": ["start"],
}

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
STYLE = """
div.prompt { display: none; }
div#notebook-container, div.container { width: auto; max-width: 62em; padding: 0 8px; box-shadow: none; }
div.nbgrader_cell .panel-heading { height: auto; overflow: hidden; }
pre, code { white-space: pre-wrap; overflow-wrap: anywhere; }
table, img { max-width: 100%; }
"""


def safe_markdown(text: str) -> str:
    """Return Markdown as HTML in which nothing runs; replaces the filter of nbgrader's templates."""
    return bleach.clean(
        markdown2html(text), tags=TAGS, attributes=ATTRIBUTES, protocols={"http", "https", "data"}
    )


class FeedbackPage(HTMLExporter):
    """nbgrader's feedback page as one file: no script, no address to load from, readable on a phone."""

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """Return the page and its resources."""
        html, resources = super().from_notebook_node(nb, resources, **kwargs)
        return self_contained(html), resources


def self_contained(html: str) -> str:
    """Remove all that a page could run or fetch, and forbid the rest by its content security policy."""
    page = BeautifulSoup(html, "html.parser")
    for element in page.select("script, link, iframe, object, embed, base, meta[http-equiv], [src^=http]"):
        element.decompose()
    for style in page.select("style"):
        style.string = re.sub(r"@import[^;]*;|@font-face\s*{[^}]*}|url\([^)]*\)", "", style.get_text())
    page.head.append(page.new_tag("meta", attrs={"name": "viewport", "content": "width=device-width"}))
    policy = page.new_tag("meta", attrs={"http-equiv": "Content-Security-Policy", "content": POLICY})
    page.head.insert(0, policy)
    page.head.append(page.new_tag("style", string=STYLE))
    return str(page)
