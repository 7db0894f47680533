"""The pictures in a written answer: those inside the notebook are taken over into the text, for all others a sentence says
why not. Grading and `check` use the same, so a student hears of it before handing in.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

MAX_TEXT = 100_000  # characters of an answer, without its pictures
MAX_PICTURES = 4_000_000  # characters of an answer's pictures, which is 3 MB before they are written as text
MAX_SENTENCES = 5  # of one answer
TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
INSIDE = re.compile(r"attachment:([^\s)\"'>\]]+)|(data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/]+={0,2})")
# The source of a picture in Markdown or HTML. Bounded, so that no text takes long to search.
SOURCE = re.compile(
    r"!\[[^\]]{0,300}\]\(\s{0,9}<?([^)\s>]{1,300})|<img\b[^>]{0,300}?\bsrc\s{0,9}=\s{0,9}[\"']?([^\"'\s>]{1,300})",
    re.IGNORECASE,
)
MARK = "\0{}\0"  # stands for a picture while a text is cut


def embed_pictures(text: str, attachments: Any = None) -> tuple[str, list[str]]:
    """Return an answer with the attached pictures in its text, and a sentence for what is not taken over.

    attachments is what the notebook's cell has under that name, which is believed in nothing.

    >>> embed_pictures("![a](attachment:a.png)", {"a.png": {"image/png": "iVBORw=="}})
    ('![a](data:image/png;base64,iVBORw==)', [])
    >>> embed_pictures("![a](attachment:a.png)")
    ('![a](attachment:a.png)', ["the picture 'a.png' is not in the notebook"])
    """
    found, sentences = _attached(attachments)
    pictures: list[str] = []
    used: set[str] = set()

    def stand_in(place: re.Match) -> str:
        name = unquote(place[1]) if place[1] else ""
        if name and name not in found:
            sentences.append(f"the picture {_short(name)} is not in the notebook")
            return place[0]
        used.add(name)
        pictures.append(found[name] if name else place[2])
        return MARK.format(len(pictures) - 1)

    text = INSIDE.sub(stand_in, text.replace("\0", ""))
    for name in [name for name in found if name not in used]:  # attached, and not shown anywhere in the text
        pictures.append(found[name])
        text += f"\n\n![]({MARK.format(len(pictures) - 1)})"
    sentences += _sources_elsewhere(text)
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT] + "\n… (cut here)"
        sentences.append(f"what comes after {MAX_TEXT:,} characters is cut off")
    text = _with_pictures(text, pictures, sentences)
    return text, list(dict.fromkeys(sentences))[:MAX_SENTENCES]


def _attached(attachments: Any) -> tuple[dict[str, str], list[str]]:
    """Return each attached picture as a data URI, by name, and a sentence for whatever else is attached."""
    found: dict[str, str] = {}
    sentences = []
    for name, formats in attachments.items() if isinstance(attachments, Mapping) else ():
        formats = formats if isinstance(formats, Mapping) else {}
        content = {kind: _joined(formats[kind]) for kind in TYPES if kind in formats}
        kind = next((kind for kind, text in content.items() if BASE64.fullmatch(text)), None)
        if kind:
            found[str(name)] = f"data:{kind};base64,{content[kind]}"
        else:
            sentences.append(f"{_short(str(name))} is attached and is no picture that can be shown")
    return found, sentences


def _joined(content: Any) -> str:
    lines = content if isinstance(content, list) else [content]
    return "".join("".join(line.split()) for line in lines if isinstance(line, str))


def _sources_elsewhere(text: str) -> list[str]:
    sources = [place[1] or place[2] for place in SOURCE.finditer(text)]
    elsewhere = [s for s in sources if not s.startswith(("\0", "attachment:", "data:"))]
    return [f"the picture {_short(source)} lies outside of the notebook" for source in elsewhere]


def _with_pictures(text: str, pictures: list[str], sentences: list[str]) -> str:
    """Put the pictures back into a text, as many as there is room for."""
    room = MAX_PICTURES

    def picture(place: re.Match) -> str:
        nonlocal room
        content = pictures[int(place[1])]
        if len(content) > room:
            sentences.append(f"the pictures have more than {MAX_PICTURES * 3 // 4 // 10**6} MB together")
            return "#"
        room -= len(content)
        return content

    return re.sub(r"\0(\d+)\0", picture, text).replace("\0", "")  # where a text was cut within a mark


def _short(name: str) -> str:
    return repr(name if len(name) <= 60 else name[:57] + "...")
