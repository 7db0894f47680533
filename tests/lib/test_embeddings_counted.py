"""Co-occurrence and GloVe's loss are those of two loops."""

import math

import numpy as np
import pytest
import torch

from lib import embeddings

close = torch.testing.assert_close


def generator(seed):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("N", [0, 1, 2, 30])
@pytest.mark.parametrize("window", [1, 3, 10**12])
@pytest.mark.parametrize("harmonic", [True, False])
def test_cooccurrence_is_that_of_two_loops(N, window, harmonic):
    ids = torch.randint(4, (N,), generator=generator(N))
    expected = np.zeros((5, 5))
    for i in range(N):
        for j in range(max(0, i - window), i):
            for cell in ((ids[i], ids[j]), (ids[j], ids[i])):
                expected[cell] += 1 / (i - j) if harmonic else 1
    for dtype in (torch.int8, torch.int16, torch.int32, torch.int64):
        counts = embeddings.cooccurrence(ids.to(dtype), 5, window, harmonic)
        close(counts, torch.tensor(expected).float())


def test_a_word_beside_itself_counts_from_both_sides_and_many_thirds_do_not_drift():
    assert embeddings.cooccurrence(torch.tensor([0, 0, 0]), 1, 1).item() == 4
    many = embeddings.cooccurrence(torch.zeros(300_003, dtype=torch.int64), 1, 3)
    expected = 2 * (300_002 + 300_001 / 2 + 300_000 / 3)
    assert many.item() == pytest.approx(expected, rel=1e-7)


def glove_by_loops(w, w_ctx, b, b_ctx, counts, x_max, alpha):
    total = 0.0
    for i in range(len(counts)):
        for j in range(len(counts)):
            if (x := float(counts[i, j])) > 0:
                residual = float(w[i] @ w_ctx[j] + b[i] + b_ctx[j]) - math.log(x)
                total += min((x / x_max) ** alpha, 1) * residual**2
    return total


@pytest.mark.parametrize(("x_max", "alpha"), [(100.0, 0.75), (3.0, 0.75), (3.0, 0.0), (5.0, 1.0)])
def test_gloves_loss_is_that_of_two_loops(x_max, alpha):
    random = generator(5)
    counts = torch.randint(0, 6, (6, 6), generator=random).double()
    given = [torch.randn(shape, dtype=torch.float64, generator=random) for shape in ((6, 3), (6, 3), 6, 6)]
    loss = embeddings.glove_loss(*given, counts, x_max, alpha)
    close(loss.item(), glove_by_loops(*given, counts, x_max, alpha))
    assert torch.autograd.gradcheck(
        lambda *x: embeddings.glove_loss(*x, counts, x_max, alpha), [x.requires_grad_() for x in given]
    )


def test_where_nothing_was_counted_glove_asks_nothing():
    w, w_ctx = (torch.randn(3, 2, requires_grad=True) for _ in range(2))
    b, b_ctx = (torch.randn(3, requires_grad=True) for _ in range(2))
    loss = embeddings.glove_loss(w, w_ctx, b, b_ctx, torch.zeros(3, 3))
    assert loss.item() == 0
    for gradient in torch.autograd.grad(loss, (w, w_ctx, b, b_ctx)):
        assert not gradient.any()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_gloves_loss_of_half_precision_is_float32s(dtype):
    given = [x.to(dtype) for x in (torch.ones(2, 3), torch.ones(2, 3), torch.ones(2), torch.ones(2))]
    loss = embeddings.glove_loss(*given, torch.full((2, 2), 7.0, dtype=dtype))
    close(loss, torch.tensor(4 * 0.07**0.75 * (5 - math.log(7)) ** 2, dtype=torch.float32))
