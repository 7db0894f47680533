"""Cross-entropy against torch's own, by value and gradient, and against numbers worked by hand."""

import math

import pytest
import torch

from lib.cross_entropy import cross_entropy
from tests.support.torch_losses import TOLERANCE, compare, draw, torchs

SHAPES = [(5,), (3, 5), (2, 5, 5), (1, 4, 7), (2, 1, 3, 6), (1, 1)]  # the last axis is V


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
def test_cross_entropy_is_torchs_in_value_and_gradient(shape, dtype, smoothing):
    logits, targets = draw(shape, dtype)
    ours = cross_entropy(logits, targets, label_smoothing=smoothing)
    assert ours.dtype == torch.promote_types(dtype, torch.float32)
    compare(ours, torchs(logits, targets, label_smoothing=smoothing), logits)


@pytest.mark.parametrize("ignored", [-100, -1, 0, 3])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_ignored_rows_count_for_nothing_whatever_stands_in_them(ignored, smoothing):
    logits, targets = draw((4, 6))
    targets[1] = targets[3] = ignored
    targets[0], targets[2] = 5, 4
    options = {"ignore_index": ignored, "label_smoothing": smoothing}
    theirs = torchs(logits, targets, **options)
    spoilt = logits.detach().clone()
    spoilt[1], spoilt[3] = torch.inf, torch.nan
    spoilt.requires_grad_()
    ours = cross_entropy(spoilt, targets, **options)
    torch.testing.assert_close(ours, theirs)
    (mine,), (yours,) = torch.autograd.grad(ours, spoilt), torch.autograd.grad(theirs, logits)
    torch.testing.assert_close(mine, yours)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("size", [95.0, 1e4])
@pytest.mark.parametrize("target", [0, 1])
def test_cross_entropy_holds_at_large_logits(dtype, size, target):
    logits = torch.tensor([[size, -size, 0.0]], dtype=dtype, requires_grad=True)
    loss = cross_entropy(logits, torch.tensor([target]))
    assert loss.item() == (2 * size if target else 0.0)
    (gradient,) = torch.autograd.grad(loss, logits)
    assert gradient[0].tolist() == pytest.approx([1.0, -1.0, 0.0] if target else [0.0, 0.0, 0.0], abs=1e-30)


def test_where_nothing_counts_the_loss_is_zero_with_zero_gradients():
    for logits, targets in [
        (torch.randn(3, 4, requires_grad=True), torch.full((3,), -100)),
        (torch.randn(0, 4, requires_grad=True), torch.zeros(0, dtype=torch.int64)),
    ]:
        loss = cross_entropy(logits, targets)
        (gradient,) = torch.autograd.grad(loss, logits)
        assert loss.item() == 0
        assert not gradient.any()


def test_the_first_loss_of_a_model_that_knows_nothing_is_ln_v():
    assert cross_entropy(torch.zeros(7, 80), torch.arange(7)).item() == pytest.approx(math.log(80))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((torch.zeros(2, 3), torch.zeros(3, dtype=torch.int64)), r"targets torch.int64 \(3,\) must have one"),
        ((torch.zeros(2, 3), torch.zeros(2, dtype=torch.int32)), "targets are torch.int32; they must be"),
        (
            (torch.zeros(2, 3), torch.tensor([0, 3])),
            "targets has 3; a target must lie from 0 to 2 or be -100",
        ),
        ((torch.zeros(2, 3), torch.tensor([-1, 0])), "targets has -1"),
        ((torch.zeros(1, 3), torch.tensor([0]), -100, 1.5), "label_smoothing=1.5 must lie between 0 and 1"),
    ],
)
def test_cross_entropy_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        cross_entropy.__wrapped__(*arguments)  # the shapes are refused by the tests' own check, too
