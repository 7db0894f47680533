"""The loop that makes a text: the settings, the filters in their order, a draw, and once more.

Dimension key: B batch, T tokens so far, V vocabulary.
Left out on purpose: the KV cache, so each step reads all tokens again (lib/beam.py does without chance).
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from lib.sampling import apply_temperature, keep_top_k, keep_top_p, repetition_penalty, sample
from lib.shapes import Float, Int


@dataclass(frozen=True, kw_only=True)
class Decoding:
    """How the next token is chosen. None means that nothing is asked for, which 0 does not.

    Raises ValueError for a setting that its function would refuse.
    """

    penalty: float = 1.0  # above 1: less of what the row already holds
    temperature: float = 1.0  # 0: the most probable token
    top_k: int | None = None  # tokens kept
    top_p: float | None = None  # probability that the kept tokens reach together
    eos: int | None = None  # the token that ends a row

    def __post_init__(self) -> None:
        """Refuse bad settings before any model is asked."""
        if not self.penalty > 0:
            raise ValueError(f"penalty={self.penalty} must be larger than 0")
        if not self.temperature >= 0:
            raise ValueError(f"temperature={self.temperature} must be 0 or larger")
        if self.top_k is not None and self.top_k < 1:
            raise ValueError(f"top_k={self.top_k} must be at least 1")
        if self.top_p is not None and not 0 <= self.top_p <= 1:
            raise ValueError(f"top_p={self.top_p} must lie between 0 and 1")
        if self.eos is not None and self.eos < 0:
            raise ValueError(f"eos={self.eos} must be a token, 0 or larger")


PLAIN = Decoding()  # the model's own distribution, without an end


def filtered(
    logits: Float[Tensor, "B V"], tokens: Int[Tensor, "B T"], decoding: Decoding
) -> Float[Tensor, "B V"]:
    """Return the logits after penalty (over the whole row), temperature, top-k and top-p, in this order.

    >>> logits, tokens = torch.tensor([[4.0, 3.0, 2.5]]), torch.tensor([[0]])
    >>> filtered(logits, tokens, Decoding(penalty=2.0, top_k=2)).tolist()  # the penalty has made 4 a 2
    [[-inf, 3.0, 2.5]]
    """
    ### BEGIN SOLUTION
    logits = logits if decoding.penalty == 1 else repetition_penalty(logits, tokens, decoding.penalty)
    logits = logits if decoding.temperature == 1 else apply_temperature(logits, decoding.temperature)
    logits = logits if decoding.top_k is None else keep_top_k(logits, decoding.top_k)
    return logits if decoding.top_p is None else keep_top_p(logits, decoding.top_p)
    ### END SOLUTION


def draw(logits: Float[Tensor, "B V"], generator: torch.Generator | None = None) -> Int[Tensor, " B"]:
    """Draw one token of each row with the probabilities that its logits stand for.

    All randomness comes from the generator (None: torch's own): here u = torch.rand(B, generator=generator)
    for `sample`, and any other way is as good.

    >>> draw(torch.tensor([[-torch.inf, 0.0], [9.0, -torch.inf]])).tolist()
    [1, 0]
    """
    ### BEGIN SOLUTION
    u = torch.rand(len(logits), generator=generator, device=generator.device if generator else "cpu")
    return sample(logits.softmax(dim=-1, dtype=torch.float32), u.to(logits.device))
    ### END SOLUTION


@torch.no_grad()  # nothing here is differentiated, so the model need not keep what it computes
def generate(
    model: Callable[[Tensor], Tensor],
    tokens: Tensor,
    max_new_tokens: int,
    decoding: Decoding = PLAIN,
    generator: torch.Generator | None = None,
) -> Int[Tensor, "B T_n"]:
    """Continue each row of tokens (B, T) by n drawn tokens, n <= max_new_tokens, and return (B, T + n).

    model maps tokens (B, t) to logits (B, t, V). Each new token is drawn from the filtered logits of the last
    position. A row ends when eos is drawn and is filled up with eos; once all rows have ended the loop stops.
    An eos in the prompt ends nothing. A model with dropout should be in eval mode.

    Raises ValueError when max_new_tokens is negative or tokens are not (B, T) with at least one token.

    >>> fixed = lambda tokens: torch.tensor([0.0, 0.0, 9.0]).expand(*tokens.shape, 3)
    >>> generate(fixed, torch.tensor([[0, 1], [1, 1]]), 3, Decoding(temperature=0, eos=2)).tolist()
    [[0, 1, 2], [1, 1, 2]]
    """
    if max_new_tokens < 0:
        raise ValueError(f"max_new_tokens={max_new_tokens} must not be negative")
    if tokens.ndim != 2 or not tokens.shape[1]:
        raise ValueError(f"tokens have shape {tuple(tokens.shape)}; they must be (B, T), T at least 1")
    ### BEGIN SOLUTION
    text, ended = tokens, torch.zeros(len(tokens), dtype=torch.bool, device=tokens.device)
    while text.shape[1] < tokens.shape[1] + max_new_tokens and not ended.all():
        new = draw(filtered(model(text)[:, -1], text, decoding), generator)
        if decoding.eos is not None:
            new = new.masked_fill(ended, decoding.eos)
            ended = ended | (new == decoding.eos)
        text = torch.cat([text, new[:, None]], dim=-1)
    return text
    ### END SOLUTION
