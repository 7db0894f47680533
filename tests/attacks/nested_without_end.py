"""Aim: a list nested so deeply, and a dict so wide, that whoever reads it falls over."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
deep = []
for _ in range(10**5):
    deep = [deep]
causal_mask = lambda T, S=None: deep
attend = lambda q, k, v, mask=None: dict.fromkeys(map(str, range(10**5)), 0)
""",
    )
