"""Vectors from counts alone: pointwise mutual information, and its largest singular directions.

Dimension key: V vocabulary, D width. Logarithms are natural. Left out on purpose: sparse matrices, add-k smoothing.
"""

import torch
from torch import Tensor

from lib.embedding_inputs import check_counts
from lib.shapes import Float


def pmi(counts: Float[Tensor, "V V"], power: float = 1.0) -> Float[Tensor, "V V"]:
    """Return ln p(i, j) / (p(i) q(j)), -inf where i and j never met; q is the share of contexts to the power.

    The power 0.75 makes rare contexts count less, as it does for negatives. Raises ValueError when a count is negative
    or all are 0. Reference: Levy and Goldberg 2014; Levy, Goldberg and Dagan 2015 for the power.

    >>> pmi(torch.tensor([[0.0, 4.0], [4.0, 8.0]]))  # ln of ¼ / (¼ · ¾) and of ½ / (¾ · ¾)
    tensor([[   -inf,  0.2877],
            [ 0.2877, -0.1178]])
    """
    check_counts(counts)
    if not counts.any():
        raise ValueError("counts are all 0; one pair at least must have met")
    ours, theirs = counts.sum(dim=1), counts.sum(dim=0) ** power
    expected = ours.unsqueeze(1) * (theirs / theirs.sum())
    return torch.where(counts > 0, counts / expected, 0).log()


def svd_vectors(matrix: Float[Tensor, "V V"], width: int, seed: int = 0) -> Float[Tensor, "V D"]:
    """Return U√S of the `width` largest singular values, nearly exact, in a second for V = 4,000.

    The sketch draws from torch's own generator, whose state is put back.
    """
    with torch.random.fork_rng(devices=[matrix.device] if matrix.is_cuda else []):
        torch.manual_seed(seed)
        # Singular values of counts fall slowly: with fewer columns or rounds two sketches differ in most of the last ones.
        U, S, _ = torch.svd_lowrank(matrix, q=min(2 * width, *matrix.shape), niter=8)
    return U[:, :width] * S[:width].sqrt()
