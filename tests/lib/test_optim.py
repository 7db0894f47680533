"""Optimisers against torch.optim step by step, schedule, clipping and accumulation against torch, transformers and by hand."""

import copy
import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from lib.muon import COEFFICIENTS, Muon, orthogonalise
from lib.optim import SGD, Adam, AdamW, accumulate, clip_grad_norm, cosine_with_warmup, decay_groups
from lib.optimizer import Optimizer

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


def parameters():
    """Matrices that are not square, a vector, a number, nothing at all; one joins late, one has no gradient."""
    g = torch.Generator().manual_seed(0)
    shapes = [(3, 5), (4,), (), (0,), (2, 2), (3,)]
    return [torch.randn(shape, generator=g, dtype=torch.float64).requires_grad_() for shape in shapes]


def give_gradients(ps, step):
    g = torch.Generator().manual_seed(step)
    for i, p in enumerate(ps):
        gradient = torch.randn(p.shape, generator=g, dtype=p.dtype) * (10.0 ** (i - 2))
        p.grad = None if i == 5 or (i == 4 and step < 7) or (i == 1 and step % 3 == 0) else gradient


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


# ---- Muon


@pytest.mark.parametrize("shape", [(3, 7), (7, 3), (4, 4), (1, 5)])
def test_orthogonalising_moves_singular_values_by_its_polynomial_and_keeps_the_vectors(shape):
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    u, s, vh = torch.linalg.svd(matrix, full_matrices=False)
    s = s / matrix.norm()
    a, b, c = COEFFICIENTS
    for _ in range(5):
        s = a * s + b * s**3 + c * s**5
    torch.testing.assert_close(orthogonalise(matrix), u @ torch.diag(s) @ vh, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(orthogonalise(1e-3 * matrix), orthogonalise(matrix), rtol=1e-9, atol=1e-9)


def test_zeros_stay_zeros():
    assert not orthogonalise(torch.zeros(2, 3)).any()


def test_muon_is_torchs_up_to_its_bfloat16():
    torch.manual_seed(0)
    p = torch.randn(6, 4).requires_grad_()
    q, start = p.detach().clone().requires_grad_(), p.detach().clone()
    mine = Muon([p], lr=0.02)
    yours = torch.optim.Muon([q], lr=0.02, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    for _ in range(20):
        p.grad = torch.randn(6, 4)
        q.grad = p.grad.clone()
        mine.step()
        yours.step()
    assert (p - q).norm() < 0.02 * (q - start).norm()
