"""Rules that throw out what is no text, and pages to try them on, made up: four kinds that are no text, and one that is.

The bounds of five rules are those of Gopher (Rae et al. 2021, appendix A); line ends are looked at as for C4 (Raffel et
al. 2019), which dropped lines, not texts; and repeated lines have the bound of Gopher's "duplicate line fraction".
"""

import random
from collections.abc import Callable, Iterable

STOP_WORDS = {"the", "be", "to", "of", "and", "that", "have", "with"}
ENDS = tuple(".!?\"'”。")


def share(facts: Iterable[bool]) -> float:
    """Return which share of facts is true."""
    known = list(facts)
    return sum(known) / len(known)


def complaints(text: str) -> dict[str, bool]:
    """Return what each rule says of a text with words: True means out."""
    words, lines = text.split(), [line for line in text.split("\n") if line.strip()]
    marks = sum(text.count(mark) for mark in ("#", "...", "…"))
    return {
        "not 50 to 100,000 words": not 50 <= len(words) <= 100_000,
        "words not 3 to 10 long": not 3 <= len("".join(words)) / len(words) <= 10,
        "many # and …": marks > 0.1 * len(words),
        "words without letters": share(any(map(str.isalpha, word)) for word in words) < 0.8,
        "under 2 stop words": len(STOP_WORDS & {word.lower() for word in words}) < 2,
        "repeated lines": len(set(lines)) < 0.7 * len(lines),
        "lines without full stop": share(line.endswith(ENDS) for line in lines) < 0.5,
    }


MENU = [
    "Home",
    "About",
    "Contact",
    "Login",
    "Register",
    "Cart",
    "Help",
    "Search",
    "Offers",
    "News",
    "Shop",
    "Blog",
    "Jobs",
    "Press",
    "Privacy",
    "Terms",
]
THINGS = ["chairs", "lamps", "tables", "sofas", "beds", "mirrors", "shelves", "desks", "rugs", "clocks"]
PRAISE = ["lovely", "cheap", "famous", "solid", "bright", "modern", "quiet", "simple", "elegant", "popular"]


def menu(draw: random.Random) -> str:
    """Return a page of links, one or two words a line."""
    return "\n".join(" ".join(draw.sample(MENU, draw.randint(1, 2))) for _ in range(60))


def table(draw: random.Random) -> str:
    """Return a page of numbers."""
    return "\n".join(" ".join(f"{draw.uniform(0, 999):.2f}" for _ in range(6)) for _ in range(30))


def repeated(draw: random.Random) -> str:
    """Return a page that says three sentences again and again."""
    lines = [
        f"The {a} {b} that you have seen are part of the {draw.choice(PRAISE)} offer."
        for a, b in _pairs(draw, 3)
    ]
    return "\n".join(draw.choice(lines) for _ in range(20))


def keywords(draw: random.Random) -> str:
    """Return a page of search words."""
    return "\n".join(", ".join(f"#{a} #{b}" for a, b in _pairs(draw, 6)) for _ in range(12))


def advertisement(draw: random.Random) -> str:
    """Return a page of whole sentences that nobody wants."""
    lines = [
        f"We have {a} {b}, and they are the best that you can buy with your money."
        for a, b in _pairs(draw, 15)
    ]
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
