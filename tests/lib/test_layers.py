"""Norms, feed-forward networks and blocks against torch.nn with copied weights: values and gradients."""

import dataclasses

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from lib.blocks import DecoderBlock, EncoderBlock
from lib.config import BlockConfig, ModelConfig
from lib.layers import FeedForward, LayerNorm, RMSNorm, SelfAttention, SwiGLU

B, T, S, D, H = 2, 5, 7, 12, 3
TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-5, torch.float16: 2e-3, torch.bfloat16: 2e-2}


def draw_parameters(module, seed=0):
    """Fresh norms have weight 1 and bias 0, and would hide that one is forgotten."""
    g = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(torch.randn(p.shape, generator=g) / max(p.shape[-1], 1) ** 0.5 + (p.ndim == 1))
    return module.double()


def tensor(*shape, seed=0):
    g = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=g, dtype=torch.float64).requires_grad_()


def same(ours, theirs, inputs, theirs_inputs=None):
    torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-10)
    direction = tensor(*ours.shape, seed=9).detach()
    mine = torch.autograd.grad((ours * direction).sum(), inputs, retain_graph=True)
    yours = torch.autograd.grad((theirs * direction).sum(), theirs_inputs or inputs)
    for one, other in zip(mine, yours, strict=True):
        torch.testing.assert_close(one, other.reshape(one.shape), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("shape", [(D,), (1, D), (B, T, D), (0, D)])
def test_norms_are_torchs(shape):
    x = tensor(*shape)
    for norm, function in (
        (LayerNorm(D, 0.01), lambda x, m: F.layer_norm(x, (D,), m.weight, m.bias, 0.01)),
        (RMSNorm(D, 0.01), lambda x, m: F.rms_norm(x, (D,), m.weight, 0.01)),
    ):
        draw_parameters(norm)
        same(norm(x), function(x, norm), (x, *norm.parameters()))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("norm", [LayerNorm, RMSNorm])
def test_norms_of_half_precision_hold_where_squares_do_not_fit(norm, dtype):
    x = torch.tensor([[300.0, -310.0, 500.0, 1.0]], dtype=dtype)
    found = norm(4)(x)
    assert found.dtype == dtype
    expected = norm(4).double()(x.double())
    torch.testing.assert_close(found.double(), expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


def test_a_constant_row_is_not_divided_by_zero():
    x = torch.full((1, 4), 2.0)
    assert LayerNorm(4)(x).tolist() == [[0.0] * 4]
    assert RMSNorm(4)(torch.zeros(1, 4)).tolist() == [[0.0] * 4]


@pytest.mark.parametrize("activation", ["relu", "gelu", "gelu_tanh"])
def test_the_network_treats_every_token_alike(activation):
    network = draw_parameters(FeedForward(D, 20, activation))
    x = tensor(B, T, D)
    order = torch.tensor([3, 0, 4, 1, 2])
    torch.testing.assert_close(network(x)[:, order], network(x[:, order]))
    torch.testing.assert_close(network(x[0, 1]), network(x)[0, 1])


def test_swiglu_is_that_of_transformers_llama():
    from transformers import LlamaConfig
    from transformers.models.llama.modeling_llama import LlamaMLP

    theirs = LlamaMLP(LlamaConfig(hidden_size=D, intermediate_size=20, num_attention_heads=H)).double()
    ours = draw_parameters(SwiGLU(D, 20))
    with torch.no_grad():
        for name, own in (("gate_proj", ours.gate), ("up_proj", ours.up), ("down_proj", ours.down)):
            getattr(theirs, name).weight.copy_(own.weight)
    x = tensor(B, T, D)
    same(ours(x), theirs(x), (x,))


def test_swiglu_by_hand():
    """SiLU(ln 3) = ln 3 · 3/4, times 4."""
    network = SwiGLU(1, 1)
    with torch.no_grad():
        for layer, value in ((network.gate, 1.0986123), (network.up, 4.0), (network.down, 1.0)):
            layer.weight.fill_(value)
    assert network(torch.ones(1)).item() == pytest.approx(3.2958, abs=1e-4)


def copy_attention(ours, theirs):
    """torch keeps the three projections in one matrix."""
    theirs.in_proj_weight.copy_(torch.cat([ours.query.weight, ours.key.weight, ours.value.weight]))
    theirs.in_proj_bias.copy_(torch.cat([ours.query.bias, ours.key.bias, ours.value.bias]))
    theirs.out_proj.load_state_dict(ours.out.state_dict())


@torch.no_grad()
def copy_block(ours, theirs):
    copy_attention(ours.attention, theirs.self_attn)
    if isinstance(ours, DecoderBlock):
        copy_attention(ours.cross, theirs.multihead_attn)
        theirs.norm3.load_state_dict(ours.norm3.state_dict())
    for mine, yours in (("norm1", "norm1"), ("norm2", "norm2")):
        getattr(theirs, yours).load_state_dict(getattr(ours, mine).state_dict())
    theirs.linear1.load_state_dict(ours.feed_forward.up.state_dict())
    theirs.linear2.load_state_dict(ours.feed_forward.down.state_dict())


@pytest.mark.parametrize("norm_first", [True, False])
@pytest.mark.parametrize("kind", ["encoder", "decoder"])
def test_a_block_is_torchs_layer_with_copied_weights(kind, norm_first):
    config = BlockConfig(d_model=D, n_heads=H, d_ff=20, norm_first=norm_first)
    options = {"activation": "gelu", "norm_first": norm_first, "batch_first": True, "dropout": 0.0}
    x, context = tensor(B, T, D), tensor(B, S, D, seed=1)
    causal = torch.ones(T, T, dtype=torch.bool).tril()
    real = torch.arange(S) < torch.tensor([[S], [3]])
    if kind == "encoder":
        ours = draw_parameters(EncoderBlock(config))
        theirs = nn.TransformerEncoderLayer(D, H, 20, **options).double()
        copy_block(ours, theirs)
        same(ours(x, causal), theirs(x, src_mask=~causal), (x, ours.norm1.weight), (x, theirs.norm1.weight))
    else:
        ours = draw_parameters(DecoderBlock(config))
        theirs = nn.TransformerDecoderLayer(D, H, 20, **options).double()
        copy_block(ours, theirs)
        found = ours(x, context, causal, real[:, None, None])
        expected = theirs(x, context, tgt_mask=~causal, memory_key_padding_mask=~real)
        same(found, expected, (x, context))


def test_attention_with_rotation_depends_on_distances_alone():
    attention = draw_parameters(SelfAttention(D, 2, n_kv_heads=1, rope_base=100.0))
    x = tensor(B, T, D)
    torch.testing.assert_close(attention(x), attention(x, positions=torch.arange(T) + 1000))
    apart = attention(x, positions=2 * torch.arange(T))
    assert (attention(x) - apart).abs().max() > 1e-3
    plain = draw_parameters(SelfAttention(D, 2, n_kv_heads=1))
    assert torch.equal(plain(x), plain(x, positions=2 * torch.arange(T)))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"d_model": 10}, "n_heads=4 must divide d_model=10"),
        ({"n_heads": 0}, "n_heads=0 must be at least 1"),
        ({"n_kv_heads": 3}, "n_kv_heads=3 must divide n_heads=4"),
        ({"d_ff": 0}, "width=0 must be at least 1"),
        ({"norm": "batch"}, "norm='batch' is none of layer, rms"),
        ({"network": "elu"}, "network='elu' is none of relu, gelu"),
        ({"d_model": 12, "rope_base": 10.0}, "a head's width 3 even"),
        ({"rope_base": -1.0}, "rope_base=-1.0 must be positive"),
    ],
)
def test_a_block_config_refuses(wrong, message):
    with pytest.raises(ValueError, match=message):
        BlockConfig(**{"d_model": 8, "n_heads": 4, **wrong})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"vocab_size": 0}, "vocab_size=0 must be at least 1"),
        ({"context": 0}, "context=0 must be at least 1"),
        ({"positions": "rope"}, "positions='rope' is none of learned, sinusoidal, none"),
    ],
)
def test_a_model_config_refuses(wrong, message):
    block = BlockConfig(d_model=8, n_heads=2)
    with pytest.raises(ValueError, match=message):
        ModelConfig(**{"block": block, "vocab_size": 5, "n_layers": 1, "context": 4, **wrong})


def test_a_config_cannot_be_changed_and_knows_what_it_leaves_open():
    config = BlockConfig(d_model=576, n_heads=9, n_kv_heads=3, network="swiglu")
    assert (config.width, config.d_head, config.kv_heads) == (1536, 64, 3)  # SmolLM2
    assert BlockConfig(d_model=8, n_heads=2).width == 32
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.d_model = 3


def test_layers_refuse():
    with pytest.raises(ValueError, match="activation='tanh' is none of relu, gelu, gelu_tanh"):
        FeedForward(2, 3, "tanh")
    with pytest.raises(ValueError, match="a head has the width 3; with rope_base it must be even"):
        SelfAttention(6, 2, rope_base=10.0)
