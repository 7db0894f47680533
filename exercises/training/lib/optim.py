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
        ### BEGIN SOLUTION
        gradient = widen(gradient) + group["weight_decay"] * widen(p)
        if group["momentum"]:
            buffer = state.setdefault("buffer", torch.zeros_like(gradient))
            gradient = buffer.mul_(group["momentum"]).add_(gradient)
        p.sub_((group["lr"] * gradient).to(p.dtype))
        ### END SOLUTION


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
        ### BEGIN SOLUTION
        self.adam_step(p, widen(gradient) + group["weight_decay"] * widen(p), state, group)
        ### END SOLUTION

    def adam_step(self, p: Tensor, gradient: Tensor, state: dict[str, Any], group: Group) -> None:
        """Move p by Adam's step on this gradient, without any decay.

        state keeps "t", how often p was updated, and "m" and "v", the running means of gradients and of their squares.
        """
        ### BEGIN SOLUTION
        beta1, beta2 = group["betas"]
        state["t"] = t = state.get("t", 0) + 1
        m = state.setdefault("m", torch.zeros_like(gradient)).lerp_(gradient, 1 - beta1)
        v = state.setdefault("v", torch.zeros_like(gradient)).lerp_(gradient.square(), 1 - beta2)
        root = (v / (1 - beta2**t)).sqrt() + group["eps"]
        p.sub_((group["lr"] * (m / (1 - beta1**t)) / root).to(p.dtype))
        ### END SOLUTION


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
        ### BEGIN SOLUTION
        p.mul_(1 - group["lr"] * group["weight_decay"])
        self.adam_step(p, widen(gradient), state, group)
        ### END SOLUTION


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
    ### BEGIN SOLUTION
    if step < warmup:
        return peak * (step + 1) / warmup
    if step >= total:
        return floor
    progress = (step - warmup) / (total - warmup)
    return floor + (peak - floor) * (1 + math.cos(math.pi * progress)) / 2
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    gradients = [p.grad for p in parameters if p.grad is not None]
    norm = math.sqrt(sum(widen(gradient).square().sum().item() for gradient in gradients))
    if max_norm < norm < math.inf:
        for gradient in gradients:
            gradient.mul_(max_norm / norm)
    return norm
    ### END SOLUTION


def decay_groups(model: nn.Module, weight_decay: float) -> list[Group]:
    """Return two groups of parameters: those with two axes or more, which decay, and the others, which do not.

    Norms and biases have no reason to be near 0. What is frozen is left out, and what is tied stands there once.
    """
    ### BEGIN SOLUTION
    learned = [p for p in model.parameters() if p.requires_grad]  # parameters() gives a tied weight once
    return [
        {"params": [p for p in learned if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in learned if p.ndim < 2], "weight_decay": 0.0},
    ]
    ### END SOLUTION


def accumulate(model: nn.Module, micro_batches: list[tuple[Tensor, Tensor]]) -> float:
    """Add the gradients of one large batch, micro-batch by micro-batch, to .grad; return its mean loss.

    The mean is over all targets of all micro-batches (those that are -100 do not count), whoever has how many, and the
    activations of one micro-batch at a time are in memory.

    Raises ValueError when no target counts.
    """
    counts = [int((targets != IGNORED).sum()) for _, targets in micro_batches]
    if not sum(counts):
        raise ValueError(f"none of the {len(counts)} micro-batches has a target that counts")
    ### BEGIN SOLUTION
    total = 0.0
    for (x, targets), count in zip(micro_batches, counts, strict=True):
        loss = cross_entropy(model(x), targets) * count / sum(counts)
        loss.backward()
        total += loss.item()
    return total
    ### END SOLUTION
