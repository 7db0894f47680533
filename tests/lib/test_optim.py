"""Optimisers against torch.optim step by step, and the schedule against transformers."""

import pytest
import torch

from lib.muon import Muon
from lib.optim import SGD, Adam, AdamW, cosine_with_warmup
from lib.optimizer import Optimizer
from tests.support.gradients import give_gradients, parameters

STEPS = 200
PAIRS = {
    "sgd": (SGD, torch.optim.SGD, {"lr": 0.1}),
    "momentum": (SGD, torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
    "momentum and L2": (SGD, torch.optim.SGD, {"lr": 0.05, "momentum": 0.8, "weight_decay": 0.3}),
    "adam": (Adam, torch.optim.Adam, {"lr": 0.03}),
    "adam, eps and betas": (Adam, torch.optim.Adam, {"lr": 0.03, "betas": (0.8, 0.95), "eps": 0.05}),
    "adam and L2": (Adam, torch.optim.Adam, {"lr": 0.03, "weight_decay": 0.5}),
    "adamw": (AdamW, torch.optim.AdamW, {"lr": 0.3, "weight_decay": 0.5}),
    "adamw by default": (AdamW, torch.optim.AdamW, {}),
}


@pytest.mark.parametrize("name", PAIRS)
def test_an_optimiser_goes_torchs_way_for_200_steps(name):
    ours_class, theirs_class, settings = PAIRS[name]
    ours, theirs = parameters(), parameters()
    mine, yours = ours_class(ours, **settings), theirs_class(theirs, **settings, foreach=False)
    for step in range(STEPS):
        give_gradients(ours, step)
        give_gradients(theirs, step)
        kept = [None if p.grad is None else p.grad.clone() for p in ours]
        for optimizer in (mine, yours):
            for group in optimizer.param_groups:  # rates change between steps
                group["lr"] *= 1.05 if step % 2 else 0.95
            optimizer.step()
        for p, q, before in zip(ours, theirs, kept, strict=True):
            torch.testing.assert_close(p, q, rtol=1e-12, atol=1e-12)
            assert (p.grad is None) == (before is None)
            assert before is None or torch.equal(p.grad, before)


@pytest.mark.parametrize("make", [lambda ps: SGD(ps, 0.1, momentum=0.9), Adam, AdamW])
def test_gradients_that_are_zeroed_in_place_leave_the_state_alone(make):
    ps, qs = parameters(), parameters()
    mine, other = make(ps), make(qs)
    for step in range(3):
        give_gradients(ps, step)
        give_gradients(qs, step)
        mine.step()
        other.step()
        for p in ps:
            if p.grad is not None:
                p.grad.zero_()
        other.zero_grad()
        assert all(q.grad is None for q in qs)
    assert all(torch.equal(p, q) for p, q in zip(ps, qs, strict=True))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("make", [lambda ps: SGD(ps, 0.1, momentum=0.9), Adam, AdamW])
def test_half_precision_keeps_its_dtype_and_a_float32_state(make, dtype):
    p = torch.ones(3, dtype=dtype)
    p.grad = torch.tensor([300.0, 1e-3, -1.0], dtype=dtype)  # 300² does not fit into float16
    optimizer = make([p])
    optimizer.step()
    assert p.dtype == dtype
    assert p.isfinite().all()
    assert {v.dtype for v in optimizer.state[p].values() if isinstance(v, torch.Tensor)} == {torch.float32}


def test_l2_moves_what_has_no_gradient_by_the_full_rate_and_decoupled_decay_by_its_share():
    """By hand: rate 0.1, decay 0.5, two steps."""
    for make, expected in ((Adam, 0.8004), (AdamW, 0.9025)):
        p = torch.ones(1, dtype=torch.float64)
        optimizer = make([p], lr=0.1, weight_decay=0.5)
        for _ in range(2):
            p.grad = torch.zeros(1, dtype=torch.float64)
            optimizer.step()
        assert p.item() == pytest.approx(expected, abs=5e-5)


def test_a_state_that_is_saved_and_loaded_goes_on_as_if_nothing_had_been():
    ps, qs = parameters(), parameters()
    one, two = AdamW(ps), AdamW(qs)
    for step in range(10):
        give_gradients(ps, step)
        one.step()
    with torch.no_grad():
        for p, q in zip(ps, qs, strict=True):
            q.copy_(p)
    saved = one.state_dict()
    two.load_state_dict(saved)
    for step in range(10, 20):
        for optimizer, those in ((one, ps), (two, qs)):
            give_gradients(those, step)
            optimizer.step()
    assert all(torch.equal(p, q) for p, q in zip(ps, qs, strict=True))
    assert saved["state"][0]["t"] == 10  # a copy


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: SGD([p], lr=-1.0), "lr=-1.0 must not be negative"),
        (lambda p: Adam([p], betas=(0.9, 1.0)), r"betas=\(0.9, 1.0\) must lie in"),
        (lambda p: Adam([]), "0 parameters given; there must be one"),
        (lambda p: AdamW([p, p]), "2 parameters given; .* none may stand twice"),
        (
            lambda p: SGD([p], 0.1).load_state_dict(SGD([p, p + 1], 0.1).state_dict()),
            r"the saved state has \(2, 1\)",
        ),
        (lambda p: Muon([p], lr=0.1), r"Muon takes matrices, got parameters with \[1\] axes"),
    ],
)
def test_an_optimiser_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make(torch.ones(2))


