"""Tensor parallelism: one matrix is cut, and each worker has a part of it and computes with that.

A first matrix is cut by its outputs and a second by its inputs, so that a network of two layers needs one sum over all
workers in its forward pass, and one in its backward pass. Reference: Shoeybi et al. 2019, section 3.

Dimension key: B batch, T tokens, D model width, F feed-forward width, N workers. Weights are (outputs, inputs), as
torch.nn.Linear's. Left out on purpose: biases, the cut of attention by heads, which is the same.
"""

from typing import Any

import torch
from torch import Tensor
from torch import distributed as dist
from torch.nn import functional as F

from lib.process_group import Group
from lib.shapes import Float


class _SumGradients(torch.autograd.Function):
    """Changes nothing on the way forward; on the way back it sums the gradients of all workers."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return _summed(gradient)


class _Sum(torch.autograd.Function):
    """Sums the tensors of all workers on the way forward; on the way back it changes nothing."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return _summed(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return gradient


def column_linear(
    x: Float[Tensor, "B T D"], weight_part: Float[Tensor, "part D"], group: Group
) -> Float[Tensor, "B T part"]:
    """Return this worker's part of the outputs, from the whole x and some rows of the weight.

    x is the same for all workers; its gradient is their sum. Called after the paper, whose weights are (inputs, outputs): a
    row of ours is a column there.
    """
    return F.linear(_SumGradients.apply(x) if group.world > 1 else x, weight_part)


def row_linear(
    x_part: Float[Tensor, "B T part"], weight_part: Float[Tensor, "D part"], group: Group
) -> Float[Tensor, "B T D"]:
    """Return the whole output, the same for all workers, from this worker's part of x and of the weight's inputs."""
    y = F.linear(x_part, weight_part)
    return _Sum.apply(y) if group.world > 1 else y


def part_of(weight: Tensor, dim: int, group: Group) -> Tensor:
    """Return a copy of this worker's part of a weight: dim 0 cuts the outputs, dim 1 the inputs.

    Raises ValueError when it does not come out even.

    >>> part_of(torch.arange(6.0).view(2, 3), 0, Group(1, 2)).tolist()
    [[3.0, 4.0, 5.0]]
    """
    if weight.shape[dim] % group.world:
        raise ValueError(
            f"a weight of {tuple(weight.shape)} cannot be cut along dim={dim} into {group.world} equal parts"
        )
    return weight.chunk(group.world, dim)[group.rank].clone()


def _summed(x: Tensor) -> Tensor:
    total = x.contiguous().clone()  # what autograd hands over may be someone else's
    dist.all_reduce(total)
    return total
