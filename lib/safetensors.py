"""safetensors, the file format of transformers: the length of a JSON header, the header, then all numbers in a row.

The header gives each tensor's dtype, shape, and where its bytes begin and end behind the header; all numbers are
little-endian. Left out on purpose: writing, reading a part of a file, eight-bit and complex numbers.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64}


def read_safetensors(path: str | Path) -> dict[str, Tensor]:
    """Return all tensors of a file by name, in their own dtypes.

    Raises ValueError for a file that is no safetensors or is cut off, and for a dtype that is not in DTYPES.
    """
    path = Path(path)
    with path.open("rb") as file:
        length, size = int.from_bytes(file.read(8), "little"), path.stat().st_size
        if size < 8 or length > size - 8:
            raise ValueError(
                f"{path.name} is no safetensors file, or cut off: a header of {length:,} bytes in {size:,}"
            )
        try:
            header = dict(json.loads(file.read(length)))
        except (TypeError, ValueError):
            raise ValueError(f"{path.name} is no safetensors file: its header is no JSON object") from None
        data = torch.from_numpy(np.fromfile(file, np.uint8))
    header.pop("__metadata__", None)
    return {name: _tensor(data, entry, f"{path.name}: {name}") for name, entry in header.items()}


def _tensor(data: Tensor, entry: dict[str, Any], what: str) -> Tensor:
    if entry["dtype"] not in DTYPES:
        raise ValueError(f"{what} has dtype {entry['dtype']}; known are {', '.join(DTYPES)}")
    dtype, (start, end) = DTYPES[entry["dtype"]], entry["data_offsets"]
    if end > len(data):
        raise ValueError(f"{what} ends at byte {end:,} of {len(data):,}: the file is cut off")
    if end - start != math.prod(entry["shape"]) * dtype.itemsize:
        raise ValueError(f"{what} has shape {entry['shape']}, but {end - start:,} bytes")
    return data[start:end].clone().view(dtype).view(entry["shape"])  # cloned, since it may begin anywhere
