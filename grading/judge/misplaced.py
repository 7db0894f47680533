"""Files that are not where they belong: in a folder too deep, in capital letters, with a browser's " (1)" in the name.

They are taken where there is no doubt which one is meant; where there is, none is.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

# What browsers, file managers and learning platforms add to the name of a second file.
COPY = re.compile(r"\s*(?:\(\d{1,3}\)|[-_ ]\d{1,3}|[-_ ]*\b(?:copy|kopie|copie|copia)\b)$")
SECOND_ENDING = re.compile(r"\.(?:txt|json|html?)$")  # added by a browser or an editor that hides it
MAX_NOTEBOOKS = 5


def is_named(path: str, wanted: str) -> bool:
    """Return True if a file's name is the wanted one but for what people and programs add to it.

    >>> [is_named(name, "attention.py") for name in ("a/Attention (1).PY", "attention-2.py", "attention.py.txt")]
    [True, True, True]
    >>> is_named("attention2.py", "attention.py")
    False
    """
    name = SECOND_ENDING.sub("", _plain(PurePosixPath(path).name))
    (stem, ending), wanted = _split(name), _plain(wanted)
    while f"{stem}{ending}" != wanted and COPY.search(stem):
        stem = COPY.sub("", stem)
    return f"{stem}{ending}" == wanted


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().strip()


def _split(name: str) -> tuple[str, str]:
    path = PurePosixPath(name)
    return name.removesuffix(path.suffix), path.suffix


@dataclass(frozen=True)
class Found:
    """A file that may be the one that is looked for."""

    path: str
    content: bytes
    at_home: bool  # its name is right, and that of its folder


def candidates(paths: list[str], home: str, others: set[str]) -> list[str]:
    """Return the paths that may be meant by the path home; others are names that belong to something else."""
    wanted = PurePosixPath(home).name
    names = {path: PurePosixPath(path).name for path in paths}
    return [path for path in paths if path != home and names[path] not in others and is_named(path, wanted)]


def notebooks(paths: list[str], home: str) -> list[str]:
    """Return the paths of the first few notebooks besides home, whatever they are called."""
    named = [
        path for path in paths if path != home and SECOND_ENDING.sub("", _plain(path)).endswith(".ipynb")
    ]
    return named[:MAX_NOTEBOOKS]


def choose(found: list[Found], is_untouched: Callable[[bytes], bool]) -> Found | None:
    """Return the one that is meant, or None where that is not clear: work before what was only released."""
    changed = [one for one in found if not is_untouched(one.content)]
    for some in ([one for one in changed if one.at_home], changed, found):
        if some:
            return some[0] if len({one.content for one in some}) == 1 else None
    return None
