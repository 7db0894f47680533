"""The built book as tests read it: its pages, parsed once."""

from functools import cache

import pytest
import yaml
from bs4 import BeautifulSoup

from book import ROOT

SITE = ROOT / "_build" / "html"


def chapters() -> list[str]:
    """Return the pages of the table of contents, without suffix, the home page first."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *(page["file"] for part in toc["parts"] for page in part["chapters"])]


@cache
def pages() -> dict[str, BeautifulSoup]:
    """Return every page of the site by its address, such as "04-attention.html"; fail when one is not built."""
    for name in chapters():
        if not (SITE / f"{name}.html").exists():
            pytest.fail(f"{SITE}/{name}.html is missing; build the book first: make book", pytrace=False)
    return {
        str(path.relative_to(SITE)): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in sorted(SITE.rglob("*.html"))
        if "_static" not in path.parts
    }
