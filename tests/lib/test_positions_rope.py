"""RoPE against complex numbers in Python's floats and against transformers: GPT-J turns interleaved pairs as we do,
Llama split halves, which the conversions of the weights make equal.

Every input is drawn from a fixed seed, so nothing here can fail by chance.
"""

import cmath
import math
import re

import pytest
import torch
from transformers import LlamaConfig
from transformers.models.gptj import modeling_gptj as gptj
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb

from lib.positions import apply_rope, interleaved_to_split, rope_angles, split_to_interleaved

# About ten times the rounding error of one number: 2**-53, 2**-24, 2**-11 and 2**-8 relative.
BY_DTYPE = pytest.mark.parametrize(
    ("dtype", "tolerance"),
    [(torch.float64, 1e-14), (torch.float32, 1e-6), (torch.float16, 4e-3), (torch.bfloat16, 3e-2)],
)
ANY_ORDER = torch.tensor([[4, 0, 17, 3, 900], [3, 3, 0, 250, 1]])  # (B, T)


def draw(*shape, dtype=torch.float64, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


def by_complex_numbers(x, positions, base=10000.0):
    """Return x turned one pair at a time; positions is (B, T)."""
    K, out = x.shape[-1], torch.empty_like(x, dtype=torch.float64)
    for (b, h, t), pairs in zip(
        torch.cartesian_prod(*map(torch.arange, x.shape[:3])).tolist(),
        x.double().unflatten(-1, (-1, 2)).flatten(0, 2).tolist(),
        strict=True,
    ):
        for i, (real, imaginary) in enumerate(pairs):
            angle = positions[b, t].item() * math.pow(base, -2 * i / K)
            turned = complex(real, imaginary) * cmath.exp(1j * angle)
            out[b, h, t, 2 * i : 2 * i + 2] = torch.tensor([turned.real, turned.imag], dtype=torch.float64)
    return out


def scores(q, k):
    return q @ k.transpose(-2, -1)


# ---- angles


@pytest.mark.parametrize("base", [10000.0, 500000.0, 3.0])
@pytest.mark.parametrize(
    "positions", [[0, 1, 2], [1_000_000, 999_999], [0.25, -3.5], [[5, 1, 2], [7, 7, 0]], 6]
)
def test_angles_are_the_position_times_a_falling_power_of_the_base(positions, base):
    positions, K = torch.tensor(positions), 6
    got = rope_angles(positions, K, base)
    assert got.shape == (*positions.shape, 3)
    assert got.dtype == torch.float32
    want = [[p * math.pow(base, -2 * i / K) for i in range(3)] for p in positions.flatten().tolist()]
    want = torch.tensor(want, dtype=torch.float64).view(got.shape)
    torch.testing.assert_close(got.double(), want, rtol=2**-24, atol=0)  # rounded once
    torch.testing.assert_close(rope_angles(positions, K, base, torch.float64), want, rtol=1e-15, atol=0)


@pytest.mark.parametrize("dtype", [torch.int32, torch.int64, torch.float16, torch.float32, torch.float64])
def test_positions_of_any_dtype_give_the_same_angles(dtype):
    positions = torch.tensor([2047, 3, 0])
    assert torch.equal(rope_angles(positions.to(dtype), 8), rope_angles(positions, 8))


@pytest.mark.parametrize("base", [0.0, -1.0])
def test_a_base_that_is_not_positive_is_refused(base):
    with pytest.raises(ValueError, match=f"^base={base} must be greater than 0$"):
        rope_angles(torch.arange(3), 4, base)
    with pytest.raises(ValueError, match=f"^base={base} must be greater than 0$"):
        apply_rope(draw(1, 1, 3, 4), torch.arange(3), base)


@pytest.mark.parametrize("K", [1, 5])
def test_an_odd_width_is_refused(K):
    with pytest.raises(ValueError, match=f"^K={K} must be even: rotations need pairs$"):
        rope_angles(torch.arange(3), K)
    with pytest.raises(ValueError, match=f"^K={K} must be even: rotations need pairs$"):
        apply_rope(draw(2, 2, 3, K), torch.arange(3))


# ---- turning


@BY_DTYPE
@pytest.mark.parametrize("base", [10000.0, 50.0])
def test_values_and_gradients_are_those_of_complex_numbers(base, dtype, tolerance):
    x, upstream = draw(2, 3, 5, 8, dtype=dtype).requires_grad_(), draw(2, 3, 5, 8, dtype=dtype, seed=1)
    out = apply_rope(x, ANY_ORDER, base)
    (gradient,) = torch.autograd.grad(out, x, upstream)
    assert out.dtype == gradient.dtype == dtype
    want = by_complex_numbers(x, ANY_ORDER, base)
    torch.testing.assert_close(out.double(), want, rtol=tolerance, atol=tolerance)
    # A rotation's transpose turns back: that is what the gradient goes through.
    want = by_complex_numbers(upstream, -ANY_ORDER, base)
    torch.testing.assert_close(gradient.double(), want, rtol=tolerance, atol=tolerance)


def test_values_and_gradients_are_those_of_gpt_j():
    x, upstream = draw(2, 3, 12, 8).requires_grad_(), draw(2, 3, 12, 8, seed=1)
    positions = torch.stack(
        [torch.randperm(40, generator=torch.Generator().manual_seed(s))[:12] for s in (2, 3)]
    )
    sin, cos = gptj.create_sinusoidal_positions(40, 8)[positions].double().split(4, dim=-1)
    want = gptj.apply_rotary_pos_emb(x.transpose(1, 2), sin, cos).transpose(1, 2)
    got = apply_rope(x, positions)
    # Their sines are of angles in float32, here up to 40: half a unit in the last place is 2e-6.
    torch.testing.assert_close(got, want, rtol=0, atol=1e-5)
    of_ours, of_theirs = (torch.autograd.grad(y, x, upstream)[0] for y in (got, want))
    torch.testing.assert_close(of_ours, of_theirs, rtol=0, atol=1e-5)


@pytest.mark.parametrize("shift", [1, 37, -200, 1_000_000])
def test_scores_depend_on_differences_of_positions_alone(shift):
    q, k, at = draw(2, 3, 5, 8), draw(2, 3, 5, 8, seed=1), ANY_ORDER
    before = scores(apply_rope(q, at), apply_rope(k, at))
    after = scores(apply_rope(q, at + shift), apply_rope(k, at + shift))
    # An angle of 1,000,000 has a rounding error of 1e-10 in float64.
    torch.testing.assert_close(after, before, rtol=0, atol=1e-8)
    only_keys = scores(apply_rope(q, at), apply_rope(k, at + shift))
    assert (only_keys - before).abs().max() > 0.1


def test_at_position_1_000_000_float32_is_as_exact_as_at_position_0():
    x, far = draw(2, 3, 5, 64, dtype=torch.float32), ANY_ORDER + 1_000_000
    torch.testing.assert_close(apply_rope(x, far).double(), by_complex_numbers(x, far), rtol=0, atol=1e-6)


def test_lengths_are_kept_and_position_0_changes_nothing():
    x = draw(2, 3, 5, 8)
    out = apply_rope(x, ANY_ORDER)
    lengths = [y.unflatten(-1, (4, 2)).norm(dim=-1) for y in (out, x)]
    torch.testing.assert_close(*lengths, rtol=1e-14, atol=0)
    assert torch.equal(apply_rope(x, torch.zeros(5)), x)
    assert not torch.isclose(out[0, :, 0], x[0, :, 0]).any()


def test_turning_back_gives_back_what_was_there():
    x = draw(2, 3, 5, 8)
    torch.testing.assert_close(apply_rope(apply_rope(x, ANY_ORDER), -ANY_ORDER), x, rtol=0, atol=1e-14)


@pytest.mark.parametrize(("B", "H", "T"), [(2, 3, 5), (3, 3, 5), (5, 2, 5), (2, 5, 5), (4, 4, 4), (1, 1, 1)])
def test_every_sequence_of_a_batch_has_its_own_positions_and_its_heads_share_them(B, H, T):
    x, at = draw(B, H, T, 6), torch.randint(0, 99, (B, T), generator=torch.Generator().manual_seed(1))
    alone = [apply_rope(x[b : b + 1, h : h + 1], at[b]) for b in range(B) for h in range(H)]
    assert torch.equal(apply_rope(x, at), torch.cat(alone).view(B, H, T, 6))
    assert torch.equal(apply_rope(x, at[0]), apply_rope(x, at[:1].expand(B, T)))


def test_tokens_and_positions_may_come_in_any_order():
    x, at, order = draw(2, 3, 5, 8), ANY_ORDER[0], torch.tensor([3, 1, 4, 0, 2])
    assert torch.equal(apply_rope(x[:, :, order], at[order]), apply_rope(x, at)[:, :, order])


def test_half_precision_is_turned_in_float32():
    """Near a turn of 45° two large numbers all but cancel: what is rounded before is seen after."""
    x = torch.tensor([[[[1000.0, 1000.0]]]], dtype=torch.float16)
    at = torch.tensor([math.pi / 4 - 0.001], dtype=torch.float64)
    want = 1000 * (math.cos(at.item()) - math.sin(at.item()))  # 1.414
    assert apply_rope(x, at)[0, 0, 0, 0].item() == pytest.approx(want, abs=2**-10)


def test_positions_in_half_precision_are_taken_as_they_are():
    at = torch.tensor([2047.0, 0.5], dtype=torch.float16)
    x = draw(1, 1, 2, 8, dtype=torch.float16)
    want = by_complex_numbers(x, at[None])
    torch.testing.assert_close(apply_rope(x, at).double(), want, rtol=4e-3, atol=4e-3)


@pytest.mark.parametrize("shape", [(0, 3, 5, 8), (2, 0, 5, 8), (2, 3, 0, 8), (1, 1, 1, 2)])
def test_empty_and_smallest_shapes_are_kept(shape):
    assert apply_rope(draw(*shape), torch.arange(shape[2])).shape == shape


def test_the_inputs_are_left_as_they_were():
    x, at = draw(2, 3, 5, 8), ANY_ORDER.clone()
    copy = x.clone()
    apply_rope(x, at)
    assert torch.equal(x, copy)
    assert torch.equal(at, ANY_ORDER)


def test_inputs_that_are_not_contiguous_give_the_same_values():
    x, at = draw(2, 5, 3, 8).transpose(1, 2), ANY_ORDER.T.contiguous().T
    assert not x.is_contiguous()
    assert not at.is_contiguous()
    assert torch.equal(apply_rope(x, at), apply_rope(x.contiguous(), at.contiguous()))


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_a_device_without_data_is_kept_wherever_the_positions_lie(device):
    out = apply_rope(draw(2, 3, 5, 8, dtype=torch.bfloat16).to("meta"), ANY_ORDER.to(device))
    assert (out.device.type, out.dtype, out.shape) == ("meta", torch.bfloat16, (2, 3, 5, 8))


@pytest.mark.parametrize("shape", [(4,), (6,), (1,), (), (3, 5), (1, 5), (5, 2), (2, 4), (2, 3, 5)])
def test_another_number_of_positions_is_refused(shape):
    message = f"positions has shape {tuple(shape)}; it must be (5,) or (2, 5)"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        apply_rope(draw(2, 3, 5, 8), torch.ones(shape))


# ---- the two layouts


def llama_turned(q, k, positions, base):
    """Turn q and k (B, H, T, K) as transformers' Llama does, in float64."""
    parameters = {"rope_type": "default", "rope_theta": base}
    config = LlamaConfig(head_dim=q.shape[-1], rope_parameters=parameters)
    # It takes the angles in float32 whatever comes in; positions here stay small enough for that.
    cos, sin = LlamaRotaryEmbedding(config)(q, positions)
    return apply_rotary_pos_emb(q, k, cos, sin)


def projected(x, weight, bias, n_heads):
    return (x @ weight.T + bias).unflatten(-1, (n_heads, -1)).transpose(1, 2)


@pytest.mark.parametrize("base", [10000.0, 500000.0])
@pytest.mark.parametrize(("n_heads", "n_kv_heads", "K"), [(4, 4, 6), (4, 2, 16), (3, 1, 2), (1, 1, 10)])
@pytest.mark.parametrize("ours_first", [True, False])
def test_converted_projections_have_the_scores_of_transformers_llama(
    n_heads, n_kv_heads, K, base, ours_first
):
    D, x = 20, draw(2, 5, 20)
    at = torch.tensor([[4, 0, 17, 3, 30], [3, 3, 0, 25, 1]])
    heads = (n_heads, n_kv_heads)
    mine = [(draw(n * K, D, seed=n), draw(n * K, seed=9)) for n in heads]
    theirs = [(draw(n * K, D, seed=n), draw(n * K, seed=9)) for n in heads]
    if ours_first:
        theirs = [
            tuple(interleaved_to_split(p, n) for p in pair) for pair, n in zip(mine, heads, strict=True)
        ]
    else:
        mine = [
            tuple(split_to_interleaved(p, n) for p in pair) for pair, n in zip(theirs, heads, strict=True)
        ]
    q, k = (apply_rope(projected(x, *pair, n), at, base) for pair, n in zip(mine, heads, strict=True))
    q_llama, k_llama = llama_turned(
        *(projected(x, *pair, n) for pair, n in zip(theirs, heads, strict=True)), at, base
    )
    shared = n_heads // n_kv_heads
    got, want = (scores(a, b.repeat_interleave(shared, 1)) for a, b in ((q, k), (q_llama, k_llama)))
    # Llama's angles up to 30 in float32 are off by 1e-6, and scores here are sums of about 100.
    torch.testing.assert_close(got, want, rtol=0, atol=2e-3)
    if K > 2:
        unconverted = llama_turned(
            *(projected(x, *pair, n) for pair, n in zip(mine, heads, strict=True)), at, base
        )
        assert (scores(unconverted[0], unconverted[1].repeat_interleave(shared, 1)) - want).abs().max() > 1


# Worked by hand: the rows of one head of width 6 are three pairs, a A b B c C, or two halves, a b c A B C.
INTERLEAVED, HALVES = "aAbBcCdDeEfF", "abcABCdefDEF"


def rows(letters, D=None):
    numbers = torch.tensor([float(ord(letter)) for letter in letters])
    return numbers if D is None else numbers[:, None] + torch.arange(D) / 8


@pytest.mark.parametrize("D", [None, 1, 5])
def test_each_conversion_moves_the_rows_as_worked_by_hand(D):
    assert torch.equal(interleaved_to_split(rows(INTERLEAVED, D), 2), rows(HALVES, D))
    assert torch.equal(split_to_interleaved(rows(HALVES, D), 2), rows(INTERLEAVED, D))


@pytest.mark.parametrize(("n_heads", "K"), [(1, 8), (3, 4), (5, 2), (2, 64)])
def test_each_conversion_undoes_the_other_and_keeps_gradients(n_heads, K):
    weight = draw(n_heads * K, 7).requires_grad_()
    upstream = draw(n_heads * K, 7, seed=1)
    for first, second in [
        (interleaved_to_split, split_to_interleaved),
        (split_to_interleaved, interleaved_to_split),
    ]:
        assert torch.equal(second(first(weight, n_heads), n_heads), weight)
        (gradient,) = torch.autograd.grad(first(weight, n_heads), weight, upstream)
        assert torch.equal(gradient, second(upstream, n_heads))


@pytest.mark.parametrize("convert", [interleaved_to_split, split_to_interleaved])
def test_a_conversion_keeps_dtype_and_device_and_leaves_its_input(convert):
    weight = draw(12, 5, dtype=torch.bfloat16)
    copy = weight.clone()
    assert convert(weight, 2).dtype == torch.bfloat16
    assert torch.equal(weight, copy)
    assert convert(weight.to("meta"), 2).device.type == "meta"
    assert torch.equal(convert(draw(5, 12).T, 2), convert(draw(5, 12).T.contiguous(), 2))


@pytest.mark.parametrize("convert", [interleaved_to_split, split_to_interleaved])
@pytest.mark.parametrize(
    ("shape", "n_heads", "message"),
    [
        ((12, 5), 4, "weight has 12 rows; it must be a multiple of 2 * n_heads=8"),  # heads of width 3
        ((12,), 5, "weight has 12 rows; it must be a multiple of 2 * n_heads=10"),
        ((12, 5), 0, "n_heads=0 must be at least 1"),
        ((12, 5), -2, "n_heads=-2 must be at least 1"),
    ],
)
def test_rows_that_are_not_heads_of_an_even_width_are_refused(convert, shape, n_heads, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        convert(draw(*shape), n_heads)
