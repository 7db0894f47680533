"""What the chapter on data knows of near copies: every similar pair, counted, and the numbers of its interactive figure."""

from collections import Counter
from collections.abc import Sequence, Set
from itertools import combinations
from typing import Any

import torch
from torch import Tensor

from lib.corpora import news
from lib.minhash import P, candidates, shingles, signature

K = 128  # numbers in a signature
LOWEST = 0.1  # the figure knows the similarity of pairs from here on


def shingles_of_news() -> list[set[int]]:
    """Return the shingles of each article: runs of five words, in lower case, as blanks divide them."""
    return [shingles(text.lower().split()) for text in news().values()]


def hash_functions(seed: int = 0) -> tuple[Tensor, Tensor]:
    """Return a and b (K,) of the K hash functions x → (a x + b) mod P; no a is 0."""
    generator = torch.Generator().manual_seed(seed)
    a = torch.randint(1, P, (K,), generator=generator)
    return a, torch.randint(P, (K,), generator=generator)


def signatures_of(sets: Sequence[Set[int]], seed: int = 0) -> Tensor:
    """Return the signatures (N, K)."""
    a, b = hash_functions(seed)
    return torch.stack([signature(one, a, b) for one in sets])


def similar_pairs(sets: Sequence[Set[int]], least: float) -> dict[tuple[int, int], float]:
    """Return the Jaccard similarity of each pair i < j that has at least this one, by counting common members."""
    sizes = [len(members) for members in sets]
    owner = torch.arange(len(sets)).repeat_interleave(torch.tensor(sizes))
    member = torch.tensor([one for members in sets for one in members])
    member, order = member.sort(stable=True)
    _, times = member.unique_consecutive(return_counts=True)
    ends = times.cumsum(dim=0)
    common: Counter[tuple[int, int]] = Counter()
    shared = times > 1  # most shingles stand in one text
    for end, n in zip(ends[shared].tolist(), times[shared].tolist(), strict=True):
        common.update(combinations(owner[order[end - n : end]].tolist(), 2))
    found = {(i, j): n / (sizes[i] + sizes[j] - n) for (i, j), n in common.items()}
    return {pair: similarity for pair, similarity in sorted(found.items()) if similarity >= least}


def figure_data(signatures: Tensor, similarity: dict[tuple[int, int], float]) -> dict[str, Any]:
    """Return what book/assets/bands.js shows: where each pair of signatures agrees that agrees anywhere."""
    known = sorted((value, pair) for pair, value in similarity.items() if value >= LOWEST)
    others = sorted(candidates(signatures, K) - {pair for _, pair in known})

    def agrees(pair: tuple[int, int]) -> Tensor:
        return signatures[pair[0]] == signatures[pair[1]]

    def digits(pair: tuple[int, int]) -> str:
        return f"{int(''.join(str(int(one)) for one in agrees(pair).tolist()), 2):0{K // 4}x}"

    return {
        "values": K,
        "pairs": [[round(value, 6), digits(pair)] for value, pair in known],
        "others": [agrees(pair).nonzero().flatten().tolist() for pair in others],
        "rows": 4,
        "wanted": 0.8,
    }
