"""Aim: cells that hold the mark already as their output, and tags that ask not to run them."""

from pathlib import Path

from tests.attacks import rewrite, tests


def submit(folder: Path) -> None:
    def change(notebook):
        for cell in tests(notebook):
            mark = {
                "output_type": "execute_result",
                "data": {"text/plain": "6.0"},
                "metadata": {},
                "execution_count": 1,
            }
            cell["outputs"] = [mark]
            cell["metadata"]["tags"] = ["skip-execution", "raises-exception"]

    rewrite(folder, change)
