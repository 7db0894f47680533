"""The loop of speculative decoding, and who guesses: a smaller model, or the text itself.

Dimension key: n guesses of a round, V vocabulary. One text at a time.
Left out on purpose: batches, trees of guesses, drafts that are trained for it.
"""

from collections.abc import Callable, Collection, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from lib.decoding import PLAIN, Decoding, filtered
from lib.generation import CachedModel, KVCache, check_room
from lib.sampling import sample
from lib.shapes import Float
from lib.speculation import accept, lookup

# From a text and the most guesses that are wanted to the guesses and the probabilities (n, V) they were drawn from.
Guesser = Callable[[list[int], int], tuple[list[int], Tensor]]


@torch.no_grad()
def speculate(
    model: CachedModel,
    guess: Guesser,
    prompt: Sequence[int],
    max_new_tokens: int,
    *,
    gamma: int = 4,
    stop: Collection[int] = (),
    decoding: Decoding = PLAIN,
    generator: torch.Generator | None = None,
    device: torch.device | str | None = None,
) -> tuple[list[int], int]:
    """Continue the prompt as the model alone would, and return the new tokens with the number of its passes.

    A round has at most gamma guesses. The reply ends before its first token of `stop`, or of decoding.eos, else after
    max_new_tokens.

    Raises ValueError when the prompt is empty, gamma or max_new_tokens is negative, or the text does not fit the
    model's context.
    """
    if not len(prompt) or gamma < 0:
        raise ValueError(
            f"the prompt has {len(prompt)} tokens, at least 1; gamma={gamma} must not be negative"
        )
    check_room(model, len(prompt), max_new_tokens)
    text, cache, passes, end = list(prompt), KVCache(model.n_layers), 0, len(prompt) + max_new_tokens
    while len(text) < end:
        most = min(gamma, end - len(text) - 1)
        draft, q = guess(text, most) if most else ([], torch.empty(0))
        unread = torch.tensor([[*text[cache.length :], *draft]], device=device)
        logits = model(unread, cache=cache)[0, -len(draft) - 1 :]
        p = probabilities(logits, [*text, *draft], decoding)
        q, passes = q.to(p) if draft else p[:0], passes + 1
        new = accept(
            torch.tensor(draft, dtype=torch.int64, device=device), q, p, uniform(len(p), generator, device)
        )
        cache.crop(len(text) + len(new) - 1)  # what was refused goes; the last new token was not read yet
        for token in new:
            if token in stop or token == decoding.eos:
                return text[len(prompt) :], passes
            text.append(token)
    return text[len(prompt) :], passes


def probabilities(
    logits: Float[Tensor, "n V"], text: Sequence[int], decoding: Decoding
) -> Float[Tensor, "n V"]:
    """Return the filtered probabilities of what follows each of the last n tokens of the text."""
    tokens = torch.tensor([list(text)], device=logits.device)
    ends = range(tokens.shape[1] - len(logits) + 1, tokens.shape[1] + 1)  # how much text each row has seen
    rows = [filtered(logits[i : i + 1], tokens[:, :end], decoding) for i, end in enumerate(ends)]
    return torch.cat(rows).softmax(dim=-1, dtype=torch.float64)


def uniform(n: int, generator: torch.Generator | None, device: torch.device | str | None) -> Tensor:
    """Return n numbers from [0, 1), all of them from the generator."""
    u = torch.rand(
        n, generator=generator, dtype=torch.float64, device=generator.device if generator else "cpu"
    )
    return u.to(device)


def lookup_guesser(vocab_size: int, n: int = 3) -> Guesser:
    """Return the guesser that looks up in the text how it went on before, and is sure of it."""

    def guess(text: list[int], most: int) -> tuple[list[int], Tensor]:
        draft = lookup(text, n, most)
        return draft, F.one_hot(torch.tensor(draft, dtype=torch.int64), vocab_size).double()

    return guess


class DraftModel:
    """The guesser that asks a smaller model, one token after the other, with a cache of its own.

    Its settings should be those of the model that checks, or more guesses than need be are refused.
    """

    def __init__(
        self,
        model: CachedModel,
        decoding: Decoding = PLAIN,
        generator: torch.Generator | None = None,
        device: torch.device | str | None = None,
    ):
        self.model, self.decoding, self.generator, self.device = model, decoding, generator, device
        self.cache = KVCache(model.n_layers)
        self.read: list[int] = []  # the tokens whose keys and values the cache holds

    @torch.no_grad()
    def __call__(self, text: list[int], most: int) -> tuple[list[int], Tensor]:
        """Return `most` guesses, or as many as fit the smaller model's context, and their probabilities."""
        self._forget_what_differs(text)
        draft: list[int] = []
        rows: list[Tensor] = []
        for _ in range(min(most, self.model.context + 1 - len(text))):
            unread = [*text, *draft][self.cache.length :]
            logits = self.model(torch.tensor([unread], device=self.device), cache=self.cache)[0, -1:]
            row = probabilities(logits, [*text, *draft], self.decoding)
            rows.append(row)
            draft.append(int(sample(row, uniform(1, self.generator, row.device))))
        self.read = [*text, *draft][: self.cache.length]
        return draft, torch.cat(rows) if rows else torch.empty(0)

    def _forget_what_differs(self, text: list[int]) -> None:
        pairs = zip(self.read, text[:-1], strict=False)  # the last token is read again, to go on from it
        alike = next(
            (i for i, (old, new) in enumerate(pairs) if old != new), min(len(self.read), len(text) - 1)
        )
        self.cache.crop(alike)
