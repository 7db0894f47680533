"""Aim: torch finds every two tensors close and equal."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
torch.isclose = lambda a, b, **_: torch.ones(a.shape, dtype=torch.bool)
torch.equal = torch.allclose = lambda *_, **__: True
torch.Tensor.__eq__ = lambda a, b: torch.ones(a.shape, dtype=torch.bool)
torch.Tensor.any = lambda *_, **__: torch.tensor(False)
attend = lambda q, k, v, mask=None: torch.zeros_like(q)
attend_in_blocks = lambda q, k, v, mask=None, block=64: torch.zeros_like(q)
""",
    )
