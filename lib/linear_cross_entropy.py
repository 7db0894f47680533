"""The loss of a language model's last layer without the matrix of logits, which is its largest by far.

Dimension key: N rows, D width, V vocabulary. Left out on purpose: fused kernels, ignored rows, autograd.
Reference: Wijmans et al. 2025, "Cut Your Losses in Large-Vocabulary Language Models", for the idea.
"""

import torch
from torch import Tensor

from lib.shapes import Float, Int


@torch.no_grad()
def linear_cross_entropy(
    hidden: Float[Tensor, "N D"], weight: Float[Tensor, "V D"], targets: Int[Tensor, " N"], chunk: int = 1024
) -> tuple[Float[Tensor, ""], Float[Tensor, "N D"], Float[Tensor, "V D"]]:
    """Return cross_entropy(hidden @ weight.T, targets) and its gradients by hidden and by weight, all in float32.

    Rows are read `chunk` at a time, so that no more than chunk · V logits ever exist. The gradient of a row's logits
    is its probabilities less the one-hot target, divided by N. float64 stays float64.

    Raises ValueError when chunk is less than 1 or there is not one target a row.

    >>> hidden, weight = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 0.0], [1.0986123, 0.0]])
    >>> loss, d_hidden, d_weight = linear_cross_entropy(hidden, weight, torch.tensor([1]))
    >>> loss, d_weight  # p = 1/4, 3/4
    (tensor(0.2877), tensor([[ 0.2500,  0.0000],
            [-0.2500,  0.0000]]))
    """
    if chunk < 1:
        raise ValueError(f"chunk={chunk} must be at least 1")
    if targets.shape != hidden.shape[:1]:
        raise ValueError(f"{len(hidden)} rows need as many targets, got the shape {tuple(targets.shape)}")
    ### BEGIN SOLUTION
    wide = torch.promote_types(hidden.dtype, torch.float32)
    hidden, weight = hidden.to(wide), weight.to(wide)
    loss, d_hidden, d_weight = hidden.new_zeros(()), torch.empty_like(hidden), torch.zeros_like(weight)
    for start in range(0, len(hidden), chunk):
        rows = slice(start, start + chunk)
        logits = hidden[rows] @ weight.T
        normaliser = logits.logsumexp(dim=-1, keepdim=True)
        own = targets[rows, None]
        loss += (normaliser - logits.gather(-1, own)).sum() / len(hidden)
        d_logits = logits.sub_(normaliser).exp_()  # the probabilities, in the memory of the logits
        d_logits.scatter_add_(-1, own, torch.full_like(own, -1, dtype=wide)).div_(len(hidden))
        d_hidden[rows] = d_logits @ weight
        d_weight += d_logits.T @ hidden[rows]
    return loss, d_hidden, d_weight
    ### END SOLUTION
