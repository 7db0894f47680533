"""Pipeline parallelism: the layers are cut into stages, one a worker, and a batch into micro-batches that follow each other.

Each stage runs all micro-batches forward, then all of them backward (GPipe). Reference: Huang et al. 2019, section 2.3.
Left out on purpose: other orders, which need less memory (1F1B), weights that two stages share.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch import distributed as dist

from lib.process_group import Group


def bubble(stages: int, micro_batches: int) -> float:
    """Return the share of its time that a worker is idle: while the pipeline fills, and while it empties.

    A micro-batch takes the same time in each stage, and messages take none. Raises ValueError for less than one of either.

    >>> round(bubble(4, 8), 4)
    0.2727
    """
    if stages < 1 or micro_batches < 1:
        raise ValueError(f"stages={stages} and micro_batches={micro_batches} must be at least 1")
    return (stages - 1) / (micro_batches + stages - 1)


def pipeline_step(
    stage: nn.Module,
    inputs: Sequence[Tensor],
    loss: Callable[[Tensor, int], Tensor],
    group: Group,
    shape: Sequence[int],
) -> Tensor:
    """Add up this stage's gradients over all micro-batches; return the whole loss in the last stage, 0 in the others.

    The first stage reads inputs, one tensor a micro-batch; the others receive as many of this shape from the stage before.
    The last stage calls loss(output, k) for micro-batch k. Stages before it receive the gradients of what they sent.
    """
    first, last = group.rank == 0, group.rank == group.world - 1
    device, dtype = group.device, next(stage.parameters()).dtype
    received: list[Tensor] = []
    outputs: list[Tensor] = []
    for x in inputs:
        if not first:
            x = torch.empty(*shape, device=device, dtype=dtype)
            dist.recv(x, src=group.rank - 1)
            received.append(x.requires_grad_())
        outputs.append(stage(x))
        if not last:
            dist.send(outputs[-1].detach().contiguous(), dst=group.rank + 1)
    total = torch.zeros((), device=device, dtype=dtype)
    for k, output in enumerate(outputs):
        if last:
            part = loss(output, k)
            part.backward()
            total += part.detach()
        else:
            gradient = torch.empty_like(output)
            dist.recv(gradient, src=group.rank + 1)
            output.backward(gradient)
        if not first:
            dist.send(gradient_of(received[k]), dst=group.rank - 1)
    return total


def gradient_of(x: Tensor) -> Tensor:
    """Return what arrived at x on the way back, zeros if nothing did."""
    return torch.zeros_like(x) if x.grad is None else x.grad.contiguous()
