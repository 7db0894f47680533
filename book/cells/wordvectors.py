"""Word vectors of the chapter on embeddings; `python -m book.cells.wordvectors` records how far runs agree.

What takes minutes is recorded in wordvectors.json, with its settings, and the page shows it as recorded.
"""

import json
import platform
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from itertools import combinations, product
from pathlib import Path
from statistics import mean
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import normalize

from lib.corpora import shakespeare
from lib.embeddings import cooccurrence, glove_loss
from lib.optim import Adam

RECORD = Path(__file__).with_suffix(".json")
MIN_COUNT, WINDOW, WIDTH, NEGATIVES = 20, 4, 50, 5
ALIKE = 10  # the nearest words that are compared
ASKED = slice(50, 550)  # by frequency: 500 words, without the most frequent, which are neighbours of all
# Lines that nobody says: headings, stage directions on a line of their own, and speakers' names in capitals.
UNSAID = re.compile(r"(ACT|SCENE|PROLOGUE|EPILOGUE|Enter|Exit|Exeunt|Re-enter)\b|[A-Z][A-Z .'-]+$")
WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")


def spoken_plays() -> list[list[str]]:
    """Return the words of each of Shakespeare's plays in lower case, without the lines that nobody says."""
    plays = []
    for play in shakespeare().values():
        lines = (line for line in play.split("\n") if not UNSAID.match(line))
        plays.append(WORD.findall("\n".join(lines).lower()))
    return plays


def encode(plays: Sequence[Sequence[str]], min_count: int = MIN_COUNT) -> tuple[list[str], Tensor]:
    """Return the words that occur min_count times or more, the most frequent first, and the text of them as ids."""
    counts = Counter(word for play in plays for word in play)
    vocabulary = [word for word, count in counts.most_common() if count >= min_count]
    number = {word: i for i, word in enumerate(vocabulary)}
    return vocabulary, torch.tensor([number[word] for play in plays for word in play if word in number])


def neighbours(vectors: Tensor, rows: slice = ASKED, k: int = ALIKE) -> Tensor:
    """Return the k words nearest to each of the rows, by cosine, without itself: (rows, k)."""
    unit = normalize(vectors, dim=-1)
    cosines = unit[rows] @ unit.T
    own = torch.arange(len(vectors))[rows].unsqueeze(1)
    return cosines.scatter(1, own, -2.0).topk(k).indices


def agreement(one: Tensor, other: Tensor) -> float:
    """Return which share of their neighbours two tables of vectors have in common."""
    pairs = zip(neighbours(one).tolist(), neighbours(other).tolist(), strict=True)
    return mean(len({*here} & {*there}) / ALIKE for here, there in pairs)


def glove(counts: Tensor, seed: int, steps: int = 60, rate: float = 0.05, x_max: float = 20.0) -> Tensor:
    """Return w + w̃ after `steps` of Adam on the whole of GloVe's loss, with a rate that falls to 0."""
    generator, V = torch.Generator().manual_seed(seed), len(counts)
    tables = [0.1 * torch.randn(V, WIDTH, generator=generator) for _ in range(2)]
    parameters = [p.requires_grad_() for p in (*tables, torch.zeros(V), torch.zeros(V))]
    optimizer, cells = Adam(parameters, lr=rate), int((counts > 0).sum())
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = rate * (1 - step / steps)
        optimizer.zero_grad()
        (glove_loss(*parameters, counts, x_max=x_max) / cells).backward()
        optimizer.step()
    return (tables[0] + tables[1]).detach()


MAP_WORDS = (
    "man woman king queen prince princess father mother brother sister uncle aunt boy girl doctor nurse "
    "france paris japan tokyo germany berlin italy rome good better bad worse big bigger small smaller "
    "walk walked talk talked car cars dog dogs"
).split()
MAP_PAIRS = [
    ("man", "king"),
    ("man", "woman"),
    ("king", "queen"),
    ("brother", "sister"),
    ("france", "paris"),
    ("good", "better"),
    ("big", "bigger"),
    ("walk", "walked"),
    ("car", "cars"),
]
MAP_THIRDS = "woman king prince doctor uncle boy father japan germany italy bad small talk dog".split()


def analogy_map(words: Sequence[str], vectors: Tensor) -> dict[str, Any]:
    """Return the data of book/assets/analogymap.js, and as "share" how much of the variance its two axes hold."""
    place = {word: i for i, word in enumerate(words)}
    unit = normalize(vectors, dim=-1)
    shown = unit[[place[word] for word in MAP_WORDS]]
    centred = shown - shown.mean(dim=0)
    _, sizes, axes = torch.linalg.svd(centred, full_matrices=False)
    axes = axes[:2] * axes[:2].sum(dim=1, keepdim=True).sign()  # the sign of an axis is free: fix it
    number = {word: i for i, word in enumerate(MAP_WORDS)}

    triples = [(*pair, third) for pair in MAP_PAIRS for third in MAP_THIRDS if third not in pair]
    given = torch.tensor([[place[word] for word in triple] for triple in triples])
    a, b, c = unit[given].unbind(dim=1)
    best = (normalize(b - a + c, dim=-1) @ unit.T).topk(ALIKE)
    answers = {}
    for triple, inputs, cosines, ids in zip(triples, given.tolist(), *(part.tolist() for part in best), strict=True):
        ranked = [(words[i], round(x, 4), i in inputs) for i, x in zip(ids, cosines, strict=True)]
        answers[" ".join(str(number[word]) for word in triple)] = {
            "all": [answer[:2] for answer in ranked][:5],
            "others": [answer[:2] for answer in ranked if not answer[2]][:5],
        }
    return {
        "words": MAP_WORDS,
        "places": [[round(x, 3) for x in row] for row in (centred @ axes.T).tolist()],
        "pairs": [[number[word] for word in pair] for pair in MAP_PAIRS],
        "thirds": [number[word] for word in MAP_THIRDS],
        "answers": answers,
        "share": (sizes[:2].square().sum() / sizes.square().sum()).item(),
    }
