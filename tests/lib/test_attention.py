"""attend and attend_in_blocks against torch's scaled_dot_product_attention.

Every input is drawn from a fixed seed, so nothing here can fail by chance. The oracle for half precision is
torch in float64 on the same half-precision numbers.
"""

import pytest
import torch
import torch.nn.functional as F

from lib.attention import attend, attend_in_blocks, causal_mask, padding_mask

BOTH = pytest.mark.parametrize("function", [attend, attend_in_blocks])
# About ten times the rounding error of one number: 2**-53, 2**-24, 2**-11 and 2**-8 relative.
BY_DTYPE = pytest.mark.parametrize(
    ("dtype", "tolerance"),
    [(torch.float64, 1e-14), (torch.float32, 1e-6), (torch.float16, 4e-3), (torch.bfloat16, 3e-2)],
)


def random_qkv(T=5, S=7, B=2, H=3, K=8, dtype=torch.float32, seed=0):
    draw = torch.Generator().manual_seed(seed)
    q, k, v = (torch.randn(B, H, n, K, generator=draw, dtype=torch.float64) for n in (T, S, S))
    return q.to(dtype), k.to(dtype), v.to(dtype)


def value_and_gradients(function, q, k, v, mask):
    inputs = [x.detach().requires_grad_() for x in (q, k, v)]
    out = function(*inputs, mask)
    upstream = torch.linspace(-1, 1, out.numel(), dtype=out.dtype).view_as(out)
    return out, *torch.autograd.grad(out, inputs, upstream)


def assert_agrees_with_torch(function, q, k, v, mask, tolerance):
    """Compare value and gradients with torch's own, taken in float64 on the same numbers."""
    got = value_and_gradients(function, q, k, v, mask)
    want = value_and_gradients(F.scaled_dot_product_attention, q.double(), k.double(), v.double(), mask)
    for ours, theirs in zip(got, want, strict=True):
        assert ours.dtype == q.dtype
        size = max(1.0, theirs.abs().max().item())
        torch.testing.assert_close(ours.double(), theirs, rtol=0, atol=tolerance * size)


@BY_DTYPE
@BOTH
@pytest.mark.parametrize(("T", "S"), [(5, 5), (5, 7), (7, 5), (1, 1), (1, 6), (6, 1)])
def test_values_and_gradients_agree_with_torch(function, T, S, dtype, tolerance):
    assert_agrees_with_torch(function, *random_qkv(T, S, dtype=dtype), None, tolerance)


@BY_DTYPE
@BOTH
def test_masked_values_and_gradients_agree_with_torch(function, dtype, tolerance):
    # Batch entry 0 is all padding, so its rows may look at nothing.
    mask = causal_mask(5, 7) & padding_mask(torch.tensor([0, 4]), 7)
    assert_agrees_with_torch(function, *random_qkv(dtype=dtype), mask, tolerance)


@BY_DTYPE
@BOTH
def test_large_logits_agree_with_torch(function, dtype, tolerance):
    q, k, v = random_qkv(dtype=dtype)
    scores = 40 * q @ k.transpose(-2, -1) / 8**0.5
    assert scores.abs().max() > 100  # exp would overflow float32 without the maximum taken off first
    assert_agrees_with_torch(function, 40 * q, k, v, causal_mask(5, 7), 4 * tolerance)


@BOTH
def test_scores_beyond_the_range_of_float16_are_not_lost(function):
    q, k, v = random_qkv(dtype=torch.float16)
    q, k = 200 * q, 200 * k
    assert (q @ k.transpose(-2, -1)).isinf().any()  # beyond 65504
    want = F.scaled_dot_product_attention(q.double(), k.double(), v.double())
    torch.testing.assert_close(function(q, k, v).double(), want, rtol=2e-3, atol=2e-3)


@BOTH
def test_half_precision_scores_are_not_rounded_to_half_precision(function):
    """Scores from 1024 on are 8 apart in bfloat16: a softmax taken there could not tell these keys apart."""
    k = torch.full((1, 1, 2, 64), 8.0, dtype=torch.bfloat16)
    k[0, 0, 1, 0] = 8.0625
    q = torch.full((1, 1, 1, 64), 16.0, dtype=torch.bfloat16)
    v = torch.tensor([[[[0.0], [1.0]]]], dtype=torch.bfloat16).expand(1, 1, 2, 64)
    want = torch.sigmoid(torch.tensor(16 * 0.0625 / 8)).item()  # scores differ by 1/8 after the scale
    assert function(q, k, v)[0, 0, 0, 0].item() == pytest.approx(want, abs=2**-8)


@BOTH
@pytest.mark.parametrize(
    "shape",
    [(), (1,), (7,), (5, 1), (5, 7), (1, 7), (3, 1, 7), (1, 5, 7), (2, 1, 1, 7), (2, 3, 5, 1), (2, 3, 5, 7)],
)
def test_a_mask_of_any_rank_broadcasts(function, shape):
    mask = torch.rand(shape, generator=torch.Generator().manual_seed(1)) < 0.6
    full = mask.expand(2, 3, 5, 7)
    q, k, v = random_qkv()
    want = F.scaled_dot_product_attention(q, k, v, attn_mask=full)
    torch.testing.assert_close(function(q, k, v, mask), want, rtol=1e-6, atol=1e-6)


