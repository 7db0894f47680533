"""Rows of numbers for tokens: looked up, learnt from neighbours (word2vec, GloVe), compared and searched.

Dimension key: V vocabulary, D width, N tokens of a text, P pairs, B pairs of a batch, M negatives of a pair.
Logarithms are natural; half precision is computed in float32. Training is in lib/word2vec.py, counts and their
singular vectors in lib/pmi.py, a published set in lib/glove.py. Left out on purpose: CBOW, hierarchical softmax, subwords.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lib.embedding_inputs import check_counts, check_ids, check_search, check_window, widen
from lib.shapes import Float, Int


def one_hot(ids: Int[Tensor, "*shape"], vocab_size: int) -> Float[Tensor, "*shape V"]:
    """Return a float32 row for each id that is 1 at the id and 0 elsewhere.

    Raises ValueError when an id lies outside 0 … V - 1.

    >>> one_hot(torch.tensor([2, 0]), 3)
    tensor([[0., 0., 1.],
            [1., 0., 0.]])
    """
    check_ids(ids, vocab_size)
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write one_hot() in lib/embeddings.py")


class Embedding(nn.Module):
    """A learned table with a row for each token; rows begin as draws from N(0, 1), as in torch.nn.Embedding."""

    def __init__(self, vocab_size: int, width: int):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(vocab_size, width))

    def forward(self, ids: Int[Tensor, "*shape"]) -> Float[Tensor, "*shape D"]:
        """Look up the row of each id: one_hot(ids) @ weight, without the product.

        The gradient of a row is the sum over all places where its id stands. Raises ValueError as `one_hot` does.
        """
        # Write your solution here, in place of the next line.
        raise NotImplementedError("write Embedding.forward() in lib/embeddings.py")


def skipgram_pairs(ids: Int[Tensor, " N"], window: int) -> Int[Tensor, "P 2"]:
    """Return all (centre, context) with at most `window` steps between the two, by centre and then from left to right.

    A place is not its own context; the same word at another place is. For N > window there are
    P = 2·window·N - window·(window + 1) rows. Memory grows with N · window, not with N².

    Raises ValueError when window is less than 1.
    >>> skipgram_pairs(torch.tensor([5, 6, 7]), window=1).tolist()
    [[5, 6], [6, 5], [6, 7], [7, 6]]
    """
    check_window(window)
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write skipgram_pairs() in lib/embeddings.py")


def noise_probs(counts: Int[Tensor, " V"] | Float[Tensor, " V"], power: float = 0.75) -> Float[Tensor, " V"]:
    """Return the probabilities of drawing each word as a negative: counts to the power, scaled to sum 1, float32.

    What never occurred keeps 0, whatever the power. Raises ValueError when a count is negative or none is above 0.
    Reference: Mikolov et al. 2013 (arXiv 1310.4546), section 2.2.

    >>> noise_probs(torch.tensor([16, 1, 0]))
    tensor([0.8889, 0.1111, 0.0000])
    """
    check_counts(counts)
    if not counts.any():
        raise ValueError("counts are all 0; one word at least must have occurred")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write noise_probs() in lib/embeddings.py")


def negative_sampling_loss(
    centre: Float[Tensor, "B D"], context: Float[Tensor, "B D"], negatives: Float[Tensor, "B M D"]
) -> Float[Tensor, ""]:
    """Return the mean over B of -ln σ(u·v) - Σ ln σ(-u·n): u centre, v its context, n each of its own M negatives.

    Raises ValueError when B is 0. Reference: Mikolov et al. 2013 (arXiv 1310.4546), equation 4.

    >>> ln3 = torch.tensor([[3.0]]).log()  # σ(ln 3) = 3/4
    >>> negative_sampling_loss(torch.ones(1, 1), ln3, torch.stack([-ln3, 0 * ln3], dim=1))  # -2 ln 3/4 - ln 1/2
    tensor(1.2685)
    """
    if not len(centre):
        raise ValueError("B=0 pairs have no mean; B must be at least 1")
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write negative_sampling_loss() in lib/embeddings.py")


def cooccurrence(
    ids: Int[Tensor, " N"], vocab_size: int, window: int, harmonic: bool = True
) -> Float[Tensor, "V V"]:
    """Count how often two words stand at most `window` steps apart; a pair d apart adds 1/d (1 if not harmonic).

    It is added to both cells, [i, j] and [j, i], which are one cell for a word beside itself.
    Raises ValueError when window is less than 1, or an id lies outside 0 … V - 1.

    >>> cooccurrence(torch.tensor([0, 1, 0, 2]), vocab_size=3, window=2)
    tensor([[1.0000, 2.0000, 1.0000],
            [2.0000, 0.0000, 0.5000],
            [1.0000, 0.5000, 0.0000]])
    """
    check_window(window)
    check_ids(ids, vocab_size)
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write cooccurrence() in lib/embeddings.py")


def glove_loss(
    w: Float[Tensor, "V D"],
    w_ctx: Float[Tensor, "V D"],
    b: Float[Tensor, " V"],
    b_ctx: Float[Tensor, " V"],
    counts: Float[Tensor, "V V"],
    x_max: float = 100.0,
    alpha: float = 0.75,
) -> Float[Tensor, ""]:
    """Return the sum over cells with x = counts[i, j] > 0 of min((x / x_max)^α, 1) · (w_i·w̃_j + b_i + b̃_j - ln x)².

    Raises ValueError when a count is negative.
    Reference: Pennington et al. 2014, equations 8 and 9.

    >>> zero = torch.zeros(1)
    >>> glove_loss(zero[None], zero[None], zero + 2, zero, torch.ones(1, 1), x_max=16)  # (1/16)^¾ · (2 - ln 1)²
    tensor(0.5000)
    """
    check_counts(counts)
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write glove_loss() in lib/embeddings.py")


def nearest(
    vectors: Float[Tensor, "V D"], query: Float[Tensor, " D"], k: int, exclude: Sequence[int] = ()
) -> Int[Tensor, " k"]:
    """Return the ids of the k rows with the highest cosine to the query; equals go to the smaller id.

    A row of zeros has no direction, and its cosine counts as 0. Raises ValueError when fewer than k rows are left.

    >>> nearest(torch.tensor([[1.0, 0.0], [9.0, 9.0], [0.0, 0.0]]), torch.tensor([2.0, 0.0]), k=2).tolist()
    [0, 1]
    """
    check_search(len(vectors), k, exclude)
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write nearest() in lib/embeddings.py")


def analogy(
    vectors: Float[Tensor, "V D"], a: int, b: int, c: int, k: int = 1, exclude_inputs: bool = True
) -> Int[Tensor, " k"]:
    """Answer "a is to b as c is to …": the k rows nearest to b - a + c, each of the three scaled to length 1.

    Without exclude_inputs a, b and c themselves may be the answer. Raises ValueError as `nearest` does.

    >>> man, king, woman, queen = [1, 0, 0], [1, 0, 1], [0, 1, 0], [0, 1, 1]
    >>> analogy(torch.tensor([man, king, woman, queen, [0, 0, 1]]).float(), a=0, b=1, c=2).tolist()
    [3]
    """
    check_ids(torch.tensor([a, b, c]), len(vectors))
    # Write your solution here, in place of the next line.
    raise NotImplementedError("write analogy() in lib/embeddings.py")
