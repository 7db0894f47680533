"""Text as it comes: one token after the other from a model with a cache, until a stop or the limit.

Left out on purpose: several texts at once (lib/generation.py), guesses (lib/drafts.py), deadlines: who reads the
stream may close it at any time.
"""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import torch

from lib.chat import TextStream
from lib.decoding import PLAIN, Decoding, draw, filtered
from lib.generation import CachedModel, KVCache, check_room


@dataclass(frozen=True)
class Piece:
    """What one pass of the model has brought: some text, perhaps none yet, and with the last piece why it is the last."""

    text: str
    new_tokens: int  # so far, with the stop token
    finish_reason: str | None = None  # "stop": a stop token or string came; "length": max_new_tokens did


def stream(
    model: CachedModel,
    prompt: Sequence[int],
    max_new_tokens: int,
    *,
    decode: Callable[[list[int]], str],
    stop: Collection[int] = (),
    stops: Iterable[str] = (),
    decoding: Decoding = PLAIN,
    generator: torch.Generator | None = None,
    device: torch.device | str | None = None,
) -> Iterator[Piece]:
    """Yield the reply to a prompt piece by piece; together the pieces' texts are the reply.

    It ends before a token of `stop` (or decoding.eos) and before a string of `stops`, else after max_new_tokens.
    Nothing is computed before the first piece is asked for, and nothing after the stream is closed, which also frees
    its cache. `decode` is as in TextStream.

    Raises ValueError at once when the prompt is empty, max_new_tokens is negative, or both together do not fit the
    model's context.
    """
    if not len(prompt):
        raise ValueError("the prompt is empty; it needs at least one token to go on from")
    check_room(model, len(prompt), max_new_tokens)
    text = TextStream(decode, stops)
    ends = {*stop} if decoding.eos is None else {*stop, decoding.eos}
    tokens = new_tokens(model, prompt, decoding, generator, device)
    return _pieces(tokens, text, max_new_tokens, ends)


def new_tokens(
    model: CachedModel,
    prompt: Sequence[int],
    decoding: Decoding = PLAIN,
    generator: torch.Generator | None = None,
    device: torch.device | str | None = None,
) -> Generator[int, None, None]:
    """Yield one new token after the other, without an end; the prompt is read when the first is asked for."""
    tokens = torch.tensor([list(prompt)], device=device)
    cache = KVCache(model.n_layers)
    while True:
        with torch.no_grad():
            logits = model(tokens[:, cache.length :], cache=cache)[:, -1]
            new = draw(filtered(logits, tokens, decoding), generator)
            tokens = torch.cat([tokens, new[:, None]], dim=1)
        yield int(new)


def _pieces(
    tokens: Generator[int, None, None], text: TextStream, most: int, ends: Collection[int]
) -> Iterator[Piece]:
    # Up to Python 3.12.3 a generator without a block to leave keeps what it holds when it is closed.
    with closing(tokens):
        for n in range(1, most + 1):
            token = next(tokens)
            if token in ends:
                yield Piece(text.finish(), n, "stop")
                return
            new = text.push(token)
            if text.stopped:
                yield Piece(new, n, "stop")
                return
            yield Piece(new, n)
        yield Piece(text.finish(), most, "length")
