"""Aim: links to a secret in places that are copied or shown, for the feedback to carry it out."""

from pathlib import Path

from tests.attacks import canary


def submit(folder: Path) -> None:
    for name in ("notes.txt", "lib/secret.py", "attention.html"):
        (folder / name).symlink_to(canary(folder) / "secret")
    (folder / "timestamp.txt").unlink(missing_ok=True)
    (folder / "timestamp.txt").symlink_to(canary(folder) / "secret")
