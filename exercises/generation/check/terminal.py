"""Print a text to a terminal of any encoding, in letters that it has."""

import codecs
import sys
import unicodedata
from typing import TextIO

# Pairs of a letter and what stands for it.
PLAIN = dict(
    pair.split("=", 1)
    for pair in [
        "✓=+",
        "✗=x",
        "→=->",
        "←=<-",
        "…=...",
        "√=sqrt",
        "∞=inf",
        "−=-",
        "–=-",
        "—=-",
        "·=*",
        "×=x",
        "⊙=*",
        "≠=!=",
        "≤=<=",
        "≥=>=",
        "≈=~",
        "’='",
        "‘='",
        '“="',
        '”="',
        "Σ=sum",
        "∑=sum",
        "ᵀ=^T",
        "■=#",
        "█=#",
        "▓=%",
        "▒=:",
        "░=.",
    ]
)


def write(text: str, stream: TextIO) -> None:
    """Print a text; a letter that the stream's encoding does not have is written in others."""
    encoding = getattr(stream, "encoding", None) or "utf8"
    print(text.encode(encoding, "check.plain").decode(encoding), file=stream)


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what stands for the letters that could not be encoded, as codecs.register_error wants it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(map(_in_ascii, letters)), error.end


def _in_ascii(letter: str) -> str:
    """Return a letter in ASCII.

    >>> "".join(map(_in_ascii, "q kᵀ / √K → α₁"))
    'q k^T / sqrtK -> alpha1'
    """
    if letter.isascii():
        return letter
    plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    greek = unicodedata.name(letter, "").rpartition("LETTER ")[2].lower()
    return PLAIN.get(letter) or plain or (greek if greek.isalpha() else "?")


codecs.register_error("check.plain", _plain)


def stream_for_report(failed: bool, validating: bool) -> TextIO:
    """Return where a report belongs: of a cell that failed, `nbgrader validate` shows only what went to stderr."""
    return sys.stderr if failed and validating else sys.stdout
