"""Beam search: of all continuations of the best few hypotheses, go on with the best few.

Dimension key: N hypotheses of the beam, t tokens of each, V vocabulary. Logarithms are natural.
Left out on purpose: stopping before the last step once no better hypothesis can come, diverse beams.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from lib.shapes import Int


def beam_search(
    step: Callable[[Tensor], Tensor],
    start: Int[Tensor, " t"],
    width: int,
    length: int,
    eos: int | None = None,
    length_penalty: float = 0.0,
) -> list[tuple[list[int], float]]:
    """Return at most width continuations of start as (new tokens, score), the best first.

    step maps tokens (N, t) to log-probabilities (N, V) of the next one. Each step continues all hypotheses
    by all tokens and keeps the width most probable of them together. One that ends with eos leaves the beam
    and waits; the rest ends after `length` new tokens. A score is the sum of the log-probabilities divided by
    (number of new tokens, eos counted) ** length_penalty. What has probability zero is dropped.

    Raises ValueError when width or length is less than 1.
    Reference: Graves 2012; Sutskever et al. 2014; for the division by the length, Wu et al. 2016.

    >>> table = torch.tensor([[0.55, 0.45], [0.1, 0.9]]).log()  # after token 0, after token 1
    >>> def best(width):
    ...     found = beam_search(lambda tokens: table[tokens[:, -1]], torch.tensor([0]), width, length=2)
    ...     return found[0][0], round(found[0][1], 3)
    >>> best(width=1), best(width=2)  # ln(0.55 * 0.55), and ln(0.45 * 0.9), which greedy search never sees
    (([0, 0], -1.196), ([1, 1], -0.904))
    """
    if width < 1 or length < 1:
        raise ValueError(f"width={width} and length={length} must both be at least 1")
    ### BEGIN SOLUTION
    beam, totals = start[None], torch.zeros(1, dtype=torch.float64, device=start.device)
    ended: list[tuple[Tensor, Tensor]] = []
    for _ in range(length):
        scores_NV = totals[:, None] + step(beam).double()
        best, indices = scores_NV.flatten().sort(descending=True, stable=True)
        finite = best[:width] > -torch.inf
        totals, indices, V = best[:width][finite], indices[:width][finite], scores_NV.shape[-1]
        beam = torch.cat([beam[indices // V], indices[:, None] % V], dim=-1)
        ended_now = torch.zeros_like(totals, dtype=torch.bool) if eos is None else beam[:, -1] == eos
        ended += zip(beam[ended_now], totals[ended_now], strict=True)
        beam, totals = beam[~ended_now], totals[~ended_now]
        if not len(beam):
            break
    ended += zip(beam, totals, strict=True)
    continuations = [(tokens[len(start) :].tolist(), total.item()) for tokens, total in ended]
    scored = [(new, total / len(new) ** length_penalty) for new, total in continuations]
    return sorted(scored, key=lambda pair: pair[1], reverse=True)[:width]
    ### END SOLUTION
