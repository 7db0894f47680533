"""lib.cached_gpt: read piece by piece or at once, with or without padding, it says what lib.transformer.GPT says."""

import copy
from dataclasses import replace

import pytest
import torch

from lib.cached_gpt import CachedGPT
from lib.config import BlockConfig, ModelConfig
from lib.kv_cache import KVCache
from lib.transformer import GPT

KINDS = {
    "gpt2": ({"n_kv_heads": 2}, {}),
    "llama": (
        {"bias": False, "norm": "rms", "network": "swiglu", "rope_base": 100.0, "n_kv_heads": 2},
        {"tied": False, "positions": "none"},
    ),
    "2017": (
        {"norm_first": False, "network": "relu", "n_kv_heads": 1, "d_ff": 8},
        {"positions": "sinusoidal"},
    ),
    "both": ({"rope_base": 100.0, "network": "swiglu", "d_ff": 24}, {"n_layers": 1}),
}
ERRORS = {torch.float64: 1e-12, torch.float32: 1e-5, torch.bfloat16: 0.05}  # of all logits, relative


def config_of(kind):
    block, model = KINDS[kind]
    block = BlockConfig(d_model=16, n_heads=4, **block)
    return ModelConfig(**{"block": block, "vocab_size": 13, "n_layers": 3, "context": 9, **model})


def both(kind, dtype=torch.float64):
    torch.manual_seed(3)
    slow = GPT(config_of(kind))
    for p in slow.parameters():  # norms and biases too should do something
        torch.nn.init.normal_(p, std=0.5)
    fast = CachedGPT(config_of(kind))
    fast.load_state_dict(slow.state_dict())
    return slow.to(dtype), fast.to(dtype)


def tokens_of(B, T, seed=0):
    return torch.randint(13, (B, T), generator=torch.Generator().manual_seed(seed))


def close(got, want, error=1e-12):
    assert got.shape == want.shape
    assert got.dtype == want.dtype
    assert (got - want).norm() <= error * want.norm()


@pytest.mark.parametrize("dtype", ERRORS)
@pytest.mark.parametrize("kind", KINDS)
@torch.inference_mode()
def test_in_pieces_or_at_once_it_says_the_same(kind, dtype):
    slow, fast = both(kind, dtype)
    tokens = tokens_of(3, 9)
    want = slow(tokens)
    close(fast(tokens), want, ERRORS[dtype])
    for pieces in ((9,), (5, 2, 1, 1), (1,) * 9, (2, 0, 7)):
        cache = KVCache(len(fast.encoder.blocks))
        got = torch.cat([fast(piece, cache) for piece in tokens.split(pieces, dim=1)], dim=1)
        close(got, want, ERRORS[dtype])
        assert cache.length == 9


@pytest.mark.parametrize("kind", KINDS)
@torch.inference_mode()
def test_after_a_crop_it_goes_on_from_there(kind):
    slow, fast = both(kind)
    tokens, other = tokens_of(2, 9), tokens_of(2, 9, seed=1)
    other[:, :4] = tokens[:, :4]
    cache = KVCache(len(fast.encoder.blocks))
    fast(tokens[:, :7], cache)
    cache.crop(4)
    close(fast(other[:, 4:], cache), slow(other)[:, 4:])


@pytest.mark.parametrize("kind", KINDS)
@torch.inference_mode()
def test_rows_padded_on_the_left_say_what_each_says_alone(kind):
    slow, fast = both(kind)
    lengths, T = torch.tensor([2, 6, 1, 4]), 6
    tokens = tokens_of(4, T + 3)
    start = T - lengths[:, None]
    positions = (torch.arange(T + 3) - start).clamp(min=0)
    s = torch.arange(T + 3)
    mask = ((s <= s[:, None]) & (s >= start[:, None]))[:, None]
    cache, got = KVCache(len(fast.encoder.blocks)), []
    for a, b in ((0, T), (T, T + 1), (T + 1, T + 3)):
        got.append(fast(tokens[:, a:b], cache, positions[:, a:b], mask[:, :, a:b, :b]))
    got = torch.cat(got, dim=1)
    assert got.isfinite().all()
    for row, first in enumerate(start.flatten().tolist()):
        close(got[row : row + 1, first:], slow(tokens[row : row + 1, first:]))


