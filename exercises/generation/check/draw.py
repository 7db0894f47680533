"""The random inputs of a probe."""

import hashlib

import numpy as np
import torch


class Draw:
    """Random inputs of one probe: the same seed and name give the same numbers on every machine."""

    def __init__(self, seed: str, name: str):
        digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
        self._numbers = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))

    def normal(self, *shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
        """Return standard normal numbers of the given shape."""
        return torch.from_numpy(np.asarray(self._numbers.standard_normal(shape))).to(dtype)

    def uniform(self, *shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
        """Return uniform numbers in [0, 1) of the given shape."""
        return torch.from_numpy(np.asarray(self._numbers.random(shape))).to(dtype)

    def integers(self, low: int, high: int, *shape: int) -> torch.Tensor:
        """Return whole numbers from low to high - 1 of the given shape."""
        return torch.from_numpy(np.asarray(self._numbers.integers(low, high, shape)))

    def integer(self, low: int, high: int) -> int:
        """Return one whole number from low to high - 1."""
        return int(self._numbers.integers(low, high))

    def permutation(self, n: int) -> torch.Tensor:
        """Return 0 to n - 1 in random order."""
        return torch.from_numpy(self._numbers.permutation(n))
