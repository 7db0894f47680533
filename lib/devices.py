"""Where a model is, where it could be, and how a batch gets there."""

import torch
from torch import Tensor, nn


def device_of(choice: str = "auto") -> torch.device:
    """Return the device of this name; "auto" is a CUDA GPU if there is one, else Apple's, else the CPU.

    Raises ValueError for one that is not there.
    """
    found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    there = [name for name, is_there in found.items() if is_there]
    if choice == "auto":
        return torch.device(there[0])
    kind, colon, number = choice.partition(":")
    count = torch.cuda.device_count() if kind == "cuda" else 1
    if kind not in there or (colon and not (number.isdecimal() and int(number) < count)):
        raise ValueError(
            f"device {choice!r} is not there; this machine has {', '.join(there)}: take one of them, or 'auto'"
        )
    return torch.device(choice)


def where(model: nn.Module) -> torch.device:
    """Return the device of a model's weights."""
    return next((p.device for p in model.parameters()), torch.device("cpu"))


def to_device(x: Tensor, device: torch.device) -> Tensor:
    """Return x on this device. The copy to a GPU is made from pinned memory, while the program goes on."""
    if device.type == "cuda" and x.device.type == "cpu":
        return x.pin_memory().to(device, non_blocking=True)
    return x.to(device)