def test_an_optimiser_without_update_says_so():
    p = torch.ones(1)
    p.grad = torch.ones(1)
    with pytest.raises(NotImplementedError):
        Optimizer([p]).step()


def test_groups_have_settings_of_their_own():
    p, q = torch.ones(1), torch.ones(1)
    optimizer = SGD([{"params": [p], "lr": 1.0}, {"params": [q]}], lr=0.1)
    p.grad = q.grad = torch.ones(1)
    optimizer.step()
    assert (p.item(), q.item()) == (0.0, pytest.approx(0.9))


# ---- schedule


def test_the_cosine_has_the_shape_of_transformers():
    """Their rise starts at 0 and ours at peak / warmup, so the fall alone is compared."""
    from transformers import get_cosine_schedule_with_warmup

    optimizer = torch.optim.SGD([torch.ones(1)], lr=2.0)
    theirs = get_cosine_schedule_with_warmup(optimizer, 5, 23)
    for step in range(23):
        if step >= 5:
            expected = optimizer.param_groups[0]["lr"]
            assert cosine_with_warmup(step, peak=2.0, warmup=5, total=23) == pytest.approx(
                expected, abs=1e-12
            )
        optimizer.step()
        theirs.step()


def test_the_ends_of_the_schedule():
    assert cosine_with_warmup(0, peak=1.0, warmup=0, total=4) == 1.0
    assert [cosine_with_warmup(s, peak=1.0, warmup=2, total=2) for s in range(3)] == [0.5, 1.0, 0.0]
    assert [cosine_with_warmup(s, peak=1.0, warmup=0, total=1, floor=0.3) for s in range(3)] == [
        1.0,
        0.3,
        0.3,
    ]
    assert {cosine_with_warmup(s, peak=1.0, warmup=0, total=9, floor=1.0) for s in range(12)} == {1.0}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"warmup": 7}, "warmup=7 must not be over total=6"),
        ({"floor": 2.0}, "floor=2.0 over peak=1.0"),
        ({"peak": -1.0}, "peak=-1.0 must not be negative"),
        ({"total": -1}, "total=-1 must not be negative"),
    ],
)
def test_the_schedule_refuses(wrong, message):
    with pytest.raises(ValueError, match=message):
        cosine_with_warmup(0, **{"peak": 1.0, "warmup": 2, "total": 6, **wrong})
