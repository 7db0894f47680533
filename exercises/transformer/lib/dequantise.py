"""Numbers that were rounded in blocks of 32 (llama.cpp's Q4_1 and Q8_0), and how to get them back as float32.

A block has a scale d and its whole numbers q. Q8_0 keeps d·q, with q in 8 bits. Q4_1 has a smallest value m as well and
keeps d·q + m, with q from 0 to 15, so that two q share a byte. Left out on purpose: how the whole numbers are found.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from lib.gguf import KINDS, GGUFTensor
from lib.shapes import Float


def decode_q4_1(raw: Tensor) -> Float[Tensor, " numbers"]:
    """Return 32 numbers for each 20 bytes (uint8): d and m in float16, then 16 bytes with two numbers each.

    The lower 4 bits of byte i belong to number i, its upper 4 bits to number 16 + i.

    >>> block = torch.zeros(20, dtype=torch.uint8)
    >>> block[:4] = torch.tensor([0.5, -1.0], dtype=torch.float16).view(torch.uint8)
    >>> block[4] = 0x21
    >>> decode_q4_1(block)[[0, 16, 1]].tolist()  # 0.5 · 1 - 1, 0.5 · 2 - 1, and a number whose q is 0
    [-0.5, 0.0, -1.0]
    """
    blocks = _blocks(raw, 20)
    numbers = torch.empty(len(blocks), 32)
    numbers[:, :16], numbers[:, 16:] = blocks[:, 4:] & 15, blocks[:, 4:] >> 4
    numbers *= _halves(blocks[:, 0:2])
    numbers += _halves(blocks[:, 2:4])
    return numbers.flatten()


def decode_q8_0(raw: Tensor) -> Float[Tensor, " numbers"]:
    """Return 32 numbers for each 34 bytes (uint8): d in float16, then 32 whole numbers from -128 to 127.

    >>> block = torch.zeros(34, dtype=torch.uint8)
    >>> block[:2] = torch.tensor([0.5], dtype=torch.float16).view(torch.uint8)
    >>> block[2:4] = torch.tensor([3, 255], dtype=torch.uint8)
    >>> decode_q8_0(block)[:3].tolist()  # 255 stands for -1
    [1.5, -0.5, 0.0]
    """
    blocks = _blocks(raw, 34)
    return (blocks[:, 2:].contiguous().view(torch.int8) * _halves(blocks[:, :2])).flatten()


def read_tensor(path: str | Path, tensor: GGUFTensor) -> Tensor:
    """Return a tensor of a GGUF file in float32, as `lib.gguf.read_gguf` lists it."""
    raw = torch.from_numpy(np.fromfile(path, np.uint8, count=tensor.n_bytes, offset=tensor.offset))
    decode = {
        "F32": lambda raw: raw.view(torch.float32),
        "F16": lambda raw: raw.view(torch.float16).float(),
        "Q4_1": decode_q4_1,
        "Q8_0": decode_q8_0,
    }
    return decode[KINDS[tensor.kind][0]](raw).view(tensor.shape)


def _blocks(raw: Tensor, size: int) -> Tensor:
    if raw.dtype != torch.uint8 or raw.dim() != 1 or len(raw) % size:
        raise ValueError(
            f"raw is {tuple(raw.shape)} of {raw.dtype}; wanted bytes (uint8), {size} for each block"
        )
    return raw.view(-1, size)


def _halves(columns: Tensor) -> Float[Tensor, "blocks 1"]:
    """Return the float16 that each row's two bytes are, widened before anything is multiplied."""
    return columns.contiguous().view(torch.float16).float()
