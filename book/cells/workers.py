"""One small model, trained by two workers in ways that should agree with one process, and in ways that should not.

Both workers call the same function. A distance is the largest difference between two weights.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel

from lib.distributed import Group, average_gradients

V, T, ROWS, STEPS = 20, 6, 8, 50


class Small(nn.Module):
    """Embedding, linear, GELU, linear: 1,524 weights."""

    def __init__(self, seed: int = 0, dtype: torch.dtype = torch.float64):
        super().__init__()
        with torch.random.fork_rng([]):
            torch.manual_seed(seed)
            self.embed, self.first, self.last = nn.Embedding(V, 16), nn.Linear(16, 32), nn.Linear(32, V)
        self.to(dtype)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits."""
        return self.last(F.gelu(self.first(self.embed(x)))) * 1.0  # fully_shard wants no view


@dataclass(frozen=True)
class Way:
    """A way to train; what it says is what all workers do."""

    averages: bool = True
    same_data: bool = False
    same_start: bool = True
    sums: bool = False
    sgd: bool = False
    uneven: bool = False  # worker 1 has few targets that count
    weighted: bool = True  # by targets, as it should be


def batch(step: int, uneven: bool = False) -> tuple[Tensor, Tensor]:
    """Return the whole batch of a step: the next token is 3x + 1, and one in five is another."""
    g = torch.Generator().manual_seed(step)
    x, noise = torch.randint(V, (ROWS, T), generator=g), torch.randint(V, (ROWS, T), generator=g)
    y = torch.where(torch.rand(ROWS, T, generator=g) < 0.2, noise, (3 * x + 1) % V)
    if uneven:
        y[ROWS // 2 :, 1:] = -100
    return x, y


def flat(model: nn.Module) -> Tensor:
    """Return a copy of all weights, one after the other."""
    return torch.cat([p.detach().flatten() for p in model.parameters()]).double()


def optimizer_of(model: nn.Module, sgd: bool = False) -> torch.optim.Optimizer:
    """Return AdamW or SGD."""
    kind: Any = torch.optim.SGD if sgd else torch.optim.AdamW
    return kind(model.parameters(), lr=0.1 if sgd else 0.01)


def loss_of(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    """Return the mean over all targets that count."""
    return F.cross_entropy(model(x).flatten(0, 1), y.flatten())


@cache
def one_process(sgd: bool = False, uneven: bool = False, dtype: torch.dtype = torch.float64) -> Tensor:
    """Return the weights after each step of one process that has the whole batch: (steps, weights)."""
    model = Small(dtype=dtype)
    optimizer, seen = optimizer_of(model, sgd), []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss_of(model, *batch(step, uneven)).backward()
        optimizer.step()
        seen.append(flat(model))
    return torch.stack(seen)


def by_hand(group: Group, way: Way) -> Tensor:
    """Return this worker's weights after each step of data parallelism by hand."""
    model = Small(seed=0 if way.same_start else group.rank)
    optimizer, seen = optimizer_of(model, way.sgd), []
    for step in range(STEPS):
        x, y = (
            half.chunk(group.world)[0 if way.same_data else group.rank] for half in batch(step, way.uneven)
        )
        count = total = (y >= 0).sum()
        if way.uneven:
            dist.all_reduce(total := count.clone())
        optimizer.zero_grad()
        loss_of(model, x, y).backward()
        if way.averages:
            share = int(count) / int(total) if way.uneven and way.weighted else None
            average_gradients(model.parameters(), group, 1.0 if way.sums else share)
        optimizer.step()
        seen.append(flat(model))
    return torch.stack(seen)


def ddp(group: Group, dtype: torch.dtype = torch.float64) -> Tensor:
    """Return the weights after each step with torch's DDP."""
    model = DistributedDataParallel(Small(seed=group.rank, dtype=dtype))  # it begins with the lead's
    optimizer, seen = optimizer_of(model), []
    for step in range(STEPS):
        x, y = (half.chunk(group.world)[group.rank] for half in batch(step))
        optimizer.zero_grad()
        loss_of(model, x, y).backward()
        optimizer.step()
        seen.append(flat(model))
    return torch.stack(seen)


def sharded(group: Group) -> tuple[Tensor, int]:
    """Return the last weights with FSDP2, and how many of them this worker held."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    model: Any = Small()
    # Without the last argument the outermost module, here the only one, would keep its weights together until the way back.
    fully_shard(model, mesh=init_device_mesh("cpu", (group.world,)), reshard_after_forward=True)
    optimizer = optimizer_of(model)
    for step in range(STEPS):
        x, y = (half.chunk(group.world)[group.rank] for half in batch(step))
        optimizer.zero_grad()
        loss_of(model, x, y).backward()
        optimizer.step()
    own = sum(p.to_local().numel() for p in model.parameters())
    return torch.cat([p.full_tensor().detach().flatten() for p in model.parameters()])[None], own


def distances(group: Group, weights: Tensor, one: Tensor) -> dict[str, Any]:
    """Return how far the workers are from each other after each step, and how far from one process at the end."""
    both = [torch.empty_like(weights) for _ in range(group.world)]
    dist.all_gather(both, weights)
    drift = (both[0] - both[1]).abs().amax(dim=1).tolist()
    return {"between": drift[-1], "from_one": float((both[0][-1] - one[-1]).abs().max()), "drift": drift}
