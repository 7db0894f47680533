"""What modules keep in memory once they are imported counts, when they are graded, in what a probe with a limit may take.

At home there is no such limit, so a check says it.
"""

import gc
from collections.abc import Iterable
from functools import _lru_cache_wrapper
from types import CellType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np
import torch

from .probe import Probe

CONTAINERS = (dict, list, tuple, set, CellType, MethodType, _lru_cache_wrapper, torch.nn.Module)
MUCH = 0.5  # of what a probe may take, which is little more than a right program needs


def too_much_memory(probe: Probe, modules: Iterable[ModuleType]) -> str | None:
    """Return a sentence if these modules keep so much that a probe with a limit on memory may find too little."""
    if not probe.memory_mb:
        return None
    kept = kept_bytes(modules) / 2**20
    if kept < MUCH * probe.memory_mb:
        return None
    return (
        f"Once imported, your modules keep {kept:.1f} MB in tensors, which count in the {probe.memory_mb} MB that"
        f" {probe.name} may take when it is graded; make them in the function that needs them."
    )


def kept_bytes(modules: Iterable[ModuleType]) -> int:
    """Return the bytes of all tensors and arrays that can be reached from these modules, each memory once."""
    sizes: dict[int, int] = {}
    seen: set[int] = set()
    waiting: list[Any] = [vars(module) for module in modules]
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, torch.Tensor):
            storage = value.untyped_storage()
            sizes[storage.data_ptr()] = storage.nbytes()
        elif isinstance(value, np.ndarray):
            sizes[value.__array_interface__["data"][0]] = value.nbytes
        elif _is_of_lib(value) or isinstance(value, CONTAINERS):
            waiting += gc.get_referents(value)
    return sum(sizes.values())


def _is_of_lib(value: Any) -> bool:
    """Return True for a function or a class that a module of lib defines, or an object of such a class."""
    definition = value if isinstance(value, FunctionType | type) else type(value)
    return str(definition.__module__).startswith("lib.")
