"""Aim: to return an object that equals everything and passes for every type."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
class Right:
    __class__ = Tensor
    shape, dtype = (2, 3, 5, 4), torch.float32
    __eq__ = __ne__ = __bool__ = lambda *_: True
    __getattr__ = __call__ = lambda self, *_, **__: self
    __len__ = __index__ = lambda self: 1
    __hash__ = lambda self: 1

causal_mask = padding_mask = attend = attend_in_blocks = lambda *_, **__: Right()
""",
    )
