"""Numbers of 16 bits in training: which operations may use them, and a loss scaled so that gradients do not vanish.

bfloat16 has float32's range and needs no scale; float16 ends at 65,504 below and 6e-8 above, and needs one. The weights
stay float32. Left out on purpose: float8, a scale that lives on the GPU.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor

PRECISIONS = ("float32", "bfloat16", "float16")


def autocast(device: torch.device | str, precision: str) -> AbstractContextManager[Any]:
    """Return the context in which matrix products take 16 bits, and what needs more, such as a softmax, has float32.

    "float32" changes nothing: a float64 model stays float64. Raises ValueError for a precision that is none of these.

    >>> with autocast("cpu", "bfloat16"):
    ...     (torch.ones(1, 1) @ torch.ones(1, 1)).dtype
    torch.bfloat16
    """
    if precision not in PRECISIONS:
        raise ValueError(f"precision={precision!r} is none of {', '.join(PRECISIONS)}")
    if precision == "float32":
        return nullcontext()
    return torch.autocast(torch.device(device).type, dtype=getattr(torch, precision))


class LossScaler:
    """A factor for the loss, and so for all gradients, which finds by itself how large it may be.

    An inf or NaN among the gradients means that it was too large: the step is skipped, and the scale is multiplied by
    backoff. After `interval` good steps in a row it is multiplied by growth. With the defaults it does what
    torch.amp.GradScaler does. Raises ValueError for a setting that cannot work.

    Reference: Micikevicius et al. 2018, section 3.2.

    >>> scaler = LossScaler(scale=8.0, interval=2)
    >>> for finite in (True, True, False):
    ...     scaler.update(finite)
    ...     print(scaler.scale)
    8.0
    16.0
    8.0
    """

    def __init__(
        self, scale: float = 2.0**16, growth: float = 2.0, backoff: float = 0.5, interval: int = 2000
    ):
        if not (scale > 0 and growth > 1 and 0 < backoff < 1 and interval >= 1):
            raise ValueError(
                f"scale={scale}, growth={growth}, backoff={backoff}, interval={interval}: scale must be positive,"
                " growth more than 1, backoff between 0 and 1, and interval at least 1"
            )
        self.scale, self.growth, self.backoff, self.interval = scale, growth, backoff, interval
        self.good = 0  # good steps since the scale last changed

    def scaled(self, loss: Tensor) -> Tensor:
        """Return the loss to call backward on."""
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write LossScaler.scaled() in lib/precision.py")

    def unscale(self, parameters: Iterable[Tensor]) -> bool:
        """Divide all gradients by the scale, in place, once a step; return True if all of them are finite.

        Parameters without a gradient are passed over. On a GPU this waits for the answer.
        """
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write LossScaler.unscale() in lib/precision.py")

    def update(self, finite: bool) -> None:
        """Take down how a step went, and change the scale if it is time."""
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write LossScaler.update() in lib/precision.py")

    def state(self) -> dict[str, float]:
        """Return what a checkpoint needs to go on."""
        return {"scale": self.scale, "good": self.good}

    def load(self, state: dict[str, float]) -> None:
        """Go on from what `state` returned."""
        self.scale, self.good = state["scale"], int(state["good"])
