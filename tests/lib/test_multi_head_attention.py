"""MultiHeadAttention against torch's nn.MultiheadAttention and against grouped heads of torch's attention.

Every input is drawn from a fixed seed, so nothing here can fail by chance.
"""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.func import functional_call

from lib.attention import MultiHeadAttention, causal_mask, padding_mask


def layer(d_model=24, n_heads=4, n_kv_heads=None, bias=True, dtype=torch.float64):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return MultiHeadAttention(d_model, n_heads, n_kv_heads, bias).to(dtype)


def tokens(*shape, dtype=torch.float64, seed=1):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


def state_for_torch(ours):
    """Return our parameters under the names and in the layout of nn.MultiheadAttention."""
    state = {}
    for kind in ["weight", "bias"] if ours.out.bias is not None else ["weight"]:
        state[f"in_proj_{kind}"] = torch.cat([getattr(p, kind) for p in (ours.query, ours.key, ours.value)])
        state[f"out_proj.{kind}"] = getattr(ours.out, kind)
    return state


def torch_layer(ours):
    d_model, bias = ours.out.in_features, ours.out.bias is not None
    return nn.MultiheadAttention(
        d_model, ours.n_heads, bias=bias, batch_first=True, dtype=ours.out.weight.dtype
    )


def torch_forward(ours, x, context, **masks):
    """Run nn.MultiheadAttention on our own parameters, so that gradients reach them."""
    inputs = (x, context, context)
    return functional_call(
        torch_layer(ours), state_for_torch(ours), inputs, {"need_weights": False, **masks}
    )[0]


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("n_heads", [1, 4, 24])
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-14), (torch.float32, 2e-6)])
def test_self_attention_agrees_with_torch(n_heads, bias, dtype, tolerance):
    ours, x = layer(n_heads=n_heads, bias=bias, dtype=dtype), tokens(2, 5, 24, dtype=dtype)
    theirs = torch_layer(ours)
    theirs.load_state_dict(state_for_torch(ours))  # strict: no parameter is missing and none is left over
    want, _ = theirs(x, x, x, need_weights=False)
    torch.testing.assert_close(ours(x), want, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("bias", [True, False])
def test_masked_cross_attention_agrees_with_torch_in_values_and_gradients(bias):
    ours, x, context = layer(bias=bias), tokens(2, 5, 24), tokens(2, 7, 24, seed=2)
    mask, padding = causal_mask(5, 7), padding_mask(torch.tensor([3, 7]), 7)
    leaves = [x.requires_grad_(), context.requires_grad_(), *ours.parameters()]
    got = ours(x, context, mask & padding)
    # nn.MultiheadAttention has it the other way round: True = may not look.
    want = torch_forward(ours, x, context, attn_mask=~mask, key_padding_mask=~padding[:, 0, 0])
    torch.testing.assert_close(got, want, rtol=1e-14, atol=1e-14)
    of_ours, of_theirs = (torch.autograd.grad(y, leaves, tokens(2, 5, 24, seed=3)) for y in (got, want))
    torch.testing.assert_close(of_ours, of_theirs, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float16, 2e-3), (torch.bfloat16, 2e-2)])
