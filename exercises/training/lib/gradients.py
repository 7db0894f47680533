"""Clipping, and the step that is not taken when something is inf or NaN, both without waiting for a GPU."""

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from lib.cross_entropy import widen


@torch.no_grad()
def clip_gradients(parameters: Iterable[Tensor], max_norm: float | None) -> Tensor:
    """Do what `lib.optim.clip_grad_norm` does and return the norm as a tensor, which can stay on its GPU.

    With None it takes the norm and clips nothing. Where the norm is inf or NaN, what becomes of the gradients is open:
    a step must not be taken with them.
    """
    gradients = [p.grad for p in parameters if p.grad is not None]
    if not gradients:
        return torch.tensor(0.0)
    if max_norm is not None and not max_norm > 0:
        raise ValueError(f"max_norm={max_norm} must be greater than 0, or None")
    norms = torch._foreach_norm([widen(gradient) for gradient in gradients])  # a few kernels for all of them
    norm = torch.linalg.vector_norm(torch.stack(norms))
    if max_norm is not None:
        torch._foreach_mul_(gradients, (max_norm / norm).clamp(max=1.0))  # 1 changes no bit
    return norm


def step_if(optimizer: Any, finite: Tensor) -> None:
    """Let the optimizer step if finite is true.

    One of torch's fused optimizers reads it where it is, and nothing waits for a GPU; any other waits for the answer.
    """
    if all(group.get("fused") for group in optimizer.param_groups):
        # As torch.amp.GradScaler hands them in.
        optimizer.grad_scale, optimizer.found_inf = None, (~finite).float()
        try:
            optimizer.step()
        finally:
            del optimizer.grad_scale, optimizer.found_inf
    elif finite:
        optimizer.step()


def is_finite(*numbers: Tensor | float) -> bool:
    """Return True if none is inf or NaN."""
    return all(math.isfinite(float(number)) for number in numbers)
