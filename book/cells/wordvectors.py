"""Word vectors of the chapter on embeddings; `python -m book.cells.wordvectors` records how far runs agree.

What takes minutes is recorded in wordvectors.json, with its settings, and the page shows it as recorded.
"""

import json
import platform
import re
from collections.abc import Sequence
from datetime import date
from itertools import combinations, product
from pathlib import Path
from statistics import mean
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import normalize

from lib.corpora import shakespeare
from lib.embeddings import cooccurrence, glove_loss, nearest
from lib.optim import Adam
from lib.pmi import pmi, svd_vectors
from lib.word2vec import Word2VecConfig, build_vocabulary, encode_words, train_word2vec

RECORD = Path(__file__).with_suffix(".json")
MIN_COUNT, WINDOW, WIDTH = 20, 4, 50  # of the counts; skip-gram has its own window
ALIKE = 10  # the nearest words that are compared
# Chosen before the first run.
WORDS = ["night", "mother", "gold", "romeo", "king", "love", "blood", "sea", "seven", "red", "sword", "horse"]
ASKED = slice(50, 550)  # by frequency: 500 words, without the most frequent, which are neighbours of all
# Lines that nobody says: headings, stage directions on a line of their own, and speakers' names in capitals.
UNSAID = re.compile(r"(ACT|SCENE|PROLOGUE|EPILOGUE|Enter|Exit|Exeunt|Re-enter)\b|[A-Z][A-Z .'-]+$")
WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")


def spoken_plays() -> list[list[str]]:
    """Return the words of each of Shakespeare's plays in lower case, without most lines that nobody says."""
    plays = []
    for play in shakespeare().values():
        lines = (line for line in play.split("\n") if not UNSAID.match(line))
        plays.append(WORD.findall("\n".join(lines).lower()))
    return plays


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
    w, w_context = (0.1 * torch.randn(V, WIDTH, generator=generator) for _ in range(2))
    b, b_context = torch.zeros(V), torch.zeros(V)
    optimizer = Adam([p.requires_grad_() for p in (w, w_context, b, b_context)], lr=rate)
    cells = int((counts > 0).sum())
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = rate * (1 - step / steps)
        optimizer.zero_grad()
        (glove_loss(w, w_context, b, b_context, counts, x_max=x_max) / cells).backward()
        optimizer.step()
    return (w + w_context).detach()


def from_counts(counts: Tensor, seed: int = 0) -> Tensor:
    """Return vectors from positive PMI, with context counts to the power 0.75; seed is the sketch's."""
    return svd_vectors(pmi(counts, power=0.75).clamp(min=0), WIDTH, seed)


MAP_WORDS = [
    *("man", "woman", "king", "queen", "prince", "princess"),
    *("father", "mother", "brother", "sister", "uncle", "aunt", "boy", "girl", "doctor", "nurse"),
    *("france", "paris", "japan", "tokyo", "germany", "berlin", "italy", "rome"),
    *("good", "better", "bad", "worse", "big", "bigger", "small", "smaller"),
    *("walk", "walked", "talk", "talked", "car", "cars", "dog", "dogs"),
]
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
MAP_THIRDS = [
    "woman",
    "king",
    "prince",
    "doctor",
    "uncle",
    "boy",
    "father",
    "japan",
    "germany",
    "italy",
    "bad",
    "small",
    "talk",
    "dog",
]


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
    for triple, inputs, cosines, ids in zip(
        triples, given.tolist(), *(part.tolist() for part in best), strict=True
    ):
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


LONG = Word2VecConfig(window=4, epochs=3)
KINDS = ["skip-gram", "skip-gram, long", "counts and SVD", "GloVe"]
CHOSEN = slice(0, 3)  # seeds of what takes longer, and of the lists that the record holds


def train_all(seeds: Sequence[int]) -> tuple[list[str], dict[str, list[Tensor]]]:
    """Return the vocabulary, and the vectors of each kind of training, one table a seed."""
    tokens = [word for play in spoken_plays() for word in play]
    vocabulary = build_vocabulary(tokens, MIN_COUNT)
    ids, V = encode_words(tokens, vocabulary), len(vocabulary)
    counts = cooccurrence(ids, V, WINDOW)
    wide = cooccurrence(ids, V, 2 * WINDOW)
    few = seeds[CHOSEN]
    return vocabulary, {
        "skip-gram": [train_word2vec(ids, V, seed=seed)[0] for seed in seeds],
        "skip-gram, long": [train_word2vec(ids, V, LONG, seed)[0] for seed in few],
        "counts and SVD": [from_counts(counts, seed) for seed in few],
        "GloVe": [glove(wide, seed) for seed in few],
    }


def record(seeds: Sequence[int] = (0, 1, 2, 3, 4)) -> dict[str, Any]:
    """Return how far tables of vectors agree, for all pairs of seeds, and some of their neighbours; takes minutes."""
    vocabulary, trained = train_all(seeds)
    found = {}
    for one, other in [(kind, kind) for kind in KINDS] + list(combinations(KINDS, 2)):
        pairs = combinations(trained[one], 2) if one == other else product(trained[one], trained[other])
        found[f"{one} | {other}"] = [round(agreement(*pair), 3) for pair in pairs]
    return {
        "command": "python -m book.cells.wordvectors",
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "torch": torch.__version__.partition("+")[0],
        "seeds": list(seeds),
        "words": len(vocabulary),
        "agreement": found,
        "neighbours": {
            kind: {word: [around(word, vocabulary, table) for table in tables[CHOSEN]] for word in WORDS}
            for kind, tables in trained.items()
        },
    }


def around(word: str, vocabulary: Sequence[str], vectors: Tensor, k: int = 5) -> list[str]:
    """Return the k words nearest to a word."""
    i = vocabulary.index(word)
    return [vocabulary[n] for n in nearest(vectors, vectors[i], k, exclude=[i])]


def read_record() -> dict[str, Any]:
    """Return what `record` has returned, from the file."""
    return json.loads(RECORD.read_text("utf-8"))


if __name__ == "__main__":
    RECORD.write_text(json.dumps(record(), indent=1) + "\n", "utf-8")
