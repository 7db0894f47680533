"""Models and batches that both the workers of the distributed tests and the tests themselves make."""

import torch
from torch import nn
from torch.nn import functional as F

from lib.training import TrainConfig
from tests.lib.small_training import Small, batch

CONFIG = TrainConfig(steps=20, lr=0.02, warmup=3, accumulate=2, clip=0.3, decay=0.5)  # it always clips


def flat(model):
    """All weights, one after the other, as numbers."""
    return torch.cat([p.detach().flatten() for p in model.parameters()]).tolist()


def uneven(i):
    """Of two neighbours one has many targets, the other few."""
    return batch(i, rows=1 + 5 * (i % 2))


def of_even_workers(i):
    """Batches with an odd number have no target that counts."""
    x, y = batch(i)
    return x, (torch.full_like(y, -100) if i % 2 else y)


def known(i, bad):
    """A batch of tokens 0, but one that is bad has 1."""
    return torch.full((1, 3), int(i == bad)), torch.zeros(1, 3).long()


class Cliff(nn.Module):
    """Token 1 makes the target's logit this value, whatever the weights; then no gradient need be bad."""

    def __init__(self, value):
        super().__init__()
        self.value, self.w = value, nn.Parameter(torch.zeros(2, dtype=torch.float64))

    def forward(self, x):
        logits = self.w.expand(*x.shape, 2)
        target = torch.tensor([True, False])
        return torch.where((x[..., None] == 1) & target, torch.full_like(logits, self.value), logits)


class Experts(Small):
    """Its two experts share the batches out, by their first token; a third never has one."""

    def __init__(self, seed):
        super().__init__(seed)
        g = torch.Generator().manual_seed(seed)
        self.experts = nn.ParameterList(torch.randn(6, 6, generator=g).double() for _ in range(3))

    def forward(self, x):
        return self.head(self.embed(x) @ self.experts[int(x[0, 0]) % 2])


class Feedforward(nn.Module):
    """Linear 5 to 8, GELU, linear 8 to 3, without biases, in float64."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(5, 8, bias=False), nn.Linear(8, 3, bias=False)
        g = torch.Generator().manual_seed(4)
        with torch.no_grad():
            for p in self.parameters():
                p.copy_(torch.randn(p.shape, generator=g))
        self.double()

    def weights(self):
        return self.first.weight.detach(), self.second.weight.detach()

    def forward(self, x):
        return self.second(F.gelu(self.first(x))) * 1.0  # FSDP wants a new tensor, and no view


def network_input(seed=5):
    return torch.randn(2, 3, 5, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def batch_of_half(step, group):
    """The rows of a batch of 2 that a worker has; all of them if it is alone."""
    return network_input(100 + step)[group.rank :: group.world]


def two_stages():
    """Two stages, three inputs and their targets."""
    torch.manual_seed(6)
    stages = nn.Sequential(nn.Linear(4, 5), nn.Tanh()).double(), nn.Linear(5, 2).double()
    x = [torch.randn(3, 4, dtype=torch.float64) for _ in range(3)]
    targets = [torch.randn(3, 2, dtype=torch.float64) for _ in range(3)]
    return stages, x, targets
