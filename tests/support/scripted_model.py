"""A model that costs nothing and says what it is told to: after any prompt it recites a text, one token a pass.

It takes part in the protocol of real ones: cache, positions, mask. A prompt that ends with a digit n begins the text n
words later, so that answers can be told apart; 9 begins five words before its end. How long a pass takes can be set.
"""

import threading
import time

import torch
from torch import Tensor

from lib.kv_cache import KVCache
from serve.served import ServedModel

TEXT = "Once upon a time 学习新知识 there was a model 😀 which read all that people had written. " * 20
WORDS = TEXT.split(" ")[:-1]


def _script() -> tuple[list[bytes], list[int]]:
    """Return the tokens of the text, whole words and single bytes of what is not ASCII, and where each word begins."""
    tokens: list[bytes] = []
    starts = []
    for i, word in enumerate(WORDS):
        starts.append(len(tokens))
        space = b" " * (i > 0)
        tokens += [space + word.encode()] if word.isascii() else [space, *(bytes([b]) for b in word.encode())]
    return tokens, starts


SCRIPT, STARTS = _script()
STARTS[9] = STARTS[-5]
VOCABULARY = [bytes([byte]) for byte in range(256)] + SCRIPT
STOP = len(VOCABULARY)  # comes after the text
V = STOP + 1


class ScriptedModel:
    """Next comes the next token of the text, if `certainty` is not 0: then any token.

    `seconds` is what a pass takes, `passes` the shape of what was read in each so far.
    """

    n_layers, context = 1, 2500

    def __init__(self) -> None:
        self.seconds, self.passes = 0.0, list[tuple[int, ...]]()
        self.fails, self.certainty = False, 50.0
        self.thread: threading.Thread | None = None  # in which it ran last

    def __call__(
        self,
        tokens: Tensor,
        cache: KVCache | None = None,
        positions: Tensor | None = None,
        mask: Tensor | None = None,
    ) -> Tensor:
        """Return logits (B, T, V)."""
        self.thread = threading.current_thread()
        self.passes.append(tuple(tokens.shape))
        time.sleep(self.seconds)
        if self.fails:
            raise RuntimeError("the model is broken")
        if cache is not None:
            kept = tokens[:, None, :, None].float()
            cache.append(0, kept, kept)
        digits = (tokens >= ord("0")) & (tokens <= ord("9"))
        begin = 256 + torch.tensor(STARTS[:10])[torch.where(digits, tokens - ord("0"), 0)]
        following = torch.where(tokens < 256, begin, (tokens + 1).clamp(max=STOP))
        return torch.nn.functional.one_hot(following, V).float() * self.certainty


def encode(text: str) -> list[int]:
    """Return the bytes of a text."""
    return list(text.encode())


def decode(ids) -> str:
    """Return the text of tokens."""
    return b"".join(VOCABULARY[i] for i in ids).decode(errors="replace")


def encode_dialogue(messages) -> list[int]:
    """Return the bytes of all messages, one after the other."""
    return encode("\n".join(f"{message['role']}: {message['content']}" for message in messages))


def scripted() -> tuple[ScriptedModel, ServedModel]:
    """Return a model, and what is served of it."""
    model = ScriptedModel()
    served = ServedModel(
        name="scripted",
        model=model,
        encode=encode,
        decode=decode,
        encode_dialogue=encode_dialogue,
        stop=frozenset({STOP}),
    )
    return model, served


def said(start: int, tokens: int) -> str:
    """Return what the model says in so many tokens, from a word on, without half a character at the end."""
    first = STARTS[start]
    return decode(range(256 + first, min(256 + first + tokens, STOP)))
