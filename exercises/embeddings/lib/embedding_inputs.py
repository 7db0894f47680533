"""What lib/embeddings.py does with its inputs before a formula begins: checks, and float32 for half precision."""

from collections.abc import Iterable

import torch
from torch import Tensor


def widen(x: Tensor) -> Tensor:
    """Return half precision as float32. (lib/cross_entropy.py has it too, but that file is another assignment.)"""
    return x.to(torch.promote_types(x.dtype, torch.float32))


def check_ids(ids: Tensor, vocab_size: int) -> None:
    """Raise ValueError when ids are not whole numbers from 0 to vocab_size - 1."""
    if ids.is_floating_point() or ids.is_complex() or ids.dtype == torch.bool:
        raise ValueError(f"ids are {ids.dtype}; they must be whole numbers, such as torch.int64")
    wrong = ids[(ids < 0) | (ids >= vocab_size)]
    if len(wrong):
        raise ValueError(f"ids has {wrong[0].item()}; an id must lie from 0 to {vocab_size - 1}")


def check_window(window: int) -> None:
    """Raise ValueError when no neighbour is in the window."""
    if window < 1:
        raise ValueError(f"window={window} must be at least 1")


def check_counts(counts: Tensor) -> None:
    """Raise ValueError when a count is negative or nan."""
    wrong = counts[~(counts >= 0)]
    if len(wrong):
        raise ValueError(f"counts has {wrong[0].item()}; a count must be at least 0")


def check_search(rows: int, k: int, exclude: Iterable[int]) -> None:
    """Raise ValueError when an excluded id is none of the rows, or k of the others cannot be found."""
    excluded = {int(i) for i in exclude}
    if wrong := sorted(i for i in excluded if not 0 <= i < rows):
        raise ValueError(f"id {wrong[0]} is none of the {rows} rows; an id must lie from 0 to {rows - 1}")
    if not 1 <= k <= rows - len(excluded):
        raise ValueError(f"k={k} must lie from 1 to {rows - len(excluded)}, the rows that may be found")
