"""Each fault of book.cells.faults is the one that it is called, and leaves the model that it was given alone."""

import pytest
import torch
from torch.nn import functional as F

from book.cells import faults
from lib.attention import attend, causal_mask
from lib.positions import apply_rope
from lib.transformer import GPT, BlockConfig, ModelConfig

pytestmark = pytest.mark.part("chapter models")


@pytest.fixture
def model():
    torch.manual_seed(0)
    sizes = {"d_model": 32, "n_heads": 4, "n_kv_heads": 2, "d_ff": 64, "rope_base": 1e5}
    block = BlockConfig(**sizes, norm="rms", network="swiglu", bias=False)
    model = GPT(ModelConfig(block=block, vocab_size=50, n_layers=2, context=64, positions="none"))
    for parameter in model.parameters():
        parameter.data.normal_(0, 0.3)
    return model


@pytest.fixture
def tokens():
    return torch.randint(50, (1, 40), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("name", faults.FAULTS)
def test_a_fault_changes_the_twin_alone(model, tokens, name):
    before = faults.loss(model, tokens)
    broken = faults.planted(model, faults.FAULTS[name])
    assert broken.head.weight is model.head.weight
    assert faults.loss(broken, tokens) != before
    assert faults.loss(model, tokens) == before


def test_the_loss_is_that_of_the_model_itself(model, tokens):
    wanted = F.cross_entropy(model(tokens)[0, :-1], tokens[0, 1:]).item()
    assert faults.loss(model, tokens) == pytest.approx(wanted, rel=1e-5)
    assert faults.loss(model, tokens, first=1) == pytest.approx(wanted, rel=1e-4)
    seen = model.head(model.encoder(model.embed(tokens)))
    assert faults.loss(model, tokens, causal=False) == pytest.approx(
        F.cross_entropy(seen[0, :-1], tokens[0, 1:]).item(), rel=1e-5
    )


def projections(model, x):
    part = model.encoder.blocks[0].attention
    split = (layer(x).unflatten(-1, (-1, 8)).transpose(1, 2) for layer in (part.query, part.key, part.value))
    return part, *split


@torch.no_grad()
def test_tiled_heads_are_those_of_repeat(model):
    x = torch.randn(1, 6, 32)
    part, q, k, v = projections(model, x)
    q, k = (apply_rope(y, torch.arange(6), 1e5) for y in (q, k))
    mixed = attend(q, k.repeat(1, 2, 1, 1), v.repeat(1, 2, 1, 1), causal_mask(6))
    broken = faults.planted(model, faults.tiled).encoder.blocks[0].attention
    torch.testing.assert_close(
        broken(x, causal_mask(6)), part.out(mixed.transpose(1, 2).flatten(2)), rtol=0, atol=1e-4
    )


@torch.no_grad()
def test_rotated_halves_are_those_of_transformers_rotation(model):
    x = torch.randn(1, 6, 32)
    _, q, k, _ = projections(model, x)
    angles = torch.arange(6)[:, None] * 1e5 ** (-torch.arange(0, 8, 2) / 8)

    def rotate(y):
        first, second = y.chunk(2, dim=-1)
        cos, sin = angles.cos(), angles.sin()
        return torch.cat([first * cos - second * sin, first * sin + second * cos], dim=-1)

    wanted = rotate(q) @ rotate(k).repeat_interleave(2, dim=1).transpose(-2, -1)
    _, q, k, _ = projections(faults.planted(model, faults.halves), x)
    q, k = (apply_rope(y, torch.arange(6), 1e5) for y in (q, k))
    got = q @ k.repeat_interleave(2, dim=1).transpose(-2, -1)
    torch.testing.assert_close(got, wanted, rtol=0, atol=1e-4)
