"""Muon: a step for a weight matrix as a whole, whose singular values all become about 1.

For the hidden matrices of a network; embeddings, head and vectors keep AdamW. Left out on purpose: the bfloat16 and the
batched kernels of large runs.
"""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from lib.cross_entropy import widen
from lib.optimizer import Group, Optimizer
from lib.shapes import Float

COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # tuned by its author to lift small singular values fast


def orthogonalise(matrix: Float[Tensor, "M N"], steps: int = 5) -> Float[Tensor, "M N"]:
    """Return a matrix with the same singular vectors, its singular values moved to about 1 (0.7 to 1.2).

    The matrix is divided by its Frobenius norm, and a polynomial of fifth degree is then applied `steps` times, by
    products of matrices alone. Zeros stay zeros, and a factor in front changes nothing.

    Reference: Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks".

    >>> orthogonalise(torch.tensor([[4.0, 0.0, 0.0], [0.0, 3.0, 0.0]]), steps=1).T  # 0.8 and 0.6, each by the polynomial
    tensor([[0.9765, 0.0000],
            [0.0000, 1.1933],
            [0.0000, 0.0000]])
    """
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write orthogonalise() in lib/muon.py")


class Muon(Optimizer):
    """Momentum, orthogonalised; the step has the root mean square that AdamW's has, 0.2, and decay is decoupled.

    Reference: Liu et al. 2025, "Muon is Scalable for LLM Training", equation 4.
    """

    def __init__(
        self, parameters: Iterable[Any], lr: float, momentum: float = 0.95, weight_decay: float = 0.1
    ):
        super().__init__(parameters, lr=lr, momentum=momentum, weight_decay=weight_decay)
        axes = {p.ndim for p in self.state}
        if axes != {2}:
            raise ValueError(
                f"Muon takes matrices, got parameters with {sorted(axes)} axes; give the others to AdamW"
            )

    def update(self, p: Tensor, gradient: Tensor, state: dict[str, Any], group: Group) -> None:
        """Do one step; state keeps "buffer", the running mean of gradients. Nesterov's look ahead is on."""
        gradient, momentum = widen(gradient), group["momentum"]
        buffer = state.setdefault("buffer", torch.zeros_like(gradient)).lerp_(gradient, 1 - momentum)
        direction = orthogonalise(gradient.lerp(buffer, momentum)) * 0.2 * max(p.shape) ** 0.5
        p.mul_(1 - group["lr"] * group["weight_decay"])
        p.sub_((group["lr"] * direction).to(p.dtype))
