"""The loss without the matrix of logits against torch's own with it."""

import pytest
import torch
from torch.nn import functional as F

from check import NoTensorAbove
from lib.linear_cross_entropy import linear_cross_entropy
from tests.support.torch_losses import generator


@pytest.mark.parametrize("chunk", [1, 3, 7, 100])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_the_loss_without_logits_has_the_same_value_and_gradients(chunk, dtype):
    g = generator(chunk)
    hidden, weight = (torch.randn(n, 5, generator=g).to(dtype).requires_grad_() for n in (7, 11))
    targets = torch.randint(11, (7,), generator=g)
    wide = torch.promote_types(dtype, torch.float32)
    loss = F.cross_entropy(hidden.to(wide) @ weight.to(wide).T, targets)
    expected = (loss, *torch.autograd.grad(loss, (hidden, weight)))
    found = linear_cross_entropy(hidden, weight, targets, chunk)
    for mine, yours in zip(found, expected, strict=True):
        assert mine.dtype == wide
        tolerance = 1e-2 if dtype == torch.bfloat16 else 1e-5  # torch's own gradients are rounded to bfloat16
        torch.testing.assert_close(mine, yours.to(wide), rtol=tolerance, atol=tolerance)


def test_the_loss_without_logits_refuses():
    with pytest.raises(ValueError, match="chunk=0 must be at least 1"):
        linear_cross_entropy(torch.zeros(1, 2), torch.zeros(3, 2), torch.zeros(1, dtype=torch.int64), 0)


def test_the_loss_without_logits_makes_no_tensor_near_their_size():
    hidden, weight, targets = torch.randn(64, 3), torch.randn(32, 3), torch.randint(32, (64,))
    with NoTensorAbove(64 * 32 // 4):
        linear_cross_entropy(hidden, weight, targets, chunk=8)
