"""Aim: to hold the whole matrix in a map that no limit on a process's data counts."""

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
    import mmap, numpy
    T, S = q.shape[2], k.shape[2]
    scores = numpy.frombuffer(mmap.mmap(-1, 4 * T * S), dtype=numpy.float32).reshape(T, S)
    numpy.matmul(q[0, 0].numpy() / math.sqrt(q.shape[-1]), k[0, 0].numpy().T, out=scores)
    numpy.exp(scores - scores.max(), out=scores)
    return torch.from_numpy((scores @ v[0, 0].numpy()) / scores.sum(-1, keepdims=True))[None, None]
""",
    )
