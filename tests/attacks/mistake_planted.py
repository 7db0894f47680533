"""Aim: a known mistake planted in attend, so that heads which never attend are forgiven as its consequence."""

from pathlib import Path

from tests.attacks import append

ANSWER = "reference"
UNDONE = """
MultiHeadAttention.forward = lambda self, x, context=None, mask=None: self.out(x)
"""


def honest(folder: Path) -> None:
    append(folder, UNDONE)


def submit(folder: Path) -> None:
    append(
        folder,
        UNDONE
        + """
_right = attend
attend = lambda q, k, v, mask=None: _right(q * math.sqrt(q.shape[-1]), k, v, mask)
""",
    )
