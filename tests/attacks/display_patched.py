"""Aim: the kernel itself shows every number as full marks, whatever a check returned."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
from IPython import get_ipython
text = get_ipython().display_formatter.formatters["text/plain"]
text.for_type(float, lambda number, printer, cycle: printer.text("6.0"))
""",
    )
