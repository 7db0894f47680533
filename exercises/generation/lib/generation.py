"""Generation with a cache: each token is read once, and texts of different lengths go on together.

Dimension key: B batch, T tokens that are read now, S tokens read so far, T0 tokens of the padded prompts, V vocabulary.
Left out on purpose: rows that leave the batch once they have ended, and new ones in their place (lib/scheduling.py).
"""

from collections.abc import Callable, Collection, Sequence

import torch
from torch import Tensor

from lib.kv_cache import CachedModel, KVCache, cache_bytes
from lib.sampling import greedy
from lib.shapes import Bool, Int

__all__ = [
    "CachedModel",
    "KVCache",
    "cache_bytes",
    "check_room",
    "extend",
    "generate_batch",
    "left_mask",
    "left_pad",
    "left_positions",
]


def left_pad(prompts: Sequence[Sequence[int]], pad: int) -> tuple[Int[Tensor, "B T"], Int[Tensor, " B"]]:
    """Return the prompts as rows, filled up with `pad` on the left to the longest, and their lengths before that.

    Raises ValueError when there is no prompt, or an empty one.

    >>> left_pad([[7], [5, 6]], pad=0)
    (tensor([[0, 7],
            [5, 6]]), tensor([1, 2]))
    """
    if not prompts:
        raise ValueError("prompts are empty; there must be at least one")
    for i, prompt in enumerate(prompts):
        if not len(prompt):
            raise ValueError(f"prompts[{i}] is empty; it needs at least one token to go on from")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write left_pad() in lib/generation.py")


def left_positions(lengths: Int[Tensor, " B"], T: int) -> Int[Tensor, "B T"]:
    """Return the position of each of T tokens: the first real token of a row stands at 0, and so does padding.

    Raises ValueError when a length is less than 1 or more than T.

    >>> left_positions(torch.tensor([2, 4]), 4).tolist()
    [[0, 0, 0, 1], [0, 1, 2, 3]]
    """
    _check_lengths(lengths, T)
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write left_positions() in lib/generation.py")


def left_mask(lengths: Int[Tensor, " B"], T0: int, T: int, S: int) -> Bool[Tensor, "B 1 T S"]:
    """Return which of S keys each of the last T tokens may look at: no later one, and no padding.

    The S tokens are T0 of the padded prompts, of which the last `length` are real, and the new ones after them. A
    token of the padding sees nothing at all.

    Raises ValueError when a length is less than 1 or more than T0, or when S < T.

    >>> left_mask(torch.tensor([2]), T0=4, T=1, S=5).int().tolist()
    [[[[0, 0, 1, 1, 1]]]]
    """
    _check_lengths(lengths, T0)
    if S < T:
        raise ValueError(f"S={S} keys cannot hold T={T} queries; S must be at least T")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write left_mask() in lib/generation.py")


@torch.no_grad()
def generate_batch(
    model: CachedModel,
    prompts: Sequence[Sequence[int]],
    max_new_tokens: int,
    *,
    pad: int,
    stop: Collection[int] = (),
    choose: Callable[[Tensor], Tensor] = greedy,
    device: torch.device | str | None = None,
) -> list[list[int]]:
    """Continue all prompts together and return each one's new tokens.

    The prompts are read in one pass, and after it one token of each a pass. `choose` takes logits (B, V) to tokens
    (B,). A row ends before its first token of `stop`, else after max_new_tokens; the passes end with the last row.
    Any id will do as `pad`, one of a real token, too.

    Raises ValueError when max_new_tokens is negative, when there is no prompt or an empty one, or when the longest
    with its new tokens does not fit the model's context.
    """
    tokens, lengths = (rows.to(device) for rows in left_pad(prompts, pad))
    T0, cache = tokens.shape[1], KVCache(model.n_layers)
    check_room(model, T0, max_new_tokens)
    replies: list[list[int]] = [[] for _ in prompts]
    ended = [False] * len(prompts)
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write generate_batch() in lib/generation.py")
    return replies


def extend(replies: list[list[int]], ended: list[bool], new: list[int], stop: Collection[int]) -> None:
    """Add its new token to each reply that has not ended; a token of `stop` ends it and is not added.

    >>> replies, ended = [[1], [1], [1]], [False, False, True]
    >>> extend(replies, ended, [2, 9, 3], stop={9})
    >>> replies, ended
    ([[1, 2], [1], [1]], [False, True, True])
    """
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write extend() in lib/generation.py")


def check_room(model: CachedModel, prompt: int, max_new_tokens: int) -> None:
    """Raise ValueError when max_new_tokens is negative or the model cannot read them all behind such a prompt.

    The last new token is not read any more.
    """
    if max_new_tokens < 0:
        raise ValueError(f"max_new_tokens={max_new_tokens} must not be negative")
    needed = prompt + max(0, max_new_tokens - 1)
    if needed > model.context:
        raise ValueError(
            f"a prompt of {prompt} tokens and {max_new_tokens} new ones do not fit the model's context={model.context}"
        )


def _check_lengths(lengths: Tensor, T: int) -> None:
    if ((lengths < 1) | (lengths > T)).any():
        raise ValueError(f"lengths={lengths.tolist()} must be from 1 to {T}")
