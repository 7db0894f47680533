"""word2vec in seconds: skip-gram with negative sampling, trained on the ids of a text (Mikolov et al. 2013).

Dimension key: V vocabulary, D width, N tokens, B pairs of a batch, M negatives of a pair. The gradient is written out,
since that takes half the time of backward(); the loss is lib.embeddings.negative_sampling_loss. Unlike the published
program every pair within the window is taken, the optimiser is Adam, and a batch shares one step.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from lib.embeddings import negative_sampling_loss, noise_probs, skipgram_pairs
from lib.shapes import Float, Int

NOISE_DRAWS = 2**20  # drawn once and then indexed: torch.multinomial is slow for millions


@dataclass(frozen=True, kw_only=True)
class Word2VecConfig:
    width: int = 50  # numbers a word
    window: int = 3  # words on either side
    negatives: int = 5  # drawn words a pair
    threshold: float = 1e-3  # share of the text from which on a word is thinned out; math.inf keeps all
    epochs: int = 1
    batch_size: int = 4096  # pairs a step
    lr: float = 0.02  # Adam's at the first step; it falls to 0 along a line

    def __post_init__(self):
        for name in ("width", "window", "negatives", "threshold", "epochs", "batch_size", "lr"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}={getattr(self, name)} must be above 0")


def build_vocabulary(tokens: Iterable[str], min_count: int = 1) -> list[str]:
    """Return the words seen min_count times or more, the most frequent first and equals by the alphabet.

    >>> build_vocabulary("to be or not to be".split())
    ['be', 'to', 'not', 'or']
    """
    counts = Counter(tokens)
    return sorted((w for w in counts if counts[w] >= min_count), key=lambda w: (-counts[w], w))


def encode_words(tokens: Iterable[str], words: list[str]) -> Int[Tensor, " N"]:
    """Return the places of the tokens in words; tokens that are not there are left out, and their neighbours meet.

    >>> encode_words("to be or not to be".split(), ["be", "to"])
    tensor([1, 0, 1, 0])
    """
    place = {word: i for i, word in enumerate(words)}
    return torch.tensor([place[token] for token in tokens if token in place], dtype=torch.int64)


def keep_probs(counts: Int[Tensor, " V"], threshold: float) -> Float[Tensor, " V"]:
    """Return min(1, √(threshold / f)) for words of frequency f, the chance that one occurrence stays.

    Reference: Mikolov et al. 2013 (arXiv 1310.4546), equation 5.

    >>> keep_probs(torch.tensor([90, 9, 1]), threshold=0.09)
    tensor([0.3162, 1.0000, 1.0000])
    """
    return (threshold * counts.sum() / counts).sqrt().clamp(max=1)


def pair_gradients(
    centre: Float[Tensor, "B D"], others: Float[Tensor, "B M D"]
) -> tuple[Float[Tensor, "B D"], Float[Tensor, "B M D"]]:
    """Return the gradients of the sum over B of each pair's loss; others are the context and then the negatives.

    With s = σ(u·o) - 1 for the context and σ(u·o) for a negative, o gets s·u, and u gets Σ s·o.
    """
    errors = (others * centre.unsqueeze(1)).sum(dim=-1).sigmoid_()
    errors[:, 0] -= 1
    return (errors.unsqueeze(-1) * others).sum(dim=1), errors.unsqueeze(-1) * centre.unsqueeze(1)


def train_word2vec(
    ids: Int[Tensor, " N"], vocab_size: int, config: Word2VecConfig | None = None, seed: int = 0
) -> tuple[Float[Tensor, "V D"], list[float]]:
    """Return the vectors of centres, and the loss of every twentieth batch before its step.

    The same seed gives the same vectors on one machine. Raises ValueError when ids has fewer than two tokens.
    """
    config = config or Word2VecConfig()
    if len(ids) < 2:
        raise ValueError(f"ids has {len(ids)} tokens; a pair needs 2")
    random = torch.Generator().manual_seed(seed)
    counts = torch.bincount(ids, minlength=vocab_size)
    draws = torch.multinomial(noise_probs(counts), NOISE_DRAWS, replacement=True, generator=random)
    rows = torch.randn(vocab_size, config.width, generator=random) * 0.1
    tables = [rows, torch.zeros_like(rows)]
    optimizer = torch.optim.Adam(tables, lr=config.lr, fused=True)
    losses: list[float] = []
    for epoch in range(config.epochs):
        kept = torch.rand(len(ids), generator=random) < keep_probs(counts, config.threshold)[ids]
        pairs = skipgram_pairs(ids[kept], config.window)
        batches = pairs[torch.randperm(len(pairs), generator=random)].split(config.batch_size)
        if not len(pairs):
            continue  # the threshold left no two words
        for step, batch in enumerate(batches):
            noise = draws[torch.randint(NOISE_DRAWS, (len(batch), config.negatives), generator=random)]
            optimizer.param_groups[0]["lr"] = config.lr * (1 - (epoch + step / len(batches)) / config.epochs)
            losses += _step(tables, batch, noise, optimizer, measure=step % 20 == 0)
    return rows, losses


def _step(
    tables: list[Tensor], batch: Tensor, noise: Tensor, optimizer: torch.optim.Optimizer, measure: bool
) -> list[float]:
    rows, contexts = tables
    met = torch.cat([batch[:, 1:], noise], dim=1)
    centre = rows[batch[:, 0]]
    others = contexts.index_select(0, met.view(-1)).view(*met.shape, -1)
    loss = [negative_sampling_loss(centre, others[:, 0], others[:, 1:]).item()] if measure else []
    of_centre, of_others = pair_gradients(centre, others)
    rows.grad = torch.zeros_like(rows).index_add_(0, batch[:, 0], of_centre, alpha=1 / len(batch))
    contexts.grad = torch.zeros_like(rows).index_add_(
        0, met.view(-1), of_others.flatten(0, 1), alpha=1 / len(batch)
    )
    optimizer.step()
    return loss
