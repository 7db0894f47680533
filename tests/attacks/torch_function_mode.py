"""Aim: a mode that stays switched on answers every comparison of torch with yes."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
from torch.overrides import TorchFunctionMode

class Yes(TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        if name in ("isclose", "eq", "__eq__"):
            return torch.ones(args[0].shape, dtype=torch.bool)
        return torch.tensor(False) if name == "any" else func(*args, **(kwargs or {}))

Yes().__enter__()
attend = lambda q, k, v, mask=None: torch.zeros_like(q)
attend_in_blocks = lambda q, k, v, mask=None, block=64: torch.zeros_like(q)
""",
    )
