"""The fast GPT has the slow one's weights, logits and gradients, and its share of a GPU is counted right."""

import pytest
import torch

from lib.accounting import count_parameters
from lib.config import BlockConfig, ModelConfig
from lib.fused import FusedGPT
from lib.throughput import device_name, peak_of, utilisation
from lib.transformer import GPT

KINDS = {
    "gpt2": ({}, {}),
    "no bias": ({"bias": False, "norm": "rms", "network": "swiglu"}, {"tied": False}),
    "rotating": ({"rope_base": 100.0, "n_kv_heads": 2}, {"positions": "none"}),
    "norm last": ({"norm_first": False, "n_kv_heads": 1}, {"positions": "sinusoidal"}),
}


def config_of(kind):
    block, model = KINDS[kind]
    block = BlockConfig(d_model=16, n_heads=4, **block)
    return ModelConfig(**{"block": block, "vocab_size": 13, "n_layers": 2, "context": 9, **model})


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_the_same_model(kind):
    torch.manual_seed(3)
    slow = GPT(config_of(kind)).double()
    torch.manual_seed(3)
    fast = FusedGPT(config_of(kind), narrow=True).double()
    tokens = torch.randint(13, (3, 9), generator=torch.Generator().manual_seed(0))
    assert list(slow.state_dict()) == list(fast.state_dict())
    fast.load_state_dict(slow.state_dict())
    for lengths in (None, torch.tensor([3, 9, 1])):
        outputs = [model(tokens, lengths) for model in (slow, fast)]
        torch.testing.assert_close(*outputs, rtol=1e-10, atol=1e-12)
        for model, output in zip((slow, fast), outputs, strict=True):
            model.zero_grad()
            (output.softmax(-1) * torch.arange(13)).sum().backward()
        for p, q in zip(slow.parameters(), fast.parameters(), strict=True):
            torch.testing.assert_close(p.grad, q.grad, rtol=1e-8, atol=1e-10)


def test_from_one_seed_both_have_the_same_weights():
    models = []
    for make in (GPT, FusedGPT):
        torch.manual_seed(3)
        models.append(make(config_of("gpt2")))
    assert all(torch.equal(p, q) for p, q in zip(*(m.parameters() for m in models), strict=True))
    assert sum(p.numel() for p in models[1].parameters()) == count_parameters(config_of("gpt2"))


@pytest.mark.parametrize(("narrow", "dtype"), [(True, torch.bfloat16), (False, torch.float32)])
def test_the_stream_is_as_wide_as_wanted(narrow, dtype):
    torch.manual_seed(0)
    model, seen = FusedGPT(config_of("gpt2"), narrow), []
    model.encoder.blocks[1].register_forward_hook(lambda module, x, out: seen.append(out.dtype))
    tokens = torch.arange(9)[None]
    exact = model(tokens)
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(tokens)
    assert seen == [torch.float32, dtype]
    torch.testing.assert_close(logits.float(), exact, rtol=0, atol=0.05)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("make", [GPT, FusedGPT])
def test_both_run_in_16_bits(make, dtype):
    torch.manual_seed(0)
    model, tokens = make(config_of("gpt2")), torch.arange(9)[None]
    exact = model(tokens)
    with torch.autocast("cpu", dtype):
        logits = model(tokens)
    logits.float().logsumexp(-1).sum().backward()
    torch.testing.assert_close(logits.float(), exact, rtol=0, atol=0.05)
    assert all(p.grad.isfinite().all() for p in model.parameters())


@pytest.mark.parametrize("make", [GPT, FusedGPT])
def test_no_answer_of_a_device_is_waited_for(make):
    """Tensors of the device meta have no numbers: to ask for one is an error there, and on a GPU a wait."""
    model = make(config_of("gpt2")).to("meta")
    assert model(torch.zeros(2, 9, dtype=torch.int64, device="meta")).shape == (2, 9, 13)


def test_what_does_not_fit_is_refused():
    model = FusedGPT(config_of("gpt2"))
    with pytest.raises(ValueError, match="T=10 tokens are more than context=9"):
        model(torch.zeros(1, 10).long())
    with pytest.raises(ValueError, match="tokens go from 13 to 13; vocab_size=13"):
        model(torch.full((1, 2), 13))


def test_a_device_is_known_by_its_name():
    assert peak_of("NVIDIA H200") == peak_of("NVIDIA H100 PCIe") == 989e12
    assert peak_of("NVIDIA A100-SXM4-80GB") == 312e12
    assert peak_of("cpu") is None
    assert device_name(torch.device("cpu")) == "cpu"


def test_the_share_of_a_known_run():
    """GPT-2 small: 6 operations for each of its 124 million weights but those of positions and biases, and attention's."""
    block = BlockConfig(d_model=768, n_heads=12, network="gelu_tanh")
    gpt2 = ModelConfig(block=block, vocab_size=50257, n_layers=12, context=1024)
    a_token = 6 * (124.4e6 - 1024 * 768) + 12 * 12 * 768 * 1024
    assert utilisation(gpt2, 1024, 100_000.0, 312e12) == pytest.approx(a_token * 1e5 / 312e12, rel=0.01)
