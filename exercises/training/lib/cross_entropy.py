"""Cross-entropy from logits: minus the logarithm of the probability that a model gave to what really came.

Dimension key: V vocabulary; any axes may stand before it. Logarithms are natural, so losses are in nats.
Left out on purpose: class weights, focal loss, the z-loss of large runs.
"""

import torch
from torch import Tensor

from lib.shapes import Float, Int

IGNORED = -100  # the target of a position that does not count


def cross_entropy(
    logits: Float[Tensor, "*rows V"],
    targets: Int[Tensor, "*rows"],
    ignore_index: int = IGNORED,
    label_smoothing: float = 0.0,
) -> Float[Tensor, ""]:
    """Return the mean of -log softmax(logits)[target] over the rows whose target is not ignore_index.

    label_smoothing ε asks for 1 - ε of the target and ε spread evenly over all V classes, the target included. What
    stands in ignored rows, inf and NaN too, touches neither the loss nor its gradient.

    Raises ValueError when the shapes do not fit, targets are not int64 or outside 0 to V - 1, or ε outside 0 to 1.
    Reference: Szegedy et al. 2016, section 7, for smoothing.

    >>> logits = torch.tensor([1.0, 2.0, 1.0]).log()  # the probabilities 1/4, 1/2, 1/4
    >>> cross_entropy(logits, torch.tensor(1))  # ln 2
    tensor(0.6931)
    >>> cross_entropy(logits, torch.tensor(1), label_smoothing=0.3)  # 1.2 ln 2
    tensor(0.8318)
    """
    _check_targets(logits, targets, ignore_index)
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"label_smoothing={label_smoothing} must lie between 0 and 1")
    ### BEGIN SOLUTION
    counts = targets != ignore_index
    logits, targets = widen(logits[counts]), targets[counts]
    log_p = logits - logits.logsumexp(dim=-1, keepdim=True)
    losses = -log_p.gather(-1, targets[:, None]).squeeze(-1)
    if label_smoothing:
        losses = (1 - label_smoothing) * losses - label_smoothing * log_p.mean(dim=-1)
    return losses.sum() / counts.sum().clamp(min=1)
    ### END SOLUTION


def widen(x: Tensor) -> Tensor:
    """Return half precision as float32, since sums of exponentials need more than three digits."""
    return x.to(torch.promote_types(x.dtype, torch.float32))


def describe(x: Tensor) -> str:
    """Return dtype and shape, for messages."""
    return f"{x.dtype} {tuple(x.shape)}"


def _check_targets(logits: Tensor, targets: Tensor, ignore_index: int) -> None:
    if logits.shape[:-1] != targets.shape:
        raise ValueError(
            f"targets {describe(targets)} must have one target for each row of logits {describe(logits)}"
        )
    if targets.dtype != torch.int64:
        raise ValueError(f"targets are {targets.dtype}; they must be torch.int64")
    V = logits.shape[-1]
    wrong = targets[(targets != ignore_index) & ((targets < 0) | (targets >= V))]
    if len(wrong):
        raise ValueError(
            f"targets has {wrong[0].item()}; a target must lie from 0 to {V - 1} or be {ignore_index}"
        )
