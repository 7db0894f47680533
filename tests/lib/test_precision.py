"""Loss scaling against torch's own scaler, step by step, and which operations have 16 bits."""

import pytest
import torch
from torch.nn import functional as F

from lib.precision import LossScaler, autocast


@pytest.mark.parametrize("seed", range(10))
def test_the_scale_goes_the_way_of_torchs(seed):
    g = torch.Generator().manual_seed(seed)
    settings = {"scale": 2.0**10, "growth": 2.0, "backoff": 0.5, "interval": 3}
    ours = LossScaler(**settings)
    theirs = torch.amp.GradScaler(
        "cpu", init_scale=2.0**10, growth_factor=2.0, backoff_factor=0.5, growth_interval=3
    )
    p, q = (torch.ones(4, requires_grad=True) for _ in range(2))
    mine, yours = torch.optim.SGD([p], 0.1, momentum=0.9), torch.optim.SGD([q], 0.1, momentum=0.9)
    for _ in range(40):
        x = torch.randn(4, generator=g)
        if torch.rand((), generator=g) < 0.25:
            x[torch.randint(4, (), generator=g)] = torch.inf
        for one, optimizer in ((p, mine), (q, yours)):
            optimizer.zero_grad()
            (ours.scaled((one * x).sum()) if one is p else theirs.scale((one * x).sum())).backward()
        finite = ours.unscale([p])
        if finite:
            mine.step()
        ours.update(finite)
        theirs.step(yours)
        theirs.update()
        assert ours.scale == theirs.get_scale()
        assert torch.equal(p, q)
    assert ours.scale != 2.0**10


def test_every_gradient_is_looked_at_and_divided_once():
    ps = [torch.zeros(3, requires_grad=True) for _ in range(3)]
    ps[0].grad, ps[2].grad = torch.tensor([8.0, 16.0, 24.0]), torch.ones(3)
    scaler = LossScaler(scale=8.0)
    assert scaler.unscale(iter(ps))
    assert ps[0].grad.tolist() == [1.0, 2.0, 3.0]
    assert ps[1].grad is None
    for bad in (torch.inf, -torch.inf, torch.nan):
        ps[2].grad = torch.tensor([1.0, 1.0, bad])
        assert not scaler.unscale(ps)
    assert scaler.unscale([])


def test_good_steps_count_from_the_last_change():
    scaler = LossScaler(scale=8.0, interval=3)
    scales = []
    for finite in (True, True, False, True, True, True, True, True, True):
        scaler.update(finite)
        scales.append(scaler.scale)
    assert scales == [8, 8, 4, 4, 4, 8, 8, 8, 16]


def test_it_goes_on_from_its_state():
    one, other = LossScaler(scale=8.0, interval=3), LossScaler(interval=3)
    one.update(True)
    one.update(True)
    other.load(one.state())
    for scaler in (one, other):
        scaler.update(True)
        assert (scaler.scale, scaler.good) == (16.0, 0)


@pytest.mark.parametrize(
    "settings", [{"scale": 0.0}, {"growth": 1.0}, {"backoff": 1.0}, {"backoff": 0.0}, {"interval": 0}]
)
def test_settings_that_cannot_work_are_refused(settings):
    ((name, value),) = settings.items()
    with pytest.raises(ValueError, match=f"{name}={value}"):
        LossScaler(**settings)


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_products_have_16_bits_and_the_loss_has_32(precision):
    with autocast("cpu", precision):
        logits = torch.ones(2, 3) @ torch.ones(3, 4)
        loss = F.cross_entropy(logits, torch.tensor([0, 1]))
    assert (logits.dtype, loss.dtype) == (getattr(torch, precision), torch.float32)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_float32_changes_nothing(dtype):
    with autocast(torch.device("cpu"), "float32"):
        assert (torch.ones(1, 1, dtype=dtype) @ torch.ones(1, 1, dtype=dtype)).dtype == dtype


def test_an_unknown_precision_is_refused():
    with pytest.raises(ValueError, match="precision='fp16' is none of float32, bfloat16, float16"):
        autocast("cpu", "fp16")
