"""What is served: a model, its tokenizer, and the way in which it wants a dialogue written down."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch

from lib.cached_gpt import CachedGPT
from lib.kv_cache import CachedModel
from lib.smollm2_tokenizer import SmolLM2Tokenizer, smollm2_tokenizer
from lib.transformer import GPT
from lib.weights import load_smollm2, smollm2_file

Messages = Sequence[Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class ServedModel:
    """One model under the name by which clients ask for it."""

    name: str
    model: CachedModel
    encode: Callable[[str], list[int]]
    decode: Callable[[Iterable[int]], str]
    encode_dialogue: Callable[[Messages], list[int]]  # with the beginning of the answer
    stop: frozenset[int]  # tokens that end an answer
    temperature: float = 1.0  # where a request names none, and so top_p
    top_p: float = 1.0


def smollm2(gpt: GPT | None = None, tokenizer: SmolLM2Tokenizer | None = None) -> ServedModel:
    """Return SmolLM2-135M-Instruct, read from its file unless both parts are given. FileNotFoundError when it is not there."""
    if gpt is None or tokenizer is None:
        gpt, facts = load_smollm2(smollm2_file())
        tokenizer = smollm2_tokenizer(facts)
    return ServedModel(
        name="smollm2-135m-instruct",
        model=CachedGPT.of(gpt, last_only=True),
        encode=tokenizer.encode,
        decode=tokenizer.decode,
        encode_dialogue=tokenizer.dialogue,
        stop=frozenset(tokenizer.special_ids[mark] for mark in ("<|im_end|>", "<|endoftext|>")),
        temperature=0.2,  # at 1 a model as small as this soon loses the thread
        top_p=0.9,
    )


def decoding_generator(seed: int | None) -> torch.Generator:
    """Return a generator with this seed, or with one that nobody chose."""
    generator = torch.Generator()
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed)
    return generator