def test_half_precision_agrees_with_torch_in_float64(dtype, tolerance):
    ours, x = layer(dtype=dtype), tokens(2, 5, 24, dtype=dtype)
    got = ours(x, mask=causal_mask(5))
    want = torch_forward(ours.double(), x.double(), x.double(), attn_mask=~causal_mask(5))
    assert got.dtype == dtype
    torch.testing.assert_close(got.double(), want, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("shape", [(1, 5, 24), (2, 1, 24), (1, 1, 24)])
def test_one_example_and_one_token_agree_with_torch(shape):
    ours, x = layer(), tokens(*shape)
    torch.testing.assert_close(ours(x), torch_forward(ours, x, x), rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("n_kv_heads", [1, 2, 3, 6])
def test_grouped_queries_agree_with_torch(n_kv_heads):
    ours, x = layer(n_heads=6, n_kv_heads=n_kv_heads), tokens(2, 5, 24)
    q = ours.query(x).view(2, 5, 6, 4).transpose(1, 2)
    k, v = (p(x).view(2, 5, n_kv_heads, 4).transpose(1, 2) for p in (ours.key, ours.value))
    mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
    want = ours.out(mixed.transpose(1, 2).reshape(2, 5, 24))
    torch.testing.assert_close(ours(x, mask=causal_mask(5)), want, rtol=1e-14, atol=1e-14)


def test_grouped_queries_are_full_attention_with_repeated_key_and_value_weights():
    grouped, full, x = layer(n_heads=4, n_kv_heads=2), layer(n_heads=4), tokens(2, 5, 24)
    state = grouped.state_dict()
    for name in ("key", "value"):
        by_head = [state[f"{name}.weight"].view(2, 6, 24), state[f"{name}.bias"].view(2, 6)]
        state[f"{name}.weight"], state[f"{name}.bias"] = (
            w.repeat_interleave(2, 0).flatten(0, 1) for w in by_head
        )
    full.load_state_dict(state)
    torch.testing.assert_close(grouped(x), full(x), rtol=1e-14, atol=1e-14)


def test_without_a_context_a_sequence_reads_itself():
    ours, x = layer(), tokens(2, 5, 24)
    assert torch.equal(ours(x), ours(x, context=x))


@pytest.mark.parametrize("feature", [0, 11, 23])
def test_every_head_sees_every_input_feature(feature):
    """The input is projected for every head, not cut into slices, one for each head."""
    ours, x = layer(), tokens(1, 5, 24)
    ours.out = nn.Identity()  # leaves the heads side by side
    nudged = x.clone()
    nudged[..., feature] += tokens(5)
    moved = (ours(nudged) - ours(x)).view(5, 4, 6).abs().amax(dim=(0, 2))  # by head
    assert (moved > 1e-3).all()


@pytest.mark.parametrize(
    ("n_kv_heads", "bias", "count"),
    # Worked by hand for D = 24 and K = 6: query and out have 24 * 24 weights each, key and value 24 * 6 G.
    [(4, False, 2304), (4, True, 2400), (2, False, 1728), (1, False, 1440), (1, True, 1500)],
)
def test_the_parameters_are_as_many_as_the_formula_says(n_kv_heads, bias, count):
    assert sum(p.numel() for p in layer(n_kv_heads=n_kv_heads, bias=bias).parameters()) == count


def test_examples_of_a_batch_never_meet():
    ours, x = layer(), tokens(2, 5, 24)
    before = ours(x)
    x[1] = 5.0
    assert torch.equal(ours(x)[0], before[0])


def test_a_query_that_may_look_at_nothing_gets_the_bias_of_the_output_alone():
    ours, x = layer(), tokens(2, 5, 24).requires_grad_()
    out = ours(x, mask=padding_mask(torch.tensor([0, 5]), 5))
    assert torch.equal(out[0], ours.out.bias.expand(5, 24))
    (gradient,) = torch.autograd.grad(out[0].sum(), x)
    assert (gradient == 0).all()


@pytest.mark.parametrize("n_heads", [0, -1, 5, 48])
def test_heads_that_do_not_divide_the_width_are_refused(n_heads):
    with pytest.raises(ValueError, match=f"n_heads={n_heads} must divide d_model=24"):
        MultiHeadAttention(24, n_heads)


@pytest.mark.parametrize("n_kv_heads", [0, -2, 3, 8])
def test_key_value_heads_that_do_not_divide_the_heads_are_refused(n_kv_heads):
    with pytest.raises(ValueError, match=f"n_kv_heads={n_kv_heads} must divide n_heads=4"):
        MultiHeadAttention(24, 4, n_kv_heads)


def test_a_mask_that_is_not_boolean_is_refused():
    with pytest.raises(ValueError, match="mask has dtype torch.float64; it must be boolean, True = may look"):
        layer()(tokens(2, 5, 24), mask=torch.ones(5, 5, dtype=torch.float64))
