"""Clipping, decay groups and accumulation against torch and by hand."""

import copy
import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from lib.optim import AdamW, accumulate, clip_grad_norm, decay_groups
from tests.support.gradients import give_gradients, parameters

# ---- clipping


@pytest.mark.parametrize("limit", [0.1, 1.0, 1e6])
def test_clipping_is_torchs(limit):
    ours, theirs = parameters(), parameters()
    give_gradients(ours, 8)
    give_gradients(theirs, 8)
    before = [None if p.grad is None else p.grad.clone() for p in ours]
    norm = clip_grad_norm((p for p in ours), limit)  # a generator is read once
    assert norm == pytest.approx(torch.nn.utils.clip_grad_norm_(theirs, limit).item(), rel=1e-12)
    for p, q, kept in zip(ours, theirs, before, strict=True):
        if kept is not None:
            torch.testing.assert_close(p.grad, q.grad, rtol=1e-5, atol=0)  # torch divides by norm + 1e-6
            assert norm > limit or torch.equal(p.grad, kept)


def test_clipping_holds_where_squares_do_not_fit_and_where_there_is_nothing_to_scale():
    p = torch.zeros(2, dtype=torch.float16)
    p.grad = torch.tensor([300.0, 400.0], dtype=torch.float16)
    assert clip_grad_norm([p], 5.0) == 500.0
    assert p.grad.tolist() == pytest.approx([3.0, 4.0], rel=2e-3)
    p.grad.zero_()
    assert clip_grad_norm([p], 1.0) == 0.0
    assert clip_grad_norm([torch.zeros(2)], 1.0) == 0.0
    for bad in (torch.inf, torch.nan):
        p.grad = torch.tensor([1.0, bad], dtype=torch.float16)
        assert not math.isfinite(clip_grad_norm([p], 0.5))
        assert p.grad[0] == 1.0
    with pytest.raises(ValueError, match="max_norm=0 must be greater than 0"):
        clip_grad_norm([p], 0)


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.norm, self.head = nn.Embedding(7, 3), nn.LayerNorm(3), nn.Linear(3, 7)
        self.head.weight = self.embed.weight
        self.frozen = nn.Parameter(torch.ones(2, 2), requires_grad=False)
        self.kernel, self.scale = nn.Parameter(torch.ones(2, 3, 4)), nn.Parameter(torch.ones(()))

    def forward(self, x):
        return self.head(self.norm(self.embed(x)))


def test_matrices_decay_and_vectors_do_not_each_once():
    model = Tied()
    matrices, others = decay_groups(model, 0.1)
    assert {id(p) for p in matrices["params"]} == {id(model.embed.weight), id(model.kernel)}
    named = (model.norm.weight, model.norm.bias, model.head.bias, model.scale)
    assert {id(p) for p in others["params"]} == {id(p) for p in named}
    assert (matrices["weight_decay"], others["weight_decay"]) == (0.1, 0.0)
    assert [len(g["params"]) for g in AdamW([matrices, others]).param_groups] == [2, 4]


# ---- accumulation


@pytest.mark.parametrize("sizes", [(2, 8), (10,), (1, 0, 5, 3)])
def test_micro_batches_give_the_gradients_of_the_large_batch(sizes):
    torch.manual_seed(0)
    model = Tied().double()
    other = copy.deepcopy(model)
    tokens, targets = torch.randint(7, (len(sizes), 10)), torch.randint(7, (len(sizes), 10))
    for row, size in zip(targets, sizes, strict=True):
        row[size:] = -100
    loss = accumulate(model, list(zip(tokens[:, None], targets[:, None], strict=True)))
    whole = F.cross_entropy(other(tokens).flatten(0, 1), targets.flatten())
    whole.backward()
    assert loss == pytest.approx(whole.item(), rel=1e-12)
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        assert (p.grad is None) == (q.grad is None)
        if p.grad is not None:
            torch.testing.assert_close(p.grad, q.grad)


def test_accumulating_nothing_is_refused():
    batch = (torch.zeros(1, 2, dtype=torch.int64), torch.full((1, 2), -100))
    with pytest.raises(ValueError, match="none of the 1 micro-batches has a target"):
        accumulate(Tied(), [batch])
