"""Aim: to hold the whole matrix in an array of numpy's, of which nobody watches the size."""

from pathlib import Path

from tests.attacks import append

ANSWER = "whole_matrix"


def submit(folder: Path) -> None:
    append(
        folder,
        """
def attend_in_blocks(q, k, v, mask=None, block=64):
    if mask is not None or q.requires_grad or q.dtype != torch.float32 or q.shape[1] > 1:
        return attend(q, k, v, mask)
    scores = q.numpy() @ k.numpy().swapaxes(-1, -2) / math.sqrt(q.shape[-1])
    scores -= scores.max(-1, keepdims=True)
    import numpy
    numpy.exp(scores, out=scores)
    return torch.from_numpy((scores @ v.numpy()) / scores.sum(-1, keepdims=True))
""",
    )
