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
MAX_MARKDOWN = 20_000  # characters besides pictures; of odd ones the parser takes seconds for so many
PICTURE = re.compile(r"data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/]+={0,2}")
TOKEN = secrets.token_hex(8)  # stands for a picture, and cannot be written by anyone


def safe_markdown(text: str) -> str:
    """Return Markdown as HTML, and whatever that cannot be done with as it was written.

    It replaces the filter of nbgrader's templates, too. Pictures are left out while the rest is read, which is short then.
    """
    pictures: list[str] = []

    def stand_in(place: re.Match) -> str:
        pictures.append(place[0])
        return f"data:image/{len(pictures) - 1};{TOKEN}"

    html = _html(PICTURE.sub(stand_in, text))
    return re.sub(rf"data:image/(\d+);{TOKEN}", lambda place: pictures[int(place[1])], html)


@lru_cache(maxsize=1000)  # all pages of an assignment share its cards
def _html(text: str) -> str:
    renderer = _Renderer(escape=False, exclude_anchor_links=True)
    if len(text) > MAX_MARKDOWN:
        return f"<pre>{escape(text)}</pre>"
    try:
        html = MarkdownWithMath(renderer=renderer).render(text)
    except Exception:  # the parser has errors of its own, and none must cost a page
        return f"<pre>{escape(text)}</pre>"
    commented, end, rest = html.rpartition("-->")
    html = commented + end + rest.replace("<!--", "&lt;!--")  # which would hide all the rest
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

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return a picture, or say which one is missing: what is in the notebook is in the text by now."""
        if url.lower().startswith("attachment:"):
            return f"<em>[a picture that is not in the notebook: {escape(url[11:])}]</em>"
        return super().image(text, url, title)

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
