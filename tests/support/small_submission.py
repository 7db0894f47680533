"""A submission to the small course in which nothing is wrong."""

import json
from pathlib import Path

from tests.support.small_course import answer, notebook

CODE = b"def total(x):\n    return x.sum()\n"
GOOD = notebook(answer("why", "Mine."), answer("how", "Thus."))


def write_submission(folder: Path) -> Path:
    """Write the submission into a folder that is not there yet, and return the folder."""
    (folder / "lib").mkdir(parents=True)
    (folder / "lib/sums.py").write_bytes(CODE)
    hand_in(folder, GOOD)
    return folder


def hand_in(folder: Path, content: dict) -> None:
    """Write another notebook."""
    (folder / "sums.ipynb").write_text(json.dumps(content))
