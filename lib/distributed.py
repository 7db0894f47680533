"""Data parallelism: every worker has the whole model and a part of the batch, and all of them take the same step.

Workers start alike, compute gradients of their own parts, and average them among equals: then the step is that of the whole
batch, which is what the tests hold it to. Left out on purpose: data that one worker alone can read, models with statistics
that training changes outside of gradients (batch norm).
"""

import random
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch import distributed as dist

from lib.batches import Batch
from lib.cross_entropy import widen
from lib.data_parallel import train_data_parallel as train_data_parallel
from lib.pipeline import bubble as bubble
from lib.process_group import Group as Group
from lib.process_group import running as running
from lib.process_group import start as start
from lib.process_group import stop as stop
from lib.shapes import Int
from lib.sharding import memory as memory
from lib.tensor_parallel import column_linear as column_linear
from lib.tensor_parallel import row_linear as row_linear


@torch.no_grad()
def broadcast_parameters(model: nn.Module, group: Group) -> None:
    """Give every worker the lead's weights and buffers."""
    if group.world > 1:
        for value in [*model.parameters(), *model.buffers()]:
            dist.broadcast(value, src=0)


@torch.no_grad()
def average_gradients(parameters: Iterable[Tensor], group: Group, share: float | None = None) -> None:
    """Replace each gradient by its mean over all workers: one message for each dtype, whatever the number of parameters.

    share is this worker's weight in the mean, such as its part of all targets that count; without one all weigh the same.
    A gradient that is None counts as zeros, so that nobody waits for a message that another does not send. Gradients of 16
    bits are summed in float32, since a backend would round after each addition.
    """
    if group.world == 1:
        return
    weight = 1 / group.world if share is None else share
    by_dtype: dict[torch.dtype, list[Tensor]] = {}
    for p in parameters:
        by_dtype.setdefault(p.dtype, []).append(p)
    for same in by_dtype.values():
        zeros_or_gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in same]
        bucket = torch.cat([widen(gradient).flatten() * weight for gradient in zeros_or_gradients])
        dist.all_reduce(bucket)
        for p, mean in zip(same, bucket.split([p.numel() for p in same]), strict=True):
            p.grad = mean.view_as(p).to(p.dtype)


def shard(n: int, group: Group, epoch: int = 0, seed: int = 0) -> Int[Tensor, " M"]:
    """Return which of n items are this worker's in an epoch: no two share one, and all have the same number, n // world.

    The order changes with the epoch, so that the n % world items left out are others each time. Raises ValueError when there
    are fewer items than workers.

    >>> [sorted(shard(5, Group(rank, 2), epoch=1).tolist()) for rank in (0, 1)]
    [[0, 2], [1, 4]]
    """
    if n < group.world:
        raise ValueError(f"n={n} items are too few for {group.world} workers: each needs one")
    generator = torch.Generator().manual_seed(random.Random(f"{seed} {epoch}").getrandbits(63))
    order = torch.randperm(n, generator=generator)
    return order[: n // group.world * group.world][group.rank :: group.world]


def split_batches(data: Callable[[int], Batch], parts: int) -> Callable[[int], Batch]:
    """Return the same batches cut by rows into equal parts, each of which has a number of its own: part(i · parts + k).

    With parts = world, `train_data_parallel` takes the steps that `train` takes on whole batches, with the same config.
    Raises ValueError, when a batch is asked for, if its rows do not come out even.

    >>> whole = lambda i: (torch.arange(4).view(4, 1) + 10 * i,) * 2
    >>> split_batches(whole, 2)(3)[0].flatten().tolist()
    [12, 13]
    """

    def part(i: int) -> Batch:
        x, y = data(i // parts)
        if len(x) % parts:
            raise ValueError(f"a batch of {len(x)} rows cannot be cut into {parts} equal parts")
        k = i % parts
        return x.chunk(parts)[k], y.chunk(parts)[k]

    return part
