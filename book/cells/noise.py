"""Pages as a crawler brings them home, made up for the chapter on data: four kinds that are no text, and one that is."""

import random
from collections.abc import Callable

MENU = "Home About Contact Login Register Cart Help Search Offers News Shop Blog Jobs Press Privacy Terms".split()
THINGS = "chairs lamps tables sofas beds mirrors shelves desks rugs clocks".split()
PRAISE = "lovely cheap famous solid bright modern quiet simple elegant popular".split()


def menu(draw: random.Random) -> str:
    """Return a page of links, one or two words a line."""
    return "\n".join(" ".join(draw.sample(MENU, draw.randint(1, 2))) for _ in range(60))


def table(draw: random.Random) -> str:
    """Return a page of numbers."""
    return "\n".join(" ".join(f"{draw.uniform(0, 999):.2f}" for _ in range(6)) for _ in range(30))


def repeated(draw: random.Random) -> str:
    """Return a page that says three sentences again and again."""
    lines = [f"The {a} {b} that you have seen are part of the {draw.choice(PRAISE)} offer." for a, b in _pairs(draw, 3)]
    return "\n".join(draw.choice(lines) for _ in range(20))


def keywords(draw: random.Random) -> str:
    """Return a page of search words."""
    return "\n".join(", ".join(f"#{a} #{b}" for a, b in _pairs(draw, 6)) for _ in range(12))


def advertisement(draw: random.Random) -> str:
    """Return a page of whole sentences that nobody wants."""
    lines = [f"We have {a} {b}, and they are the best that you can buy with your money." for a, b in _pairs(draw, 15)]
    return "\n".join(lines)


def _pairs(draw: random.Random, n: int) -> list[tuple[str, str]]:
    return [(draw.choice(PRAISE), draw.choice(THINGS)) for _ in range(n)]


KINDS: dict[str, Callable[[random.Random], str]] = {
    "menus": menu,
    "tables": table,
    "repeated lines": repeated,
    "search words": keywords,
    "advertisements": advertisement,
}


def planted(seed: int = 0, each: int = 40) -> dict[str, list[str]]:
    """Return pages of each kind."""
    draw = random.Random(seed)
    return {name: [make(draw) for _ in range(each)] for name, make in KINDS.items()}
