"""Markdown, untrusted too, as HTML in which nothing runs or loads; formulas as MathML, which browsers draw alone."""

import re
import secrets
from functools import lru_cache
from html import escape
from xml.etree import ElementTree

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nh3 import Cleaner

TAGS = set(
    re.findall(
        r"\w+",
        """
        p br hr h1 h2 h3 h4 h5 h6 div span a img details summary em i strong b s del sub sup kbd code pre blockquote
        ul ol li table thead tbody tr th td caption dl dt dd
        """,
    )
)
MATHS = set(
    re.findall(
        r"\w+",
        """
        math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd
        mstyle mpadded mphantom menclose
        """,
    )
)
ATTRIBUTES = {
    "display",
    "mathvariant",
    "stretchy",
    "fence",
    "form",
    "width",
    "height",
    "depth",
    "linethickness",
}
ATTRIBUTES |= {
    "columnalign",
    "rowspacing",
    "columnspacing",
    "displaystyle",
    "scriptlevel",
    "accent",
    "separator",
}
ATTRIBUTES |= {"minsize", "maxsize", "lspace", "rspace", "movablelimits", "symmetric", "largeop", "notation"}
NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
MAX_FORMULA = 2_000  # characters


@lru_cache(maxsize=1000)  # all pages of an assignment share its cards
def safe_markdown(text: str) -> str:
    """Return Markdown as HTML; replaces the filter of nbgrader's templates, too."""
    renderer = _Renderer(escape=False, exclude_anchor_links=True)
    html = MarkdownWithMath(renderer=renderer).render(text)
    clean = CLEANER.clean(OTHER_TAG.sub("&lt;", html))
    return re.sub(rf"{renderer.token}(\d+)\.", lambda place: renderer.formulas[int(place[1])], clean)


def formula(tex: str, display: str) -> str:
    """Return a formula as MathML or, where that is not possible, its source."""
    try:
        if len(tex) > MAX_FORMULA:
            raise ValueError("too long")
        tree = ElementTree.fromstring(convert(tex, display=display))
        for part in tree.iter():
            part.tag = part.tag.removeprefix(NAMESPACE)
            if part.tag not in MATHS or not set(part.attrib) <= ATTRIBUTES:
                raise ValueError("not a formula")
        return ElementTree.tostring(tree, encoding="unicode")
    except Exception:  # the converter has errors of its own, and none must cost a page
        return f"<code>{escape(tex)}</code>"


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, which leaves formulas to a script, with formulas that need none."""

    def __init__(self, **options):
        super().__init__(**options)
        self.formulas: list[str] = []  # which come back in when all around them is clean,
        self.token = secrets.token_hex(8)  # at a mark that nobody can have written

    def _formula(self, tex: str, display: str) -> str:
        self.formulas.append(formula(tex, display))
        return f"{self.token}{len(self.formulas) - 1}."

    def block_math(self, body: str) -> str:
        return self._formula(body, "block")

    def multiline_math(self, text: str) -> str:
        return self._formula(re.sub(r"^\s*(\$\$|\\\\\[)|(\$\$|\\\\\])\s*$", "", text), "block")

    def latex_environment(self, name: str, body: str) -> str:
        return self._formula(rf"\begin{{{name}}}{body}\end{{{name}}}", "block")

    def inline_math(self, body: str) -> str:
        return self._formula(body, "inline")


def _filter_attribute(tag: str, attribute: str, value: str) -> str | None:
    """Return an attribute's value, or None to leave it out: an image is in the page itself, a link is never one."""
    # Browsers leave out white space and control characters before they read a scheme, in whatever case.
    is_data = re.sub(r"[\0-\x20]", "", value).lower().startswith("data:")
    if attribute == "href":
        return None if is_data else value
    if attribute == "src":
        return value if value.startswith("data:image/") else None
    return value


# What is no tag of ours is shown as it was written, so that a reader sees what a student wrote. This is for the reader
# alone: the cleaner comes after it and takes out whatever is not listed.
OTHER_TAG = re.compile(rf"<(?!!--|/?(?:{'|'.join(sorted(TAGS))})(?![\w:-]))", re.IGNORECASE)
CLEANER = Cleaner(
    tags=TAGS,
    attributes={"*": {"class"}, "a": {"href"}, "img": {"alt", "width", "height", "src"}},
    attribute_filter=_filter_attribute,
    url_schemes={"http", "https", "data"},
    link_rel=None,
)
