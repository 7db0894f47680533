"""What counting and compressing cost on the texts that the small models of `pretraining_runs` are trained on."""

import bz2
import gzip
import lzma
import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from book.cells.pretraining_runs import Corpus, corpus
from lib.ngram import KneserNey
from lib.ngram_counts import NGramCounts
from lib.pretraining import baselines, bits_per_character
from lib.splits import contaminated

UNKNOWN = 16  # bits on top that name a character that training has not seen, as in chapter 1
ORDERS = {"English": 8, "Chinese": 5}
PIECE, RUN = (
    200,
    13,
)  # words, in Chinese characters, of a held-out piece, and those in a row that must not be seen


def lines(language: str) -> dict[str, Any]:
    """Return the sizes of both parts, what is unknown or seen already, and the losses of simple counting, in nats."""
    text = corpus(language)
    train, held_out = torch.cat(text.train), torch.cat(text.held_out)
    return {
        "documents": [len(part) for part in text.texts],
        "characters": [len(train), len(held_out)],
        "bytes": [len("".join(part).encode()) for part in text.texts],
        "V": text.V,
        "unknown": int((held_out == text.vocabulary.unknown_id).sum()),
        "seen": seen(language, text),
        **{name: round(nats, 4) for name, nats in baselines(train, held_out, text.V).items()},
    }


def seen(language: str, text: Corpus) -> list[int]:
    """Return how many held-out pieces have RUN words in a row that stand in a training text, and how many there are."""
    train, held_out = text.texts
    if language == "Chinese":  # which has no blanks: a word is a character
        train, held_out = ([" ".join(one) for one in part] for part in (train, held_out))
    words = [one.split() for one in held_out]
    pieces = [" ".join(one[i : i + PIECE]) for one in words for i in range(0, len(one), PIECE)]
    return [sum(contaminated(train, pieces, RUN)), len(pieces)]


def bits(compress: Callable[[bytes], bytes], texts: Sequence[str]) -> float:
    """Return the bits a character of the compressed texts."""
    return 8 * len(compress("".join(texts).encode())) / sum(map(len, texts))


def bits_after(before: Sequence[str], texts: Sequence[str]) -> float:
    """Return the bits a character that xz writes while it reads texts, having read others."""
    # The window is wide enough to see all that came before.
    filters = [{"id": lzma.FILTER_LZMA1, "preset": 4, "dict_size": 2**23}]
    xz = lzma.LZMACompressor(lzma.FORMAT_ALONE, filters=filters)

    def written(data: bytes) -> int:
        pieces = [data[i : i + 1000] for i in range(0, len(data), 1000)]
        return sum(len(xz.compress(piece)) for piece in pieces)

    written("".join(before).encode())
    return 8 * written("".join(texts).encode()) / sum(map(len, texts))


def kneser_ney(language: str) -> dict[str, Any]:
    """Return bits a character for each n: of the first held-out document, which chooses n, and of all of them."""
    (train, held_out), start, found = corpus(language).texts, time.process_time(), {}
    counts = NGramCounts(train, ORDERS[language])
    for n in range(1, ORDERS[language] + 1):
        model = KneserNey(counts, n)
        costs = [-model.log_probs(one) + unknown_of(counts, one) for one in held_out]
        found[n] = [
            round(bits_per_character(torch.cat(some).mean().item()), 4) for some in (costs[:1], costs)
        ]
    best = min(found, key=lambda n: found[n][0])
    return {
        "bits": found,
        "n": best,
        "best": found[best][1],
        "processor_seconds": round(time.process_time() - start, 1),
    }


def unknown_of(counts: NGramCounts, text: str) -> Tensor:
    """Return what naming each character costs on top, in nats: something for unknown ones, nothing for others."""
    return (counts.encode(text) == counts.V - 1).double() * UNKNOWN * torch.tensor(2.0).log()


def compressors(language: str) -> dict[str, float]:
    """Return bits a character of the held-out text: compressed alone, and by xz after the training text."""
    train, held_out = corpus(language).texts
    found = {
        name: bits(module.compress, held_out) for name, module in (("gzip", gzip), ("bz2", bz2), ("xz", lzma))
    }
    return {
        name: round(one, 4)
        for name, one in (found | {"xz after training": bits_after(train, held_out)}).items()
    }
