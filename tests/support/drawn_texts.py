"""Texts that are hard to cut into pieces, drawn at random."""

import random
from collections.abc import Iterator

PIECES = (
    *(" ", "  ", "\n", "\n\n", "\t", "\x1c", "\x1f", "\x85", "\xa0", "\u2028", "\u3000", "\u200b"),
    *("'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'", "''", "'S", "l", "r", "v", "the", "é", "e\u0301"),
    *(
        "1",
        "42",
        "²",
        "Ⅷ",
        "½",
        "٣",
        "_",
        "-",
        "!?",
        "<|end|>",
        "三国",
        "，",
        "識",
        "🍕",
        "👩\u200d👧",
        "\x00",
    ),
)


def drawn_texts(count: int, seed: int, longest: int = 12) -> Iterator[str]:
    """Yield texts of a few pieces each, the first of them empty."""
    draw = random.Random(seed)
    for i in range(count):
        yield "".join(draw.choices(PIECES, k=draw.randint(0, longest) if i else 0))


def cut(text: str, seed: int, parts: int = 4) -> list[str]:
    """Return the text cut at random, some of the parts empty."""
    draw = random.Random(seed)
    places = [0, *sorted(draw.randint(0, len(text)) for _ in range(parts - 1)), len(text)]
    return [text[start:end] for start, end in zip(places, places[1:], strict=False)]
