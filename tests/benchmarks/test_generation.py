"""The benchmark of generation compares programs that write the same, and says where they do not."""

import sys
from functools import partial
from types import SimpleNamespace

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from benchmarks import generation
from book.cells.models import LLAMA
from lib.cached_gpt import CachedGPT
from lib.config import BlockConfig, ModelConfig
from lib.positions import split_to_interleaved

V, N, WORDS = 31, 2, [[3, 1, 4, 1], [5, 9, 2, 6]]


@pytest.fixture(scope="module")
def pair():
    """A small model in our code and in transformers."""
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": N, "vocab_size": V}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2, "rms_norm_eps": 1e-5}
    theirs = LlamaForCausalLM(LlamaConfig(**sizes, **heads, initializer_range=0.5)).eval()
    block = BlockConfig(
        d_model=16, n_heads=4, n_kv_heads=2, d_ff=24, norm="rms", network="swiglu", bias=False, rope_base=1e4
    )
    ours = CachedGPT(
        ModelConfig(block=block, vocab_size=V, n_layers=N, context=99, positions="none", tied=False),
        last_only=True,
    )
    names = {"embed.table": "model.embed_tokens", "encoder.norm": "model.norm", "head": "lm_head"}
    names |= {f"encoder.blocks.{n}.{o}": f"model.layers.{n}.{t}" for n in range(N) for o, t in LLAMA.items()}
    state = {f"{o}.weight": theirs.get_parameter(f"{t}.weight").detach() for o, t in names.items()}
    for name, weight in state.items():
        if name.endswith(("query.weight", "key.weight")):
            state[name] = split_to_interleaved(weight, len(weight) // 4)
    ours.load_state_dict(state)
    return partial(generation.ours, ours), ours, theirs


@pytest.mark.parametrize("rows", [1, 2])
def test_all_write_the_same_and_get_a_line(pair, rows):
    us, ours, theirs = pair
    others = {
        "transformers": partial(generation.theirs, theirs),
        "no cache": partial(generation.without_cache, ours),
    }
    table = [generation.compare(name, other, us, WORDS[:rows], 9, 2) for name, other in others.items()]
    assert [(row[:3], row[-1]) for row in table] == [([name, rows, 9], "100%") for name in others]
    assert all(float(value) > 0 for row in table for value in row[3:10])
    generation.must_agree(table)


def test_programs_that_write_something_else_are_not_compared(pair):
    def other(prompts, new):
        return [[*row[:-1], -1] for row in pair[0](prompts, new)]

    table = [generation.compare("other", other, pair[0], WORDS, 5, 1)]
    with pytest.raises(RuntimeError, match="other wrote other tokens: 80% are the same"):
        generation.must_agree(table)


def test_llama_cpp_takes_part_where_it_is_installed(pair, monkeypatch):
    class Server:
        asked = []

        def __init__(self, params):
            self.threads = params.cpuparams.n_threads

        def handle_completions(self, request):
            self.asked.append((self.threads, request["prompt"], request["n_predict"]))

    def params():
        return SimpleNamespace(
            **{name: SimpleNamespace() for name in ("model", "cpuparams", "cpuparams_batch")}
        )

    monkeypatch.setitem(sys.modules, "xllamacpp", SimpleNamespace(Server=Server, CommonParams=params))
    row = generation.compare("llama.cpp", generation.llama_cpp(threads=3), pair[0], WORDS, 5, 1)
    assert (row[0], row[-1]) == ("llama.cpp", "-")
    assert Server.asked == [(3, prompt, 5) for prompt in WORDS] * 2
    generation.must_agree([row])


def test_prompts_follow_each_other_in_the_text():
    assert generation.prompts_of(list(range(7)), rows=2, length=3) == [[0, 1, 2], [3, 4, 5]]
