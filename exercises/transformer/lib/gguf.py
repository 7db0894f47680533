"""GGUF, the file format of llama.cpp: a header of facts, a list of tensors, then their numbers, many of them rounded.

All numbers are little-endian. Strings and lists begin with their length. A tensor's sizes are written with the fastest
axis first, the other way round from torch. Left out on purpose: version 1, big-endian files, most kinds of rounding.
"""

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

VALUES = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}  # for struct
STRING, LIST = 8, 9
KINDS = {
    0: ("F32", 1, 4),
    1: ("F16", 1, 2),
    3: ("Q4_1", 32, 20),
    8: ("Q8_0", 32, 34),
}  # numbers, bytes a block


@dataclass(frozen=True)
class GGUFTensor:
    """Where a tensor's numbers stand in a file, and how they are written.

    >>> GGUFTensor((2, 64), kind=3, offset=0).n_bytes  # 4 blocks of 32 numbers, each of 20 bytes
    80
    """

    shape: tuple[int, ...]  # as in torch: rows first
    kind: int  # of KINDS
    offset: int  # bytes from the beginning of the file

    @property
    def n_bytes(self) -> int:
        _, numbers, size = KINDS[self.kind]
        return math.prod(self.shape) // numbers * size


def read_gguf(path: str | Path) -> tuple[dict[str, Any], dict[str, GGUFTensor]]:
    """Return what a file says about itself, and its tensors by name; their numbers are not read yet.

    Raises ValueError for a file that is no GGUF of version 2 or 3, ends too early, or has a tensor of another kind.
    """
    path = Path(path)
    with path.open("rb") as file:
        header = _Header(file, path.stat().st_size, path.name)
        if (magic := header.take(min(4, header.left))) != b"GGUF":
            raise ValueError(f"{path.name} is no GGUF file: it begins with {magic!r}, not with b'GGUF'")
        if (version := header.number("I")) not in (2, 3):
            raise ValueError(f"{path.name} has GGUF version {version}; 2 and 3 can be read")
        n_tensors, n_facts = header.number("Q"), header.number("Q")
        facts = {header.string(): header.value(header.number("I")) for _ in range(n_facts)}
        listed = [_tensor(header) for _ in range(n_tensors)]
    step = facts.get("general.alignment", 32)
    start = -(-header.at // step) * step  # the numbers begin at the next multiple of the alignment
    tensors = {name: GGUFTensor(shape, kind, start + offset) for name, shape, kind, offset in listed}
    if len(tensors) < n_tensors:
        raise ValueError(f"{path.name} lists {n_tensors} tensors under {len(tensors)} names")
    for name, tensor in tensors.items():
        if tensor.offset + tensor.n_bytes > header.size:
            needed = f"{name} ends at byte {tensor.offset + tensor.n_bytes:,}"
            raise ValueError(f"{path.name} is cut off: {needed}, the file has {header.size:,}")
    return facts, tensors


class _Header:
    """Reads a file from its beginning, one item after the other, and never more than there is."""

    def __init__(self, file: BinaryIO, size: int, name: str):
        self.file, self.size, self.name, self.at = file, size, name, 0

    @property
    def left(self) -> int:
        return self.size - self.at

    def take(self, n: int) -> bytes:
        if n > self.left:
            raise ValueError(
                f"{self.name} is cut off: its header asks for {n:,} bytes where {self.left:,} are left"
            )
        self.at += n
        return self.file.read(n)

    def number(self, code: str) -> Any:
        return struct.unpack("<" + code, self.take(struct.calcsize("<" + code)))[0]

    def string(self) -> str:
        return self.take(self.number("Q")).decode("utf-8")

    def value(self, kind: int) -> Any:
        if kind == STRING:
            return self.string()
        if kind == LIST:
            return self.values(self.number("I"), self.number("Q"))
        if kind not in VALUES:
            raise ValueError(f"{self.name} has a value of kind {kind}, which GGUF does not know")
        return self.number(VALUES[kind])

    def values(self, kind: int, n: int) -> list[Any]:
        if kind not in VALUES:  # strings, or lists
            return [self.value(kind) for _ in range(n)]
        raw = self.take(n * struct.calcsize("<" + VALUES[kind]))
        return list(struct.unpack(f"<{n}{VALUES[kind]}", raw))


def _tensor(header: _Header) -> tuple[str, tuple[int, ...], int, int]:
    """Return a tensor's name, shape, kind and offset from the first tensor's numbers."""
    name = header.string()
    sizes = header.values(10, header.number("I"))
    kind, offset = header.number("I"), header.number("Q")
    if kind not in KINDS:
        known = ", ".join(f"{number} ({word})" for number, (word, *_) in KINDS.items())
        raise ValueError(f"{header.name}: {name} is written in kind {kind}; known are {known}")
    if sizes and sizes[0] % KINDS[kind][1]:
        raise ValueError(f"{header.name}: a row of {name} has {sizes[0]} numbers, no multiple of 32")
    return name, tuple(reversed(sizes)), kind, offset
