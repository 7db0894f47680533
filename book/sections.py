"""The sections of a page, read from its Markdown: what they are called, what addresses they have, what they say."""

import re
from dataclasses import dataclass

from docutils.nodes import make_id

FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1 *$", re.M | re.S)
HEADING = re.compile(r"^(?:\((?P<label>[\w-]+)\)=\n+)?(?P<marks>#+) (?P<title>.+)$", re.M)


@dataclass(frozen=True)
class Section:
    """One section without those below it; level 1 is the page's title."""

    title: str
    level: int
    anchors: tuple[str, ...]  # its ids in the built page: that of its title, then that of its label
    prose: str


def sections(markdown: str) -> list[Section]:
    """Return the sections of a page in order.

    >>> [section.anchors for section in sections("# 6. The block\\n(6-ffn)=\\n## Feed-forward\\n")]
    [('the-block',), ('feed-forward', 'ffn')]
    """
    text = FENCE.sub("", markdown)
    found = list(HEADING.finditer(text))
    ends = [heading.start() for heading in found[1:]] + [len(text)]
    return [_section(heading, text[heading.end() : end]) for heading, end in zip(found, ends, strict=True)]


def _section(heading: re.Match[str], prose: str) -> Section:
    title = re.sub(r"[*`]", "", heading["title"])
    names = [title, heading["label"] or ""]
    anchors = dict.fromkeys(make_id(name) for name in names if name)
    return Section(title, len(heading["marks"]), tuple(anchors), prose)