@pytest.mark.parametrize("kind", KINDS)
@torch.inference_mode()
def test_the_last_logits_alone_are_the_last_of_all(kind):
    fast, tokens = both(kind)[1], tokens_of(2, 7)
    close(CachedGPT.of(fast, last_only=True)(tokens), fast(tokens)[:, -1:])


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_gpts_weights_from_one_seed_and_its_gradients(kind):
    models = []
    for make in (GPT, CachedGPT):
        torch.manual_seed(3)
        models.append(make(config_of(kind)).double())
    slow, fast = models
    assert [*slow.state_dict()] == [*fast.state_dict()]
    for model in models:
        (model(tokens_of(2, 9)).softmax(-1) * torch.arange(13)).sum().backward()
    for (name, p), q in zip(slow.named_parameters(), fast.parameters(), strict=True):
        assert torch.equal(p, q), name
        torch.testing.assert_close(p.grad, q.grad, rtol=1e-8, atol=1e-10)


def memory(model):
    """Return the bytes of all storages that a model's tensors and joined matrices stand in, each once."""
    blocks = model.encoder.fast_blocks
    joined = [model.head.joined, *(j for b in blocks for j in (b.query_key_value, b.up, b.out, b.down))]
    held = [*model.parameters(), *(one.weight for one in joined)]
    return sum({t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in held}.values())


@pytest.mark.parametrize("kind", KINDS)
@torch.inference_mode()
def test_a_loaded_model_is_taken_over_and_nothing_is_held_twice(kind):
    torch.manual_seed(0)
    slow, tokens = GPT(config_of(kind)), tokens_of(2, 9)
    want = slow(tokens)
    fast = CachedGPT.of(slow.eval())
    assert not fast.training
    close(fast(tokens), want, 1e-5)
    close(slow(tokens), want, 1e-5)
    assert [*fast.state_dict()] == [*slow.state_dict()]
    assert memory(fast) == sum(p.nbytes for p in slow.parameters())


@pytest.mark.parametrize(
    "change",
    [
        lambda model: model.double().float(),
        copy.deepcopy,
        lambda model: (model.load_state_dict(model.state_dict(), assign=True), model)[1],
    ],
)
def test_weights_that_moved_are_joined_again(change):
    fast, tokens = both("llama", torch.float32)[1], tokens_of(2, 9)
    with torch.inference_mode():
        fast(tokens)
    moved = change(fast)
    with torch.inference_mode():
        moved(tokens)
    with torch.no_grad():
        for p in moved.parameters():
            p.mul_(0.5)
    slow = GPT(config_of("llama"))
    slow.load_state_dict(moved.state_dict())
    with torch.inference_mode():
        close(moved(tokens), slow(tokens), 1e-5)
    assert memory(moved) == sum(p.nbytes for p in moved.parameters())
    moved(tokens).sum().backward()  # what inference joined can still be trained


@torch.inference_mode()
def test_what_does_not_fit_is_refused():
    fast, cache = both("gpt2")[1], KVCache(3)
    fast(tokens_of(1, 7), cache)
    with pytest.raises(ValueError, match=r"S=7 \+ 3 tokens are more than context=9"):
        fast(tokens_of(1, 3), cache)
    assert cache.length == 7
    for layers in (2, 4):
        with pytest.raises(ValueError, match=f"the cache has {layers} layers; the model has 3"):
            fast(tokens_of(1, 3), KVCache(layers))
    with pytest.raises(ValueError, match="tokens go from 13 to 13; vocab_size=13"):
        fast(torch.full((1, 1), 13))
    for wrong in (-1, 9):
        with pytest.raises(
            ValueError, match=f"positions go from {min(wrong, 0)} to .*; context=9 allows 0 to 8"
        ):
            fast(tokens_of(1, 2), positions=torch.tensor([[0, wrong]]))


def test_no_answer_of_a_device_is_waited_for():
    """Tensors of the device meta have no numbers: to ask for one is an error there, and on a GPU a wait."""
    for kind in KINDS:
        config = config_of(kind)
        model = CachedGPT(replace(config, context=20)).to("meta")
        tokens, cache = torch.zeros(2, 9, dtype=torch.int64, device="meta"), KVCache(config.n_layers)
        with torch.inference_mode():
            assert model(tokens, cache).shape == (2, 9, 13)
            assert model(tokens, cache).shape == (2, 9, 13)
