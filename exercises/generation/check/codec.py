"""Values as bytes and back: tensors as safetensors, everything else as JSON in its header. Never pickle.

The bytes may come from an untrusted submission, so `unpack` accepts only what `pack` could have written.
"""

import json
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from .compare import Values
from .probe import Failure, Leaf


def pack(outputs: dict[str, Values]) -> bytes:
    """Write what several probes returned; the keys name the probes and must not contain "|"."""
    tensors: dict[str, torch.Tensor] = {}
    rest: dict[str, list[str] | dict[str, Leaf]] = {}
    for name, values in outputs.items():
        if isinstance(values, Failure):
            rest[name] = [values.error, values.message, values.trace]
            continue
        rest[name] = plain = {}
        for case, leaf in values.items():
            if isinstance(leaf, torch.Tensor):
                tensors[f"{name}|{case}"] = leaf
                leaf = None  # which keeps the tensor's place in the order
            plain[case] = leaf
    return save(tensors, {"rest": json.dumps(rest)})


def unpack(data: bytes) -> dict[str, Values]:
    """Read what `pack` wrote. Raises ValueError for anything else."""
    try:
        tensors = load(data)
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        rest = json.loads(header["__metadata__"]["rest"])
        outputs = {name: _values(entry) for name, entry in rest.items()}
        for key, tensor in tensors.items():
            name, case = key.split("|", 1)
            values = outputs[name]
            if isinstance(values, Failure):
                raise ValueError("an error with a tensor")
            values[case] = tensor
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not values of probes: {type(error).__name__}") from error
    return outputs


def _values(entry: Any) -> Values:
    if isinstance(entry, list):
        error, message, trace = entry
        if all(type(part) is str for part in entry):
            return Failure(error[:100], message[:500], trace[:4000])
    elif isinstance(entry, dict) and all(
        leaf is None or type(leaf) in (bool, int, float, str) for leaf in entry.values()
    ):
        return entry
    raise ValueError("an entry is neither values nor an error")
