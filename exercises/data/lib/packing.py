"""From lists of token ids to batches: packed without padding, or padded beside a mask, in an order made from u.

Dimension key: N examples, B batch, T tokens. keep is True for real tokens, also where a real token equals pad.
Left out on purpose: a mask that keeps packed documents from seeing each other.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from lib.shapes import Bool, Float, Int


def pack(documents: Sequence[Sequence[int]], context: int, end: int) -> Int[Tensor, "N T"]:
    """Return all documents as one stream, `end` after each, cut into rows of `context`; the last, unfilled one goes.

    Raises ValueError when context is less than 1.

    >>> pack([[1, 2], [3], [4, 5, 6]], context=4, end=0).tolist()  # 1 2 0 3 | 0 4 5 6 | 0
    [[1, 2, 0, 3], [0, 4, 5, 6]]
    """
    if context < 1:
        raise ValueError(f"context={context} must be at least 1")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write pack() in lib/packing.py")


def collate(examples: Sequence[Sequence[int]], pad: int) -> tuple[Int[Tensor, "B T"], Bool[Tensor, "B T"]]:
    """Return ids, filled up with `pad` at the right to the longest example's length, and keep.

    Raises ValueError when there is no example.

    >>> ids, keep = collate([[7, 0], [5, 0, 9]], pad=0)
    >>> ids.tolist(), keep.tolist()
    ([[7, 0, 0], [5, 0, 9]], [[True, True, False], [True, True, True]])
    """
    if not examples:
        raise ValueError("there is no example; a batch needs at least 1")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write collate() in lib/packing.py")


def batch_indices(
    lengths: Sequence[int], batch: int, u: Float[Tensor, " N"], bucket: int = 50
) -> list[list[int]]:
    """Return the indices of each batch: shuffled, then sorted by length within buckets, then the batches shuffled.

    The shuffled order is that of ascending u. A bucket is `bucket` batches of it; within, equal lengths keep their
    order. Batch k comes at the place of u[k] among u[0], u[1], … of all batches. Only one batch may be smaller.

    Raises ValueError when batch or bucket is less than 1, or u has not one number an example.

    >>> batch_indices([3, 1, 2, 9, 4], batch=2, u=torch.tensor([0.5, 0.1, 0.9, 0.3, 0.4]), bucket=2)
    [[4, 3], [1, 0], [2]]
    """
    if min(batch, bucket) < 1 or len(u) != len(lengths):
        raise ValueError(
            f"batch={batch} and bucket={bucket} must be at least 1, and u have {len(lengths)} numbers, not {len(u)}"
        )
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write batch_indices() in lib/packing.py")
