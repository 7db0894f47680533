"""How much memory a computation takes, counted exactly: the tensors that its operations allocate."""

import weakref
from collections.abc import Sequence
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class Memory(TorchDispatchMode):
    """Record what the torch operations inside a `with` allocate, in bytes.

    `alive` is held now, `peak` was held at the busiest moment, `largest` is the largest single tensor. What exists
    before does not count, nor do views, nor what an operation uses inside and gives back before it returns.

    >>> x = torch.zeros(10)
    >>> with Memory() as memory:
    ...     y = (x + 1).exp()  # the sum dies once its exponential exists
    >>> memory.alive, memory.peak, memory.largest
    (40, 80, 40)
    """

    def __init__(self) -> None:
        super().__init__()
        self.alive = self.peak = self.largest = 0

    def __torch_dispatch__(
        self, func: Any, types: Sequence[Any], args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        out = func(*args, **(kwargs or {}))
        inputs = {storage._cdata for storage in _storages((args, kwargs))}
        for storage in _storages(out):
            if storage._cdata not in inputs:  # otherwise a view of an input
                self._allocate(storage, storage.nbytes())
        return out

    def _allocate(self, storage: torch.UntypedStorage, size: int) -> None:
        self.alive += size
        self.peak, self.largest = max(self.peak, self.alive), max(self.largest, size)
        weakref.finalize(storage, self._free, size)

    def _free(self, size: int) -> None:
        self.alive -= size


def _storages(tree: Any) -> list[torch.UntypedStorage]:
    return [leaf.untyped_storage() for leaf in tree_leaves(tree) if isinstance(leaf, torch.Tensor)]
