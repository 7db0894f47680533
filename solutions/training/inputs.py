"""Inputs that the probes of this assignment share.

Nothing is left to luck: the probe draws the model's weights, hands in every batch, and the optimiser is a spy that keeps
what it was given. All is computed in float64, where two right programs agree to many digits, and returned in float32.
"""

import tempfile
from contextlib import suppress

import torch
from torch import nn

IGNORED = -100
V, D = 7, 3

# Torch's optimisers load hundreds of modules when the first is used: that is done here, once, and no probe waits for it.
# It needs a folder for temporary files, which is not there yet where submissions are judged.
with suppress(FileNotFoundError):
    tempfile.gettempdir()
    torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1).step()


class Tiny(nn.Module):
    """An embedding, a dropout and a linear layer, in float64 and with drawn weights."""

    def __init__(self, rng, dropout=0.0):
        super().__init__()
        self.table = nn.Embedding.from_pretrained(rng.normal(V, D, dtype=torch.float64), freeze=False)
        self.dropout, self.head = nn.Dropout(dropout), nn.Linear(D, V, dtype=torch.float64)
        with torch.no_grad():
            for p in self.head.parameters():
                p.copy_(rng.normal(*p.shape, dtype=torch.float64))

    def forward(self, x):
        """Return the logits of what follows each token, which sees itself alone."""
        return self.head(self.dropout(self.table(x)))


class Table(nn.Embedding):
    """The least that can be trained: the logits of what follows each token, in float64 and drawn."""

    def __init__(self, rng):
        super().__init__(V, V, _weight=rng.normal(V, V, dtype=torch.float64))


class Spy(torch.optim.SGD):
    """Plain SGD that keeps what it was given at each step: the gradients in one row, their dtypes, and the learning rate.

    With `fixed` it steps at this rate, whatever it was given.
    """

    def __init__(self, parameters, lr=0.5, fixed=None):
        super().__init__(parameters, lr=lr)
        self.fixed, self.gradients, self.dtypes, self.rates = fixed, [], [], []

    @torch.no_grad()
    def step(self, closure=None):
        """Note all, then step."""
        parameters = [p for group in self.param_groups for p in group["params"]]
        given = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
        rate = float(self.param_groups[0]["lr"])
        self.gradients.append(flat(given))
        self.dtypes += [str(gradient.dtype) for gradient in given]
        self.rates.append(rate)
        for p, gradient in zip(parameters, given, strict=True):
            p -= (rate if self.fixed is None else self.fixed) * gradient

    def given(self):
        """Return the gradients, a row for each step; where there was none, a text."""
        return torch.stack(self.gradients) if self.gradients else "no step"


def flat(tensors):
    """Return several tensors as one row of float32, which is a copy."""
    return torch.cat([t.detach().double().flatten() for t in tensors]).float()


def number(x):
    """Return a tensor of one number, or a number, as a float."""
    return float(x.detach() if isinstance(x, torch.Tensor) else x)


def batch(rng, B, T, counting=None):
    """Return tokens and targets (B, T); of the targets, which are drawn, so many count, or all."""
    x, y = rng.integers(0, V, B, T), rng.integers(0, V, B, T)
    if counting is not None:
        y.view(-1)[rng.permutation(B * T)[counting:]] = IGNORED
    return x, y


def in_random_order(rng, kinds, times=1):
    """Return a list in which each of the kinds occurs as many times."""
    return [kinds[n % len(kinds)] for n in rng.permutation(times * len(kinds)).tolist()]
