"""A model of 139 numbers with dropout, its batches, and the oracle: the loop in plain torch."""

import math

import torch
from torch import nn
from torch.nn import functional as F

V, D = 11, 6


class Small(nn.Module):
    """An embedding, a dropout and a linear layer, in float64."""

    def __init__(self, seed: int, dropout: float = 0.0):
        super().__init__()
        self.embed, self.drop, self.head = nn.Embedding(V, D), nn.Dropout(dropout), nn.Linear(D, V)
        g = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for p in self.parameters():
                p.copy_(torch.randn(p.shape, generator=g))
        self.double()

    def forward(self, x):
        return self.head(self.drop(self.embed(x)))


def batch(seed: int, rows: int = 3, T: int = 5, ignored: float = 0.4):
    """A batch in which some targets do not count, but one always does."""
    g = torch.Generator().manual_seed(seed)
    x, y = (torch.randint(V, (rows, T), generator=g) for _ in range(2))
    y[torch.rand(y.shape, generator=g) < ignored] = -100
    y[0, 0] = 3
    return x, y


def data(i: int):
    return batch(1000 + i, rows=1 + i % 3)


def same(one: nn.Module, other: nn.Module) -> bool:
    return all(torch.equal(p, q) for p, q in zip(one.parameters(), other.parameters(), strict=True))


def plain_loop(model, config):
    """What `train` does with AdamW, each step in one batch; return losses, norms and rates."""
    decayed = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim < 2]
    groups = [
        {"params": decayed, "weight_decay": config.decay},
        {"params": others, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=config.lr, betas=(0.9, 0.95))
    told = []
    for step in range(config.steps):
        if step < config.warmup:
            rate = config.lr * (step + 1) / config.warmup
        else:
            done = (step - config.warmup) / (config.steps - config.warmup)
            rate = config.lr * (0.1 + 0.9 * (1 + math.cos(math.pi * done)) / 2)
        for group in optimizer.param_groups:
            group["lr"] = rate
        parts = [data(step * config.accumulate + k) for k in range(config.accumulate)]
        x, y = (torch.cat([part[i] for part in parts]) for i in (0, 1))
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
        loss.backward()
        norm = torch.cat([p.grad.flatten() for p in model.parameters()]).norm().item()
        for p in model.parameters():
            p.grad *= min(1.0, config.clip / norm)
        optimizer.step()
        told.append((loss.item(), norm, rate))
    return told


def of_whole(model, batches):
    x, y = (torch.cat([one[i].flatten() for one in batches]) for i in (0, 1))
    return F.cross_entropy(model(x), y)
