"""The cache of keys and values: what a causal model has read, it need not read again.

Dimension key: B batch, G key/value heads, K head width (Kv of the values, usually K), T new tokens, S tokens in all.
Left out on purpose: gradients, pages in place of one long room (Kwon et al. 2023), numbers of fewer bits.
"""

from typing import Protocol, runtime_checkable

import torch
import torch.nn.functional as F
from torch import Tensor

from lib.shapes import Float, Int


@runtime_checkable
class CachedModel(Protocol):
    """A model that generation can use: `model(tokens (B, T), cache=…, positions=…, mask=…)` gives logits (B, T, V).

    Each of its layers appends the keys and values of the T tokens to the cache and looks at all S that are there.
    positions is (B, T), counted on from the cache where none are given; mask is boolean (B, 1, T, S), True = may
    look, and causal where none is given.
    """

    n_layers: int
    context: int  # the most tokens that it can read

    def __call__(
        self,
        tokens: Tensor,
        cache: "KVCache | None" = None,
        positions: Tensor | None = None,
        mask: Tensor | None = None,
    ) -> Tensor: ...


def cache_bytes(
    n_layers: int, n_kv_heads: int, d_head: int, tokens: int, batch: int = 1, bytes_per_number: int = 2
) -> int:
    """Return the memory that the keys and values of so many tokens of each text take.

    Raises ValueError when an argument is less than 1.

    >>> cache_bytes(32, 32, 128, 1)  # half a MiB for each token of Llama 2 7B
    524288
    """
    sizes = {
        "n_layers": n_layers,
        "n_kv_heads": n_kv_heads,
        "d_head": d_head,
        "tokens": tokens,
        "batch": batch,
        "bytes_per_number": bytes_per_number,
    }
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name}={size} must be at least 1")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write cache_bytes() in lib/kv_cache.py")


class KVCache:
    """The keys and values of all tokens so far, of each layer apart.

    keys[i] and values[i] are layer i's tensors, (B, G, room, K) with room for lengths[i] tokens at least, or None
    as long as nothing was appended. All B texts are equally long; shorter ones are padded on the left.
    """

    def __init__(self, n_layers: int):
        if n_layers < 1:
            raise ValueError(f"n_layers={n_layers} must be at least 1")
        self.keys: list[Tensor | None] = [None] * n_layers
        self.values: list[Tensor | None] = [None] * n_layers
        self.lengths = [0] * n_layers

    @property
    def length(self) -> int:
        """Tokens that all layers hold: those of the last layer, which inside a pass comes last."""
        return self.lengths[-1]

    @torch.no_grad()  # written in place, which no gradient would survive
    def append(
        self, layer: int, k: Float[Tensor, "B G T K"], v: Float[Tensor, "B G T Kv"]
    ) -> tuple[Float[Tensor, "B G S K"], Float[Tensor, "B G S Kv"]]:
        """Put the keys and values of T new tokens behind those of this layer, and return all S of them.

        The cache keeps numbers, not the caller's tensors. What is returned is to be read at once: a later crop and
        append may write over it.

        Raises ValueError when B, G, K, the dtype or the device is not that of the tokens before.

        >>> cache, new = KVCache(n_layers=1), torch.ones(1, 1, 2, 4)
        >>> [cache.append(0, k, k)[0].shape[2] for k in (new, 2 * new)], cache.length
        ([2, 4], 4)
        """
        _check_alike("k", k, self.keys[layer])
        _check_alike("v", v, self.values[layer])
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write KVCache.append() in lib/kv_cache.py")

    def crop(self, length: int) -> None:
        """Keep the first `length` tokens of every layer and forget those behind them.

        Raises ValueError when length is negative or more than there are.
        """
        if not 0 <= length <= self.length:
            raise ValueError(f"length={length} must be from 0 to the cache's length {self.length}")
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write KVCache.crop() in lib/kv_cache.py")

    def select(self, rows: Int[Tensor, " R"]) -> None:
        """Let row i of the batch be what row rows[i] was; a row may be taken several times, or not at all."""
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write KVCache.select() in lib/kv_cache.py")


def put(room: Tensor | None, new: Float[Tensor, "B G T K"], start: int) -> Tensor:
    """Return the room with the new tokens written at `start`, behind what it holds; a larger one where it is too small.

    None is no room at all. What stands behind the new tokens, in a room for more than them, does not matter.

    >>> room = put(None, torch.tensor([[[[1.0], [2.0]]]]), start=0)
    >>> put(room, torch.tensor([[[[3.0]]]]), start=1)[0, 0, :2, 0].tolist()
    [1.0, 3.0]
    """
    end = start + new.shape[2]
    if room is None:
        room = new[:, :, :0]
    if room.shape[2] < end:  # Twice as much, so that few tokens are ever copied again.
        room = F.pad(room, (0, 0, 0, 2 * end - room.shape[2]))
    room[:, :, start:end] = new
    return room


def _check_alike(name: str, new: Tensor, old: Tensor | None) -> None:
    if old is None:
        return
    for size, axis in (("B", 0), ("G", 1), ("K", 3)):
        if new.shape[axis] != old.shape[axis]:
            raise ValueError(f"{name} has {size}={new.shape[axis]}; the cache has {size}={old.shape[axis]}")
    if (new.dtype, new.device) != (old.dtype, old.device):
        raise ValueError(f"{name} is {new.dtype} on {new.device}; the cache is {old.dtype} on {old.device}")
