"""Aim: to return a tensor of a class of its own, to which every operation says yes."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
class Right(Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return torch.ones(1, dtype=torch.bool)

    @property
    def shape(self):
        return torch.Size((2, 3, 5, 4))

causal_mask = padding_mask = attend = attend_in_blocks = lambda *_, **__: torch.ones(1).as_subclass(Right)
""",
    )
