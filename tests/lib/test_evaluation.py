"""An evaluation against torch on all targets at once, and the trace that it does not leave."""

import copy

import pytest
import torch
from torch import nn

from lib.training import evaluate
from tests.lib.small_training import Small, V, batch, of_whole, same


@pytest.mark.parametrize("seed", range(5))
def test_an_evaluation_weighs_by_tokens(seed):
    model, batches = Small(seed), [batch(seed, 1, 3), batch(seed + 9, 4, 7, ignored=0.8), batch(seed, 2, 2)]
    batches.append((batches[0][0], torch.full_like(batches[0][1], -100)))
    assert evaluate(model, iter(batches)) == pytest.approx(of_whole(model, batches).item(), rel=1e-12)


def test_an_evaluation_leaves_no_trace():
    model = nn.Sequential(Small(0, dropout=0.5), nn.Dropout(0.5), nn.Sequential(nn.Dropout(0.5)))
    model[1].eval()  # frozen in a model that trains
    model[2].eval()
    model[2][0].train()  # and the other way round
    for p in model.parameters():
        p.grad = torch.ones_like(p)
    kept = copy.deepcopy(model)
    before, modes = torch.get_rng_state(), [m.training for m in model.modules()]

    def drawn():
        for i in range(3):
            torch.rand(1)  # as a DataLoader does
            yield batch(i)

    first, second = evaluate(model, drawn()), evaluate(model, drawn())
    assert first == second
    assert [m.training for m in model.modules()] == modes
    assert torch.equal(torch.get_rng_state(), before)
    assert same(model, kept)
    assert all(torch.equal(p.grad, torch.ones_like(p)) for p in model.parameters())


def test_an_evaluation_that_fails_leaves_no_trace_either():
    model = Small(0)
    with pytest.raises(ValueError, match="targets has 11; with V=11"):
        evaluate(model, [(torch.zeros(1, 1).long(), torch.full((1, 1), V))])
    assert all(m.training for m in model.modules())


def test_an_evaluation_builds_no_graph():
    seen = []
    model = Small(0)
    model.register_forward_hook(lambda *_: seen.append((torch.is_grad_enabled(), model.training)))
    evaluate(model, [batch(0)])
    assert seen == [(False, False)]


@pytest.mark.parametrize("batches", [[], [(torch.zeros(1, 2).long(), torch.full((1, 2), -100))]])
def test_an_evaluation_of_nothing_is_refused(batches):
    with pytest.raises(ValueError, match="no target counts"):
        evaluate(Small(0), batches)
