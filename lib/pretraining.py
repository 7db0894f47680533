"""Pretraining, from raw text to a trained model: what it is fed, what its loss is held against, how a hole is filled.

Two halves are in files of their own, and all is found here: sentence_pairs (what BERT is fed), bert_pretraining (its
two losses and its loop). A GPT is trained by lib.training.

Dimension key: N tokens of a text, n windows, B batch, T tokens, m holes, V vocabulary. Logarithms are natural.
"""

import math

import torch
from torch import Tensor, nn

from lib.bert_pretraining import PretrainingBERT, bert_loss, evaluate_bert, train_bert
from lib.characters import Characters
from lib.ngram import AddK
from lib.ngram_counts import NGramCounts
from lib.sentence_pairs import SPECIALS, Specials, assemble, bert_batch, bert_batches_of, sentence_pairs
from lib.shapes import Float, Int

__all__ = [
    "SPECIALS",
    "Characters",
    "PretrainingBERT",
    "Specials",
    "assemble",
    "baselines",
    "bert_batch",
    "bert_batches_of",
    "bert_loss",
    "bits_per_character",
    "evaluate_bert",
    "fill",
    "sentence_pairs",
    "train_bert",
    "windows",
]


def windows(ids: Int[Tensor, " N"], context: int, step: int | None = None) -> Int[Tensor, "n context_plus_1"]:
    """Return windows of context + 1 tokens, one every `step` tokens, by default every `context`: each target once.

    What is left at the end is dropped. Raises ValueError when context or step is less than 1, or N <= context.

    >>> windows(torch.arange(8), context=3).tolist()
    [[0, 1, 2, 3], [3, 4, 5, 6]]
    """
    step = context if step is None else step
    if context < 1 or step < 1:
        raise ValueError(f"context={context} and step={step} must be at least 1")
    if len(ids) <= context:
        raise ValueError(f"ids are {len(ids)} tokens; a window of context={context} needs {context + 1}")
    return ids.unfold(0, context + 1, step).long()


def baselines(
    train: Int[Tensor, " N"], held_out: Int[Tensor, " M"], V: int, k: float = 0.1
) -> dict[str, float]:
    """Return what counting costs a token of held_out, in nats: "uniform", "unigram" and "bigram", all add-k.

    The first token has nothing before it and is nobody's target, so all three are means over the same tokens.

    Raises ValueError when a text has fewer than two tokens, an id is not from 0 to V - 1, or k is negative.

    >>> lines = baselines(torch.tensor([0, 0, 0, 1]), torch.tensor([0, 0, 1]), V=2, k=0)
    >>> {name: round(math.exp(nats), 4) for name, nats in lines.items()}  # √(4/3 · 4), √(3/2 · 3)
    {'uniform': 2.0, 'unigram': 2.3094, 'bigram': 2.1213}
    """
    for name, ids in (("train", train), ("held_out", held_out)):
        if len(ids) < 2 or ids.min() < 0 or ids.max() >= V:
            raise ValueError(f"{name} must be two or more ids from 0 to V - 1 = {V - 1}")
    # The counts' own last entry, for unknown tokens, is that of the id V - 1.
    counts, text = NGramCounts([train.tolist()], 2, vocabulary=range(V - 1)), held_out.tolist()
    lines = {"uniform": math.log(V)}
    for n, name in ((1, "unigram"), (2, "bigram")):
        lines[name] = -AddK(counts, n, k).log_probs(text)[1:].mean().item()
    return lines


def bits_per_character(nats: float) -> float:
    """Return a loss a character in bits.

    >>> bits_per_character(2 * math.log(2))
    2.0
    """
    return nats / math.log(2)


@torch.no_grad()
def fill(
    model: nn.Module,
    tokens: Int[Tensor, " T"],
    mask_id: int,
    k: int = 5,
    segments: Int[Tensor, " T"] | None = None,
) -> tuple[Int[Tensor, "m k"], Float[Tensor, "m k"]]:
    """Return for each hole the k most probable tokens, the likeliest first, and their probabilities in float32.

    All holes are filled in one pass, as in training: none knows what another was filled with. segments (T,) are 0 if
    none are given.

    Raises ValueError when tokens hold no mask_id, or k is not from 1 to V.
    """
    holes = tokens == mask_id
    if not holes.any():
        raise ValueError(f"tokens hold no mask_id={mask_id}, so there is nothing to fill")
    logits = model(tokens[None], segments=None if segments is None else segments[None])[0, holes].float()
    if not 1 <= k <= logits.shape[-1]:
        raise ValueError(f"k={k} must lie from 1 to V={logits.shape[-1]}")
    probabilities, ids = logits.softmax(dim=-1).topk(k)
    return ids, probabilities
