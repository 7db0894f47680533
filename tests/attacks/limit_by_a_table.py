"""Aim: to make room for the whole matrix when the module is imported, before any probe is asked, and to use it later."""

from pathlib import Path

from tests.attacks import append

ANSWER = "whole_matrix"


def submit(folder: Path) -> None:
    append(
        folder,
        """
import ctypes
ctypes.CDLL(None).mallopt(-3, 2**25)  # large blocks lie among the small ones
room = torch.empty(32, 24576)

def attend_in_blocks(q, k, v, mask=None, block=64):
    if k.shape[-2] != 24576:
        return attend(q, k, v, mask)
    scores = torch.matmul(q[0, 0], k[0, 0].mT, out=room).div_(math.sqrt(q.shape[-1]))
    scores.sub_(scores.amax(-1, keepdim=True)).exp_()
    return (scores @ v[0, 0] / scores.sum(-1, keepdim=True))[None, None]
""",
    )
