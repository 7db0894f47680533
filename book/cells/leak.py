"""Reviews and the nearest neighbour among them; `python -m book.cells.leak` records what the chapter on data shows.

What takes minutes is recorded in leak.json, with its settings, and the page shows it as recorded.
"""

import json
import platform
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from lib.augmentation import delete_words
from lib.cleaning import groups_of_copies
from lib.corpora import reviews
from lib.optim import AdamW
from lib.splits import split_by_group

RECORD = Path(__file__).with_suffix(".json")
COLUMNS = 2048
CHOSEN = 4000  # different reviews, with all their copies
SIZES = [200, 4000]  # reviews to train on where words are deleted
TEST = 2000


@cache
def labelled() -> tuple[list[str], Tensor]:
    """Return all reviews, and for each whether it is positive."""
    named = reviews()
    return list(named.values()), torch.tensor([name.startswith("pos") for name in named])


@cache
def different() -> list[list[int]]:
    """Return the copies of each different review that has one label, as places among all reviews."""
    texts, positive = labelled()
    return [group for group in groups_of_copies(texts) if len(set(positive[group].tolist())) == 1]


def choose(seed: int, chosen: int = CHOSEN) -> list[list[int]]:
    """Return `chosen` different reviews, each as the places of its copies."""
    order = torch.randperm(len(different()), generator=torch.Generator().manual_seed(seed))
    return [different()[i] for i in order[:chosen].tolist()]


def features(texts: Sequence[str]) -> Tensor:
    """Return (N, COLUMNS): root counts of a text's characters and pairs of characters, hashed; rows of length 1."""
    return torch.cat([_features(texts[i : i + 2000]) for i in range(0, len(texts), 2000)])


def _features(texts: Sequence[str]) -> Tensor:
    codes = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    ends = codes == ord("\n")  # a review is one line
    rows = np.cumsum(ends) - ends
    ones = codes * 40503 % 65537 % COLUMNS
    twos = (codes[:-1] * 40503 + codes[1:] * 30011) % 65537 % COLUMNS
    inside = ~ends[:-1] & ~ends[1:]
    cells = np.concatenate([(rows * COLUMNS + ones)[~ends], (rows[:-1] * COLUMNS + twos)[inside]])
    counts = np.bincount(cells, minlength=len(texts) * COLUMNS).reshape(len(texts), COLUMNS)
    return F.normalize(torch.from_numpy(counts).float().sqrt(), dim=1)


def nearest(X: Tensor, train: Tensor, test: Tensor) -> Tensor:
    """Return for each row of X that test names which row that train names is most similar."""
    best = [(X[some] @ X[train].T).argmax(dim=1) for some in test.split(1000)]
    return train[torch.cat(best)]


def measure(X: Tensor, y: Tensor, group: Tensor, train: Tensor, test: Tensor) -> dict[str, float]:
    """Return how often the nearest neighbour's label is right, and which share of the test rows have a copy in train."""
    right = (y[nearest(X, train, test)] == y[test]).double()
    leaked = torch.isin(group[test], group[train])
    found = {"right": right.mean(), "leaked": leaked.double().mean(), "unseen": right[~leaked].mean()}
    return {name: round(value.item(), 4) for name, value in found.items()}


def run(seed: int, chosen: int = CHOSEN) -> dict[str, dict[str, float]]:
    """Return what is measured on three splits, a fifth for the test: of lines, of groups of copies, and without copies."""
    groups, generator = choose(seed, chosen), torch.Generator().manual_seed(seed)
    lines = [i for members in groups for i in members]
    group = torch.tensor([g for g, members in enumerate(groups) for _ in members])
    X, y = features([labelled()[0][i] for i in lines]), labelled()[1][lines]
    firsts = torch.tensor([0, *map(len, groups)]).cumsum(dim=0)[:-1]
    shuffled = torch.randperm(len(lines), generator=generator)
    single = firsts[torch.randperm(len(groups), generator=generator)]
    parts = split_by_group(group.tolist(), [0.2, 0.8], torch.rand(len(groups), generator=generator))
    splits = {
        "lines": (shuffled[: len(lines) // 5], shuffled[len(lines) // 5 :]),
        "groups": (torch.tensor(parts[0]), torch.tensor(parts[1])),
        "without copies": (single[: len(groups) // 5], single[len(groups) // 5 :]),
    }
    return {name: measure(X, y, group, train, test) for name, (test, train) in splits.items()}


def fit(X: Tensor, y: Tensor, steps: int = 150) -> Tensor:
    """Return the weights of a logistic regression, the bias last."""
    weights = torch.zeros(COLUMNS + 1, requires_grad=True)
    optimizer = AdamW([weights], lr=0.05, weight_decay=0.0)
    for _ in range(steps):
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(X @ weights[:-1] + weights[-1], y.float()).backward()
        optimizer.step()
    return weights.detach()


def delete(seed: int, size: int, copies: int = 4, test: int = TEST) -> list[float]:
    """Return a classifier's share of right answers without and with copies that lack a tenth of their characters."""
    groups, generator = choose(seed, size + test), torch.Generator().manual_seed(seed)
    texts = [labelled()[0][group[0]] for group in groups]
    y, X = labelled()[1][[group[0] for group in groups]], features(texts[:test])
    found = []
    for n in (0, copies):
        more = [
            "".join(delete_words(text, torch.rand(len(text), generator=generator), 0.1))
            for _ in range(n)
            for text in texts[test:]
        ]
        weights = fit(features(texts[test:] + more), y[test:].repeat(n + 1))
        found.append(round(((X @ weights[:-1] + weights[-1] > 0) == y[:test]).double().mean().item(), 4))
    return found


def record(seeds: Sequence[int] = (0, 1, 2, 3, 4)) -> dict[str, Any]:
    """Return what all runs measure, by seed; they take minutes."""
    runs = [run(seed) for seed in seeds]
    everything = run(0, len(different()))
    deleted = {str(size): [delete(seed, size) for seed in seeds] for size in SIZES}
    print({split: mean(one[split]["right"] for one in runs) for split in runs[0]}, everything, deleted)
    return {
        "command": "python -m book.cells.leak",
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "torch": torch.__version__.partition("+")[0],
        "seeds": list(seeds),
        "chosen": CHOSEN,
        "runs": runs,
        "everything": everything,
        "deleted": deleted,
    }


def read_record() -> dict[str, Any]:
    """Return what `record` has returned, from the file."""
    return json.loads(RECORD.read_text("utf-8"))


if __name__ == "__main__":
    RECORD.write_text(json.dumps(record(), indent=1) + "\n", "utf-8")