@BOTH
def test_non_contiguous_inputs_give_the_same_values(function):
    q, k, v = random_qkv()
    twisted = [x.transpose(1, 2).contiguous().transpose(1, 2) for x in (q, k, v)]
    mask = causal_mask(7, 7).T.contiguous().T[:5]
    assert not any(x.is_contiguous() for x in (*twisted, mask))
    torch.testing.assert_close(
        function(*twisted, mask), function(q, k, v, mask.contiguous()), rtol=1e-6, atol=1e-6
    )


@BOTH
@BY_DTYPE
def test_a_query_that_may_look_at_nothing_gets_zeros_and_sends_no_gradient(function, dtype, tolerance):
    mask = torch.ones(5, 7, dtype=torch.bool)
    mask[2] = False
    q, k, v = random_qkv(dtype=dtype)
    out, dq, dk, dv = value_and_gradients(function, q, k, v, mask)
    assert (out[:, :, 2] == 0).all()
    assert (dq[:, :, 2] == 0).all()
    # What reaches keys and values is what reaches them when the blind query is not there at all.
    without = [0, 1, 3, 4]
    inputs = [x.double().requires_grad_() for x in (q[:, :, without], k, v)]
    upstream = torch.linspace(-1, 1, out.numel(), dtype=dtype).view_as(out)[:, :, without].double()
    want = torch.autograd.grad(F.scaled_dot_product_attention(*inputs), inputs[1:], upstream)
    torch.testing.assert_close([dk.double(), dv.double()], list(want), rtol=tolerance, atol=tolerance)


@BOTH
def test_with_every_row_masked_values_and_gradients_are_exactly_zero(function):
    for out in value_and_gradients(function, *random_qkv(), torch.zeros(1, 1, dtype=torch.bool)):
        assert (out == 0).all()


@BOTH
@pytest.mark.filterwarnings("ignore:Anomaly Detection")
def test_no_nan_arises_even_on_the_way_to_the_gradients(function):
    q, k, v = (x.requires_grad_() for x in random_qkv())
    with torch.autograd.detect_anomaly(check_nan=True):  # raises at the operation that makes a NaN
        function(q, k, v, torch.zeros(1, 1, dtype=torch.bool)).sum().backward()


@BOTH
def test_a_later_token_cannot_change_an_earlier_output(function):
    q, k, v = random_qkv(T=6, S=6)
    before = function(q, k, v, causal_mask(6))
    k[:, :, 4:], v[:, :, 4:] = 99.0, -99.0
    after = function(q, k, v, causal_mask(6))
    assert torch.equal(after[:, :, :4], before[:, :, :4])
    assert not torch.isclose(after[:, :, 4:], before[:, :, 4:]).any()


@BOTH
def test_padding_cannot_change_an_output(function):
    q, k, v = random_qkv()
    mask = padding_mask(torch.tensor([3, 7]), 7)
    before = function(q, k, v, mask)
    k[0, :, 3:], v[0, :, 3:] = 99.0, -99.0
    assert torch.equal(function(q, k, v, mask), before)


@BOTH
def test_examples_of_a_batch_never_meet(function):
    q, k, v = random_qkv()
    before = function(q, k, v)
    for x in (q, k, v):
        x[1] = 5.0
    assert torch.equal(function(q, k, v)[0], before[0])


@BOTH
def test_inputs_are_left_as_they_were(function):
    inputs = (*random_qkv(), causal_mask(5, 7))
    copies = [x.clone() for x in inputs]
    function(*inputs)
    assert all(torch.equal(x, copy) for x, copy in zip(inputs, copies, strict=True))


@BOTH
def test_values_may_be_wider_than_keys(function):
    (q, k, _), (_, _, v) = random_qkv(K=8), random_qkv(K=11)
    want = F.scaled_dot_product_attention(q, k, v)
    torch.testing.assert_close(function(q, k, v), want, rtol=1e-6, atol=1e-6)


@BOTH
def test_a_device_without_data_is_kept(function):
    """On torch's "meta" device tensors have shapes only: a tensor made on the CPU would be refused there."""
    q, k, v = (x.to("meta") for x in random_qkv(dtype=torch.float16))
    mask = padding_mask(torch.tensor([1, 7]), 7).to("meta")
    out = function(q, k, v, mask)
    assert (out.device.type, out.dtype, out.shape) == ("meta", torch.float16, q.shape)


@BOTH
@pytest.mark.parametrize("dtype", [torch.float32, torch.int64])
def test_a_mask_that_is_not_boolean_is_refused(function, dtype):
    with pytest.raises(ValueError, match=rf"mask has dtype {dtype}; it must be boolean, True = may look"):
        function(*random_qkv(), torch.ones(5, 7, dtype=dtype))


@BOTH
def test_autocast_may_take_the_products_in_bfloat16(function):
    """A context for mixed precision narrows the matrix product inside, whatever its operands are."""
    draw = torch.Generator().manual_seed(0)
    q, k, v = (torch.randn(2, 3, 5, 8, generator=draw) for _ in range(3))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = function(q, k, v, causal_mask(5))
    torch.testing.assert_close(mixed.float(), attend(q, k, v, causal_mask(5)), rtol=0, atol=5e-2)
