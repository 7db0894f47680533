"""Aim: folders so deep, and names so many, that walking them fails or takes long."""

from pathlib import Path


def submit(folder: Path) -> None:
    deep = folder
    for _ in range(200):
        deep = deep / "deeper"
    deep.mkdir(parents=True)
    for number in range(2000):
        (folder / f"{number}.txt").touch()
