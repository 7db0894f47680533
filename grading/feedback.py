"""Feedback pages that run nothing and fetch nothing, whatever a submission holds.

nbgrader's own pages load MathJax from the network and pass a student's Markdown through as HTML. The
formgrader does so too, in the instructor's own session.
"""

import re
from functools import lru_cache

import bleach
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
META = """
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
"""
STYLE = """
div.prompt { display: none; }
div#notebook-container, div.container { width: auto; max-width: 62em; padding: 0 8px; box-shadow: none; }
div.nbgrader_cell .panel-heading { height: auto; overflow: hidden; }
pre, code { white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere; }
table, img { max-width: 100%; }
th, td { padding: 2px 8px 2px 0; vertical-align: top; }
table { margin-bottom: 1em; }
details { margin: 0.4em 0; }
summary { display: list-item; cursor: pointer; }
a.anchor-link { display: none; }
"""


@lru_cache(maxsize=1000)  # all pages of an assignment share its cards
def safe_markdown(text: str) -> str:
    """Return Markdown as HTML in which nothing runs or loads; replaces the filter of nbgrader's templates."""
    return bleach.clean(
        markdown2html(text), tags=TAGS, attributes=_allowed, protocols=("http", "https", "data")
    )


def _allowed(tag: str, attribute: str, value: str) -> bool:
    if tag == "img":
        return attribute in ("alt", "width", "height") or (
            attribute == "src" and value.startswith("data:image/")
        )
    return attribute == "class" or (tag == "a" and attribute == "href" and not value.startswith("data:"))


class FeedbackPage(HTMLExporter):
    """nbgrader's feedback page as one file: no script, no address to load from, readable on a phone."""

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """Return the page and its resources."""
        html, resources = super().from_notebook_node(nb, resources, **kwargs)
        return self_contained(html), resources


def self_contained(html: str) -> str:
    """Take out of the page's head what it would fetch or run, and forbid the rest by a content security policy."""
    head, body = html.split("</head>", 1)
    head = re.sub(r"<script\b.*?</script>|<link\b[^>]*>", "", head, flags=re.DOTALL)
    head = re.sub(r"@import[^;]*;|@font-face\s*{[^}]*}|url\([^)]*\)", "", head)
    return head.replace("<head>", f"<head>{META}", 1) + f"<style>{STYLE}</style></head>" + body
