"""What a language model is punished for: cross-entropy, and the objectives that are made of it.

Dimension key: B batch, T tokens, V vocabulary, D width. Logarithms are natural, so losses are in nats. Each loss is
one number, the mean over what counts; it is 0 where nothing counts, and half-precision input gives a float32.
Cross-entropy itself is in lib/cross_entropy.py, the one without a matrix of logits in lib/linear_cross_entropy.py.
Left out on purpose: sampled softmax, span corruption, several tokens ahead.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from lib.cross_entropy import IGNORED, cross_entropy, describe, widen
from lib.shapes import Bool, Float, Int


def next_token_loss(
    logits: Float[Tensor, "B T V"],
    tokens: Int[Tensor, "B T"],
    keep: Bool[Tensor, "B T"] | None = None,
) -> Float[Tensor, ""]:
    """Return the mean loss of predicting each token from what stands before it: logits at t against token t + 1.

    keep is True for tokens that count as targets; padding and a prompt do not. The first token is nobody's target.

    Raises ValueError when T is less than 2, or keep is not boolean or not of tokens' shape.

    >>> log2 = math.log(2)
    >>> logits = torch.tensor([[[log2, 0.0, 0.0], [0.0, log2, 0.0], [9.0, 9.0, 0.0]]])
    >>> next_token_loss(logits, torch.tensor([[2, 0, 2]]))  # 0 had 1/2, 2 had 1/4: (ln 2 + ln 4) / 2
    tensor(1.0397)
    """
    if tokens.shape[-1] < 2:
        raise ValueError(f"T={tokens.shape[-1]} tokens have no next one; T must be at least 2")
    if keep is not None and (keep.dtype != torch.bool or keep.shape != tokens.shape):
        raise ValueError(
            f"keep is {describe(keep)}; it must be torch.bool, True = counts, of shape {tuple(tokens.shape)}"
        )
    ### BEGIN SOLUTION
    targets = tokens[:, 1:]
    if keep is not None:
        targets = targets.masked_fill(~keep[:, 1:], IGNORED)
    return cross_entropy(logits[:, :-1], targets)
    ### END SOLUTION


def mask_tokens(
    tokens: Int[Tensor, "B T"],
    maskable: Bool[Tensor, "B T"],
    u: Float[Tensor, "3 B T"],
    mask_id: int,
    vocab_size: int,
    share: float = 0.15,
) -> tuple[Int[Tensor, "B T"], Int[Tensor, "B T"]]:
    """Hide some tokens as BERT does; return what the model reads and the labels, which are -100 where none is asked.

    u are uniform numbers from [0, 1) that the caller draws. A maskable token is chosen where u[0] < share. Of the
    chosen, u[1] < 0.8 turns it into mask_id, u[1] < 0.9 into the token floor(u[2] · vocab_size), and the others stay
    as they are; all of them are asked. Special tokens and padding are not maskable.

    Raises ValueError when maskable or u has another shape than tokens ask for.
    Reference: Devlin et al. 2019, section 3.1 and appendix A.1.

    >>> u = torch.tensor([[[0.1, 0.1, 0.1, 0.2]], [[0.7, 0.8, 0.9, 0.7]], [[0.5, 0.5, 0.5, 0.5]]])
    >>> read, labels = mask_tokens(torch.tensor([[5, 6, 7, 8]]), torch.ones(1, 4, dtype=torch.bool), u, 1, 20)
    >>> read.tolist(), labels.tolist()
    ([[1, 10, 7, 8]], [[5, 6, 7, -100]])
    """
    if maskable.shape != tokens.shape or u.shape != (3, *tokens.shape):
        raise ValueError(
            f"maskable {describe(maskable)} and u {describe(u)} must have the shapes {tuple(tokens.shape)} and"
            f" {(3, *tokens.shape)}"
        )
    ### BEGIN SOLUTION
    chosen = maskable & (u[0] < share)
    labels = tokens.masked_fill(~chosen, IGNORED)
    anything = (u[2].double() * vocab_size).long()  # in float32 the largest u would round up to vocab_size
    read = torch.where(chosen & (u[1] < 0.9), anything, tokens)
    read = torch.where(chosen & (u[1] < 0.8), mask_id, read)
    return read, labels
    ### END SOLUTION


def mlm_loss(logits: Float[Tensor, "B T V"], labels: Int[Tensor, "B T"]) -> Float[Tensor, ""]:
    """Return the mean loss of the tokens that `mask_tokens` chose: each is predicted where it stands.

    >>> logits = torch.tensor([[[1.0, 1.0, 2.0], [1.0, 2.0, 1.0], [9.0, 1.0, 1.0]]]).log()
    >>> mlm_loss(logits, torch.tensor([[2, 0, -100]]))  # 2 had 1/2, 0 had 1/4: (ln 2 + ln 4) / 2
    tensor(1.0397)
    """
    ### BEGIN SOLUTION
    return cross_entropy(logits, labels)
    ### END SOLUTION


def nsp_loss(logits: Float[Tensor, "B 2"], is_next: Bool[Tensor, " B"]) -> Float[Tensor, ""]:
    """Return the mean loss of next-sentence prediction. Column 0 says "is next", as in BERT's own code.

    >>> nsp_loss(torch.tensor([[math.log(3), 0.0]]), torch.tensor([True]))  # -ln(3/4)
    tensor(0.2877)
    """
    ### BEGIN SOLUTION
    return cross_entropy(logits, (~is_next).long())
    ### END SOLUTION


def bce_with_logits(logits: Float[Tensor, "*rows"], targets: Float[Tensor, "*rows"]) -> Float[Tensor, ""]:
    """Return the mean binary cross-entropy of sigmoid(logits) against targets from 0 to 1, which may lie between.

    Raises ValueError when the shapes differ or a target lies outside 0 to 1.

    >>> bce_with_logits(torch.tensor([math.log(3)]), torch.tensor([1.0]))  # -ln(3/4)
    tensor(0.2877)
    """
    if logits.shape != targets.shape:
        raise ValueError(f"logits {describe(logits)} and targets {describe(targets)} must have one shape")
    if not ((targets >= 0) & (targets <= 1)).all():  # NaN lies nowhere
        raise ValueError("targets must lie between 0 and 1")
    ### BEGIN SOLUTION
    z, y = widen(logits), widen(targets)
    losses = y * F.softplus(-z) + (1 - y) * F.softplus(z)
    return losses.sum() / max(losses.numel(), 1)
    ### END SOLUTION


def info_nce(
    queries: Float[Tensor, "B D"], keys: Float[Tensor, "B D"], temperature: float = 0.07
) -> Float[Tensor, ""]:
    """Return the mean loss of finding each query's key among all keys of the batch, and each key's query.

    Row i of one belongs to row i of the other. Scores are cosines divided by the temperature; a row of zeros has the
    cosine 0 with all.

    Raises ValueError when the shapes differ or temperature is not positive.
    Reference: van den Oord et al. 2018, equation 4; Radford et al. 2021, figure 3, for both directions.

    >>> queries, keys = torch.tensor([[3.0, 4.0], [0.0, 2.0]]), torch.tensor([[1.0, 0.0], [0.0, 5.0]])
    >>> info_nce(queries, keys, temperature=0.5)  # the mean of 0.5200 and 0.3881
    tensor(0.4541)
    """
    if queries.shape != keys.shape:
        raise ValueError(f"queries {describe(queries)} and keys {describe(keys)} must have one shape")
    ### BEGIN SOLUTION
    if not temperature > 0:  # also true of NaN
        raise ValueError(f"temperature={temperature} must be greater than 0")
    both = torch.stack([widen(queries), widen(keys)])
    lengths = torch.linalg.vector_norm(both, dim=-1, keepdim=True)
    q, k = both / lengths.masked_fill(lengths == 0, 1.0)  # a row of zeros has no direction and stays
    scores = q @ k.T / temperature
    own = torch.arange(len(scores), device=scores.device)
    return (cross_entropy(scores, own) + cross_entropy(scores.T, own)) / 2
    ### END SOLUTION


def perplexity(losses: Sequence[float], tokens: Sequence[int]) -> float:
    """Return exp of the mean loss a token, from the mean losses of batches and how many tokens each predicts.

    Raises ValueError when there is not one number of tokens for each loss, or no token.

    >>> round(perplexity([1.0, 2.0], [2, 8]), 4)  # e^1.8
    6.0496
    """
    if len(losses) != len(tokens) or sum(tokens) < 1:
        raise ValueError(f"{len(losses)} losses need as many numbers of tokens, got {list(tokens)}")
    ### BEGIN SOLUTION
    return math.exp(sum(loss * n for loss, n in zip(losses, tokens, strict=True)) / sum(tokens))
    ### END SOLUTION


def bits_per_byte(loss: float, n_tokens: int, text: str) -> float:
    """Return how many bits a byte of the text costs in UTF-8, from the mean loss of its n_tokens in nats.

    Unlike perplexity this does not depend on how the text is cut into tokens.

    Raises ValueError when text is empty.

    >>> bits_per_byte(2 * math.log(2), 3, "你好")  # 6 bits in all, 6 bytes
    1.0
    """
    if not text:
        raise ValueError("text is empty, so it has no bytes")
    ### BEGIN SOLUTION
    return loss * n_tokens / math.log(2) / len(text.encode())
    ### END SOLUTION
