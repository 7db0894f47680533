"""How a step is made of a gradient: SGD, Adam, AdamW, their schedule, clipping and accumulation.

State has the parameter's dtype, and float32 for half precision. Left out on purpose: Nesterov, dampening, AMSGrad.
"""

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from lib.cross_entropy import IGNORED, cross_entropy, widen
from lib.optimizer import Group, Optimizer, check_at_least_0


class SGD(Optimizer):
    """Stochastic gradient descent with momentum and L2 regularisation, as torch.optim.SGD has it.

    g ← g + λp, buffer ← μ · buffer + g (at first: g), p ← p - η · buffer.

    >>> p = torch.tensor([1.0, 2.0])
    >>> optimizer = SGD([p], lr=0.1, momentum=0.9)
    >>> for _ in range(2):
    ...     p.grad = torch.tensor([1.0, -4.0])
    ...     optimizer.step()
    >>> p
    tensor([0.7100, 3.1600])
    """

    def __init__(self, parameters: Iterable[Any], lr: float, momentum: float = 0, weight_decay: float = 0):
        check_at_least_0(lr=lr, momentum=momentum, weight_decay=weight_decay)
        super().__init__(parameters, lr=lr, momentum=momentum, weight_decay=weight_decay)

    def update(self, p: Tensor, gradient: Tensor, state: dict[str, Any], group: Group) -> None:
        """Do one step; state keeps "buffer", the sum of earlier gradients."""
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write SGD.update() in lib/optim.py")


class Adam(Optimizer):
    """Adam; weight_decay is L2 regularisation, which goes through the moments, as in torch.optim.Adam.

    Reference: Kingma and Ba 2015, algorithm 1.

    >>> p = torch.tensor([1.0, 2.0])
    >>> p.grad = torch.tensor([1.0, -4.0])
    >>> Adam([p], lr=0.1).step()  # the first step is lr long whatever the gradient
    >>> p
    tensor([0.9000, 2.1000])
    """

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ):
        check_at_least_0(lr=lr, eps=eps, weight_decay=weight_decay)
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas={betas} must lie in [0, 1)")
        super().__init__(parameters, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)

    def update(self, p: Tensor, gradient: Tensor, state: dict[str, Any], group: Group) -> None:
        """Do one step, by `adam_step`; state is kept there."""
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write Adam.update() in lib/optim.py")

    def adam_step(self, p: Tensor, gradient: Tensor, state: dict[str, Any], group: Group) -> None:
        """Move p by Adam's step on this gradient, without any decay.

        state keeps "t", how often p was updated, and "m" and "v", the running means of gradients and of their squares.
        """
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write Adam.adam_step() in lib/optim.py")


class AdamW(Adam):
    """Adam with decoupled weight decay: p shrinks by the factor 1 - ηλ before Adam's step on the bare gradient.

    Reference: Loshchilov and Hutter 2019, algorithm 2 (with torch's ηλ for their ηₜλ).

    >>> p = torch.tensor([1.0, 2.0])
    >>> p.grad = torch.tensor([1.0, -4.0])
    >>> AdamW([p], lr=0.1, weight_decay=0.5).step()
    >>> p
    tensor([0.8500, 2.0000])
    """

    def __init__(
        self, parameters: Iterable[Any], lr: float = 1e-3, *, weight_decay: float = 0.01, **adam: Any
    ):
        super().__init__(parameters, lr, weight_decay=weight_decay, **adam)

    def update(self, p: Tensor, gradient: Tensor, state: dict[str, Any], group: Group) -> None:
        """Do one step; state is that of `adam_step`."""
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write AdamW.update() in lib/optim.py")


def cosine_with_warmup(step: int, *, peak: float, warmup: int, total: int, floor: float = 0.0) -> float:
    """Return the learning rate of a step, counted from 0: a straight rise to peak, half a cosine down to floor.

    Step s < warmup has peak · (s + 1) / warmup, so that the first batch is not wasted; from step total on it is floor.

    Raises ValueError when warmup > total, floor > peak or a number is negative.
    Reference: Loshchilov and Hutter 2017, equation 5, without restarts.

    >>> [round(cosine_with_warmup(s, peak=1, warmup=2, total=6, floor=0.1), 4) for s in range(8)]
    [0.5, 1.0, 1.0, 0.8682, 0.55, 0.2318, 0.1, 0.1]
    """
    check_at_least_0(step=step, peak=peak, warmup=warmup, total=total, floor=floor)
    if warmup > total or floor > peak:
        raise ValueError(f"{warmup=} must not be over {total=}, nor {floor=} over {peak=}")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write cosine_with_warmup() in lib/optim.py")


@torch.no_grad()
def clip_grad_norm(parameters: Iterable[Tensor], max_norm: float) -> float:
    """Scale all gradients by one factor so that their joint norm is at most max_norm; return the norm before.

    The norm is taken in float32 at least. Gradients that are short enough keep every bit, and where the norm is inf or
    NaN nothing changes: what to do then is the caller's to decide.

    Raises ValueError when max_norm is not positive.
    Reference: Pascanu, Mikolov and Bengio 2013, algorithm 1.

    >>> p = torch.zeros(2)
    >>> p.grad = torch.tensor([3.0, 4.0])
    >>> clip_grad_norm([p], max_norm=1.0), p.grad
    (5.0, tensor([0.6000, 0.8000]))
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm={max_norm} must be greater than 0")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write clip_grad_norm() in lib/optim.py")


def decay_groups(model: nn.Module, weight_decay: float) -> list[Group]:
    """Return two groups of parameters: those with two axes or more, which decay, and the others, which do not.

    Norms and biases have no reason to be near 0. What is frozen is left out, and what is tied stands there once.
    """
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write decay_groups() in lib/optim.py")


def accumulate(model: nn.Module, micro_batches: list[tuple[Tensor, Tensor]]) -> float:
    """Add the gradients of one large batch, micro-batch by micro-batch, to .grad; return its mean loss.

    The mean is over all targets of all micro-batches (those that are -100 do not count), whoever has how many, and the
    activations of one micro-batch at a time are in memory.

    Raises ValueError when no target counts.
    """
    counts = [int((targets != IGNORED).sum()) for _, targets in micro_batches]
    if not sum(counts):
        raise ValueError(f"none of the {len(counts)} micro-batches has a target that counts")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write accumulate() in lib/optim.py")
