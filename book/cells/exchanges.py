"""What two workers send each other: collectives on two numbers, the time and the bytes of messages, parts of matrices and layers.

Both workers call the same function.
"""

import time
from typing import Any

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel

from book.cells import wire
from book.cells.workers import Small, batch, loss_of
from lib.distributed import Group, column_linear, row_linear
from lib.pipeline import pipeline_step
from lib.tensor_parallel import part_of

SIZES = [2**k for k in range(10, 25, 2)]  # bytes, from 1 KiB to 16 MiB


def collectives(group: Group) -> dict[str, list[list[int]]]:
    """Return what this worker has before and after each collective: rank 0 begins with 1 and 2, rank 1 with 10 and 20."""
    x = torch.tensor([10**group.rank, 2 * 10**group.rank])
    seen = {}
    for name in ("broadcast", "all_reduce", "all_gather", "reduce_scatter"):
        before, after = (x[group.rank : group.rank + 1] if name == "all_gather" else x).clone(), x.clone()
        if name == "broadcast":
            dist.broadcast(after, src=0)
        elif name == "all_reduce":
            dist.all_reduce(after)
        elif name == "all_gather":
            dist.all_gather(list(after.split(1)), before)
        else:
            dist.reduce_scatter(after := torch.empty_like(x[:1]), list(before.split(1)))
        seen[name] = [before.tolist(), after.tolist()]
    return seen


def accumulation(group: Group, micro_batches: int = 4, steps: int = 5) -> dict[str, Any]:
    """Count DDP's messages, and their bytes, with and without no_sync on all micro-batches but the last."""
    found = {}
    for name, waits in {"no_sync": True, "plain": False}.items():
        model, sent = DistributedDataParallel(Small()), list[int]()
        model.register_comm_hook(sent, _note)
        for k in range(steps * micro_batches):
            model.require_backward_grad_sync = not waits or (k + 1) % micro_batches == 0
            loss_of(model, *batch(k)).backward()
        found[name] = {"messages": len(sent), "bytes": sum(sent), "steps": steps}
    return found


def _note(sent: list[int], bucket: dist.GradBucket) -> torch.futures.Future[Tensor]:
    """Do what DDP does, and note the bytes that it hands over."""
    sent.append(bucket.buffer().nbytes)
    work = dist.all_reduce(bucket.buffer().div_(dist.get_world_size()), async_op=True)
    return work.get_future().then(lambda done: done.value()[0])


def times(group: Group, repeats: int = 5) -> list[list[float]]:
    """Return [bytes, seconds] of an all-reduce of each size, the fastest of some."""
    found = []
    for size in SIZES:
        x, seconds = torch.zeros(size // 4), []
        for _ in range(repeats + 1):
            dist.barrier()
            begin = time.perf_counter()
            dist.all_reduce(x)
            seconds.append(time.perf_counter() - begin)
        found.append([size, min(seconds[1:])])
    return found


def cut(group: Group) -> dict[str, float]:
    """Cut a feed-forward network of 8, 32 and 8 in two; return the largest difference of values and of gradients."""
    g = torch.Generator().manual_seed(1)
    x, first, second = (0.3 * torch.randn(*s, generator=g).double() for s in ((2, 5, 8), (32, 8), (8, 32)))
    whole = [t.clone().requires_grad_() for t in (x, first, second)]
    y = F.linear(F.gelu(F.linear(whole[0], whole[1])), whole[2])
    (y**2).sum().backward()
    own = [t.requires_grad_() for t in (x.clone(), part_of(first, 0, group), part_of(second, 1, group))]
    z = row_linear(F.gelu(column_linear(own[0], own[1], group)), own[2], group)
    (z**2).sum().backward()
    wanted = [_grad(whole[0]), part_of(_grad(whole[1]), 0, group), part_of(_grad(whole[2]), 1, group)]
    gradients = [float((_grad(p) - w).abs().max()) for p, w in zip(own, wanted, strict=True)]
    return {"values": float((y.detach() - z.detach()).abs().max()), "gradients": max(gradients)}


def _grad(p: Tensor) -> Tensor:
    if p.grad is None:
        raise RuntimeError("no gradient arrived")
    return p.grad


def stages(group: Group, micro_batches: int = 4) -> dict[str, float]:
    """Give each worker one of two stages; return the largest difference of its gradients to those of one process."""
    g = torch.Generator().manual_seed(2)
    x, targets = (torch.randn(micro_batches, 3, 4, generator=g).double() for _ in range(2))
    torch.manual_seed(3)
    model = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 4)).double()
    F.mse_loss(model(x), targets, reduction="sum").backward()
    wanted = [[_grad(p) for p in stage.parameters()] for stage in (model[:2], model[2:])][group.rank]
    stage = (model[:2], model[2:])[group.rank]
    model.zero_grad()
    pipeline_step(stage, list(x), lambda y, k: F.mse_loss(y, targets[k], reduction="sum"), group, (3, 6))
    return {
        "gradients": max(
            float((_grad(p) - w).abs().max()) for p, w in zip(stage.parameters(), wanted, strict=True)
        )
    }


def bytes_of_a_step(group: Group) -> dict[str, int | None]:
    """Return what DDP hands over to be averaged in one step, and what this worker then sends, all headers included."""
    model = DistributedDataParallel(Small())
    sent: int | None = None
    for step in range(2):  # after the first step DDP puts its buckets in another order
        loss = loss_of(model, *batch(step))
        if wire.can_count():
            sent = wire.during(loss.backward)
        else:
            loss.backward()
    return {"gradients": sum(p.numel() * p.element_size() for p in model.parameters()), "sent": sent}
