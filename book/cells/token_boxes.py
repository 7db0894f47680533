"""Tokens as boxes, one a token, for the cells of the book: a text and how it is cut."""

import html
from collections.abc import Mapping, Sequence

from IPython.display import HTML


def boxes(rows: Mapping[str, Sequence[str | bytes]], label: str) -> HTML:
    """Return a figure with a row of boxes for each name; label says in words what it shows."""
    body = "".join(_row(name, tokens) for name, tokens in rows.items())
    return HTML(f'<figure class="tokens" role="group" aria-label="{html.escape(label)}">{body}</figure>')


def shown(token: str | bytes) -> str:
    """Return a token as readers see it: ␣ for a space, ↵ for a line's end, bytes that are no character as numbers.

    >>> shown(b" the"), shown("识".encode()[:2])
    ('␣the', 'E8 AF')
    """
    text = token if isinstance(token, str) else token.decode("utf-8", errors="backslashreplace")
    if isinstance(token, bytes) and _broken(token):
        return token.hex(" ").upper()
    return text.replace(" ", "␣").replace("\n", "↵")


def _row(name: str, tokens: Sequence[str | bytes]) -> str:
    spans = "".join(f'<span class="{_class(token)}">{html.escape(shown(token))}</span>' for token in tokens)
    return (
        f'<div class="token-row"><span class="token-name">{html.escape(name)}</span><div>{spans}</div></div>'
    )


def _class(token: str | bytes) -> str:
    return "token token-bytes" if isinstance(token, bytes) and _broken(token) else "token"


def _broken(token: bytes) -> bool:
    """Return True for bytes that are not whole characters."""
    try:
        token.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False
