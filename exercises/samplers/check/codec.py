"""Values as bytes and back: tensors as safetensors, everything else as JSON in its header. Never pickle.

The bytes may come from a stranger, so `unpack` accepts only what `pack` could have written.
"""

import json

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from .compare import Values
from .probe import Failure


def pack(outputs: dict[str, Values]) -> bytes:
    """Write what several probes returned; the keys name the probes and must not contain "|"."""
    tensors, rest = {}, {}
    for name, values in outputs.items():
        if isinstance(values, Failure):
            rest[name] = [values.error, values.message, values.trace]
            continue
        rest[name] = {}
        for case, leaf in values.items():
            is_tensor = isinstance(leaf, torch.Tensor)
            rest[name][case] = None if is_tensor else leaf  # None keeps a tensor's place in the order
            if is_tensor:
                tensors[f"{name}|{case}"] = leaf
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
            outputs[name][case] = tensor
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not values of probes: {type(error).__name__}") from error
    return outputs


def _values(entry) -> Values:
    if isinstance(entry, list):
        error, message, trace = entry
        if all(type(part) is str for part in entry):
            return Failure(error[:100], message[:500], trace[:4000])
    elif isinstance(entry, dict) and all(
        leaf is None or type(leaf) in (bool, int, float, str) for leaf in entry.values()
    ):
        return entry
    raise ValueError("an entry is neither values nor an error")
