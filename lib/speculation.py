"""Speculative decoding: guess several tokens cheaply, check them in one pass, and keep the distribution.

Dimension key: γ (gamma) guesses of a round, V vocabulary. p are the probabilities of the model, q those of the guesser.
The loop around these functions is in lib/drafts.py. Left out on purpose: batches, trees of guesses.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from lib.sampling import sample
from lib.shapes import Float, Int


def accept(draft: Int[Tensor, " n"], q: Tensor, p: Float[Tensor, "m V"], u: Tensor) -> list[int]:
    """Return what stays of a draft of γ tokens, and one token more: distributed as if all were drawn from p.

    q (γ, V) are the probabilities from which the draft was drawn, p (γ + 1, V) the model's at the same places and for
    what follows the draft, u (γ + 1,) uniform in [0, 1). Guess i stays while u[i] < p[i, draft[i]] / q[i, draft[i]].
    After the first that does not, one token comes from what p[i] has over q[i], max(p - q, 0) as a share of its sum;
    if all stay, one from p[γ]. That one is `sample`'s with u[γ]. Everything is computed in float64.

    Raises ValueError when the shapes do not fit, a number is NaN, or a drafted token is none of the vocabulary or has the
    probability zero in q.
    Reference: Leviathan et al. 2023, algorithm 1.

    >>> p, q = torch.tensor([[0.5, 0.3, 0.2], [0.0, 0.0, 1.0]]), torch.tensor([[0.2, 0.7, 0.1]])
    >>> accept(torch.tensor([1]), q, p, torch.tensor([0.5, 0.7]))  # 0.3 / 0.7 is less than 0.5; 0.3 and 0.1 are left
    [0]
    >>> accept(torch.tensor([1]), q, p, torch.tensor([0.4, 0.7]))
    [1, 2]
    """
    _check_draft(draft, q, p, u)
    ### BEGIN SOLUTION
    p, q, n = p.double(), q.double(), len(draft)
    i = torch.arange(n, device=draft.device)
    refused = (u[:n] >= p[i, draft] / q[i, draft]).nonzero()
    kept = int(refused[0]) if len(refused) else n
    rest = p[n] if kept == n else (p[kept] - q[kept]).clamp(min=0)
    last = sample((rest / rest.sum())[None], u[n:])
    return [*draft[:kept].tolist(), last.item()]
    ### END SOLUTION


def expected_tokens(alpha: float, gamma: int) -> float:
    """Return how many tokens a round of gamma guesses gives on average, if each stays with the probability alpha.

    That is 1 + α + … + α^γ: the token after i guesses comes when all i have stayed.

    Raises ValueError when alpha is not from 0 to 1 or gamma is negative.

    >>> round(expected_tokens(0.8, 4), 4)
    3.3616
    """
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha={alpha} must lie between 0 and 1")
    if gamma < 0:
        raise ValueError(f"gamma={gamma} must not be negative")
    ### BEGIN SOLUTION
    return float(sum(alpha**i for i in range(gamma + 1)))
    ### END SOLUTION


def overlap(p: Float[Tensor, "... V"], q: Float[Tensor, "... V"]) -> Float[Tensor, "..."]:
    """Return the share of guesses from q that stay where the model has p: the sum of min(p, q) over the vocabulary.

    It is 1 minus the total variation distance.

    >>> overlap(torch.tensor([0.5, 0.3, 0.2]), torch.tensor([0.2, 0.7, 0.1]))  # 0.2 + 0.3 + 0.1
    tensor(0.6000)
    """
    return torch.minimum(p, q).sum(dim=-1)


def lookup(tokens: Sequence[int], n: int = 3, most: int = 8) -> list[int]:
    """Guess that the text repeats itself: return what followed when its last n tokens last stood together.

    Where they have never stood before, the last n - 1 are looked for, and so on down to one. At most `most` tokens come,
    fewer where the text ends first, none where even its last token is new.

    Raises ValueError when n or most is less than 1.
    Reference: Saxena's prompt lookup decoding.

    >>> lookup([1, 2, 3, 4, 9, 2, 3], n=3, most=2)  # 9, 2, 3 is new; 4, 9 followed 2, 3
    [4, 9]
    """
    if n < 1 or most < 1:
        raise ValueError(f"n={n} and most={most} must both be at least 1")
    ### BEGIN SOLUTION
    tokens = list(tokens)
    for size in range(min(n, len(tokens) - 1), 0, -1):
        for start in range(len(tokens) - size - 1, -1, -1):
            end = start + size
            if tokens[start:end] == tokens[-size:]:
                return tokens[end : end + most]
    return []
    ### END SOLUTION


def _check_draft(draft: Tensor, q: Tensor, p: Tensor, u: Tensor) -> None:
    n, V = len(draft), p.shape[-1]
    for name, rows, shape in (("q", q, (n, V)), ("p", p, (n + 1, V)), ("u", u, (n + 1,))):
        if rows.shape != shape:
            raise ValueError(f"{name} has shape {tuple(rows.shape)}; for {n} guesses it must be {shape}")
        if rows.isnan().any():  # no comparison with it is true, and each guess would stay
            raise ValueError(f"{name} holds NaN; it must hold numbers from 0 to 1")
    unknown = draft[(draft < 0) | (draft >= V)].tolist()
    if unknown:
        raise ValueError(f"draft holds tokens {unknown}; p has those from 0 to {V - 1}")
    impossible = draft[q[torch.arange(n, device=draft.device), draft] == 0].tolist()
    if impossible:
        raise ValueError(f"draft holds tokens {impossible} to which q gives the probability zero")
