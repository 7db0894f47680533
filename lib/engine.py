"""Continuous batching: texts join a running batch and leave it between two passes of the model.

Dimension key: B rows of the batch, T tokens that a pass reads, S tokens in the cache, V vocabulary.
One step is one pass over the batch, which gives each row its next token, and one over a piece of the next prompt, so that
a long one stops the others for no longer than a piece takes. Reference: Yu et al. 2022 (Orca), iteration-level scheduling;
Agrawal et al. 2024 (Sarathi-Serve), prompts in pieces, which there share a pass with the rows.
Left out on purpose: pages in place of rows of one length, prompts that share a beginning, more urgent texts.
"""

from collections import deque
from collections.abc import Collection, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from lib.decoding import Decoding, draw, filtered
from lib.generation import check_room, left_mask
from lib.kv_cache import CachedModel, KVCache
from lib.sampling import greedy
from lib.shapes import Float

GREEDY = Decoding(temperature=0)


class Continuation:
    """A text that is to be continued, and what there is of its continuation.

    `new` are its tokens so far. `reason` is None while it goes on, "stop" after a token of `stop`, which is left out, and
    "length" after max_new_tokens. Its randomness is its own, so that the same seed gives the same text in any company.

    Raises ValueError when the prompt is empty or max_new_tokens is less than 1.
    """

    def __init__(
        self,
        prompt: Sequence[int],
        max_new_tokens: int,
        *,
        stop: Collection[int] = (),
        decoding: Decoding = GREEDY,
        generator: torch.Generator | None = None,
    ):
        if not prompt:
            raise ValueError("prompt is empty; it needs at least one token to go on from")
        if max_new_tokens < 1:
            raise ValueError(f"max_new_tokens={max_new_tokens} must be at least 1")
        self.prompt, self.max_new_tokens, self.stop = list(prompt), max_new_tokens, frozenset(stop)
        self.decoding, self.generator = decoding, generator
        self.new: list[int] = []
        self.reason: str | None = None

    def __len__(self) -> int:
        return len(self.prompt) + len(self.new)

    def extend(self, logits: Float[Tensor, " V"]) -> None:
        """Choose the next token from its logits, and note whether it is the last."""
        if self.decoding == GREEDY:
            token = int(greedy(logits[None]))
        else:
            read = torch.tensor([self.prompt + self.new], device=logits.device)
            token = int(draw(filtered(logits[None], read, self.decoding), self.generator))
        if token in self.stop:
            self.reason = "stop"
            return
        self.new.append(token)
        if len(self.new) == self.max_new_tokens:
            self.reason = "length"


class Engine:
    """Continues as many texts at once as it has slots; the others wait, the first come first.

    Between two steps `rows` are the texts of the batch, and of each the cache holds all tokens but the newest.

    Raises ValueError when slots or piece is less than 1.
    """

    def __init__(
        self,
        model: CachedModel,
        slots: int = 4,
        *,
        piece: int = 64,
        device: torch.device | str | None = None,
    ):
        for name, size in (("slots", slots), ("piece", piece)):
            if size < 1:
                raise ValueError(f"{name}={size} must be at least 1")
        self.model, self.slots, self.piece, self.device = model, slots, piece, device
        self.waiting: deque[Continuation] = deque()
        self.rows: list[Continuation] = []
        self.cache = KVCache(model.n_layers)
        self.prompt_cache = KVCache(model.n_layers)  # of the first that waits, as far as its prompt is read

    @property
    def busy(self) -> bool:
        """Whether a step would do anything."""
        return bool(self.rows or self.waiting)

    def add(self, text: Continuation) -> None:
        """Let a text wait for a slot. Raises ValueError when it could grow longer than the model's context."""
        check_room(self.model, len(text), text.max_new_tokens)
        self.waiting.append(text)

    def remove(self, text: Continuation) -> None:
        """Forget a text that nobody wants any more, wherever it is; the next has its slot."""
        if text in self.waiting:
            if text is self.waiting[0]:
                self.prompt_cache = KVCache(self.model.n_layers)
            self.waiting.remove(text)
        self._keep([row for row in self.rows if row is not text])

    @torch.no_grad()
    def step(self) -> list[Continuation]:
        """Do one iteration and return the texts that got a token or came to their end in it."""
        heard = list(self.rows)
        has_room = len(self.rows) < self.slots
        if self.rows:
            self._decode()
        if self.waiting and has_room and (text := self._prefill()):
            heard.append(text)
        self._keep([row for row in self.rows if row.reason is None])
        return heard

    def _decode(self) -> None:
        """Read the newest token of each row and choose the next."""
        tokens = torch.tensor([[row.new[-1]] for row in self.rows], device=self.device)
        lengths = torch.tensor([len(row) for row in self.rows], device=self.device)
        S = self.cache.length + 1
        mask = left_mask(lengths, S, 1, S)
        logits = self.model(tokens, cache=self.cache, positions=lengths[:, None] - 1, mask=mask)
        for row, scores in zip(self.rows, logits[:, -1], strict=True):
            row.extend(scores)

    def _prefill(self) -> Continuation | None:
        """Read a piece of the first prompt that waits; once it is whole, the text joins the batch with its first token."""
        text, start = self.waiting[0], self.prompt_cache.length
        piece = text.prompt[start : start + self.piece]
        logits = self.model(torch.tensor([piece], device=self.device), cache=self.prompt_cache)
        if start + len(piece) < len(text.prompt):
            return None
        text.extend(logits[0, -1])
        caches = [self.cache, self.prompt_cache] if self.rows else [self.prompt_cache]
        self.cache = joined(caches, max(cache.length for cache in caches))
        self.rows.append(self.waiting.popleft())
        self.prompt_cache = KVCache(self.model.n_layers)
        return text

    def _keep(self, rows: list[Continuation]) -> None:
        """Go on with these rows alone, in as many columns as the longest of them needs."""
        if len(rows) == len(self.rows):
            return
        indices = [i for i, row in enumerate(self.rows) if row in rows]
        self.rows = rows
        if rows:
            self.cache.select(torch.tensor(indices, device=self.device))
            self.cache = joined([self.cache], max(len(row) for row in rows) - 1)
        else:
            self.cache = KVCache(self.model.n_layers)


def joined(caches: Sequence[KVCache], length: int) -> KVCache:
    """Return one cache with the rows of all, `length` tokens each: shorter rows get zeros on the left, longer ones lose there.

    >>> short, long = KVCache(1), KVCache(1)
    >>> for cache, numbers in ((short, [5.0]), (long, [0.0, 6.0, 7.0])):
    ...     _ = cache.append(0, torch.tensor(numbers)[None, None, :, None], torch.ones(1, 1, len(numbers), 1))
    >>> both = joined([short, long], 2)
    >>> both.keys[0][:, 0, : both.length, 0].tolist()
    [[0.0, 5.0], [6.0, 7.0]]
    """
    whole = KVCache(len(caches[0].lengths))
    for layer in range(len(whole.lengths)):
        held = [[cache.keys[layer], cache.values[layer]] for cache in caches]
        S = [cache.lengths[layer] for cache in caches]
        k, v = (
            torch.cat([F.pad(x[:, :, :s], (0, 0, length - s, 0)) for x, s in zip(kind, S, strict=True)])
            for kind in zip(*held, strict=True)
        )
        whole.append(layer, k, v)
    return whole
