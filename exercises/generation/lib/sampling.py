"""From next-token logits to a token: choosing, drawing, and reshaping the distribution first.

Dimension key: B batch, T tokens so far, V vocabulary. Logits and probabilities are (B, V), each row on its
own; a logit of -inf means probability zero, and each row needs one above it. Inputs are left as they were.
Half precision is computed in float32 at least, and logits come back in the dtype they had.
The loop around these functions is in lib/decoding.py, the search without chance in lib/beam.py.
"""

import torch
from torch import Tensor

from lib.shapes import Float, Int


def greedy(logits: Float[Tensor, "B V"]) -> Int[Tensor, " B"]:
    """Return the most probable token of each row; of equal logits the first.

    >>> greedy(torch.tensor([[1.0, 3.0, 3.0], [2.0, 0.0, 1.0]])).tolist()
    [1, 0]
    """
    ### BEGIN SOLUTION
    return logits.argmax(dim=-1)
    ### END SOLUTION


def sample(probs: Float[Tensor, "B V"], u: Tensor) -> Int[Tensor, " B"]:
    """Draw one token of each row by inverting its distribution function.

    u is (B,), uniform in [0, 1). Drawn is the first token at which the running sum of the row, as a share of
    the row's whole sum, exceeds u. Sums are taken in float64. A token of probability zero is never drawn.

    Raises ValueError when a probability is negative, when a row does not sum to 1 within 0.01 (so much can
    half precision miss over a large vocabulary), or when u is not (B,) or not in [0, 1).
    Reference: Devroye 1986 (inversion of discrete distributions).

    >>> p = torch.tensor([0.5, 0.0, 0.25, 0.25])  # running sum 0.5, 0.5, 0.75, 1
    >>> sample(p.expand(3, 4), torch.tensor([0.4, 0.5, 0.9])).tolist()
    [0, 2, 3]
    """
    _check_probs(probs, u)
    ### BEGIN SOLUTION
    # Zero where a token cannot come: no running sum there exceeds anything, not even at u = 0.
    up_to = probs.double().cumsum(dim=-1).masked_fill(probs == 0, 0.0)
    reached = up_to > u.double()[:, None] * up_to.amax(dim=-1, keepdim=True)
    return reached.int().argmax(dim=-1)
    ### END SOLUTION


def apply_temperature(logits: Float[Tensor, "B V"], temperature: float) -> Float[Tensor, "B V"]:
    """Return the logits, less the highest of their row, divided by the temperature.

    Taking the highest off changes no probability and keeps small temperatures from overflowing. Temperature 0
    is the limit: 0 for each of the row's highest logits, -inf for all others. At infinity all finite logits
    become 0.

    Raises ValueError when temperature is negative or NaN.
    Reference: Ackley, Hinton and Sejnowski 1985.

    >>> apply_temperature(torch.tensor([[1.0, 3.0, 2.0]]), 0.5).tolist()
    [[-4.0, 0.0, -2.0]]
    """
    ### BEGIN SOLUTION
    if not temperature >= 0:  # also true of NaN
        raise ValueError(f"temperature={temperature} must be 0 or larger")
    below = logits.to(torch.promote_types(logits.dtype, torch.float32))
    below = below - below.amax(dim=-1, keepdim=True)
    if temperature < torch.finfo(below.dtype).tiny:  # 0, or so small that this dtype takes it for 0
        return torch.zeros_like(logits).masked_fill(below < 0, -torch.inf)
    # Impossible tokens stay so: at infinity -inf / inf would be NaN.
    return (below / temperature).masked_fill(below == -torch.inf, -torch.inf).to(logits.dtype)
    ### END SOLUTION


def keep_top_k(logits: Float[Tensor, "B V"], k: int) -> Float[Tensor, "B V"]:
    """Return the logits with all but the k highest of each row set to -inf; of equals the first stay.

    A k above V keeps all.

    Raises ValueError when k is less than 1.
    Reference: Fan et al. 2018.

    >>> keep_top_k(torch.tensor([[1.0, 2.0, 3.0, 2.0]]), 2).tolist()
    [[-inf, 2.0, 3.0, -inf]]
    """
    ### BEGIN SOLUTION
    if k < 1:
        raise ValueError(f"k={k} must be at least 1")
    kept = logits.argsort(dim=-1, descending=True, stable=True)[..., :k]
    return torch.full_like(logits, -torch.inf).scatter(-1, kept, logits.gather(-1, kept))
    ### END SOLUTION


def keep_top_p(logits: Float[Tensor, "B V"], p: float) -> Float[Tensor, "B V"]:
    """Return the logits with -inf outside the nucleus: the fewest most probable tokens that together reach p.

    The token with which they reach p is in. The most probable token always stays, so p = 0 keeps it alone;
    p = 1 keeps every token of a probability above zero. Of equals the first stay.

    Raises ValueError when p is not from 0 to 1.
    Reference: Holtzman et al. 2020 (nucleus sampling).

    >>> keep_top_p(torch.tensor([[0.15, 0.5, 0.05, 0.3]]).log(), 0.75).exp()  # 0.5 + 0.3 reach it
    tensor([[0.0000, 0.5000, 0.0000, 0.3000]])
    """
    ### BEGIN SOLUTION
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} must lie between 0 and 1")
    highest, order = logits.sort(dim=-1, descending=True, stable=True)
    probs = highest.softmax(dim=-1, dtype=torch.float64)
    # A token is in while those before it fall short of p. At p = 1 a rounded sum must not decide.
    inside = (probs.cumsum(dim=-1) - probs < p) | (p == 1)
    inside[..., :1] = True
    return logits.masked_fill(~torch.zeros_like(inside).scatter(-1, order, inside), -torch.inf)
    ### END SOLUTION


def repetition_penalty(
    logits: Float[Tensor, "B V"], tokens: Int[Tensor, "B T"], penalty: float
) -> Float[Tensor, "B V"]:
    """Return the logits, with a penalty on the tokens that the row already holds (above 1: less of them).

    A logit above 0 is divided by the penalty and one below 0 multiplied by it, once however often the token
    occurs. (The paper always divides, which would reward a negative logit.)

    Raises ValueError when penalty is not above 0.
    Reference: Keskar et al. 2019 (penalized sampling).

    >>> repetition_penalty(torch.tensor([[4.0, -1.0, 3.0]]), torch.tensor([[0, 1, 0]]), 2.0).tolist()
    [[2.0, -2.0, 3.0]]
    """
    ### BEGIN SOLUTION
    if not penalty > 0:
        raise ValueError(f"penalty={penalty} must be larger than 0")
    seen = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, tokens, True)
    return torch.where(seen, torch.where(logits > 0, logits / penalty, logits * penalty), logits)
    ### END SOLUTION


def _check_probs(probs: Tensor, u: Tensor) -> None:
    if u.shape != probs.shape[:1]:
        raise ValueError(
            f"u has shape {tuple(u.shape)}; it must be {tuple(probs.shape[:1])}, one number a row"
        )
    if not ((u >= 0) & (u < 1)).all():
        raise ValueError(f"u={u.tolist()} must lie from 0 to just below 1")
    if (probs < 0).any():
        raise ValueError(f"probs hold {probs.min().item():g}; no probability may be negative")
    sums = probs.sum(dim=-1, dtype=torch.float64)
    if not ((sums - 1).abs() <= 0.01).all():  # not: any > 0.01, which NaN passes
        raise ValueError(f"the rows of probs sum to {sums.tolist()}; each must sum to 1 within 0.01")
