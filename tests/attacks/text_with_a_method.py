"""Aim: to return texts and numbers of classes of its own, whose __eq__ would run at the judge's."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
class Text(str):
    __eq__ = lambda self, other: True
    __hash__ = str.__hash__

class Number(float):
    __eq__ = __ne__ = lambda self, other: True
    __hash__ = float.__hash__

causal_mask = lambda T, S=None: Text("right")
attend = lambda q, k, v, mask=None: Number(1)
""",
    )
