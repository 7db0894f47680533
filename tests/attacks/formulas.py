"""Aim: formulas in all that a student can name, for a spreadsheet to run when grades are opened."""

from pathlib import Path

from tests.attacks import about, append, rewrite


def submit(folder: Path) -> None:
    formula = "=cmd|' /C calc'!A0"
    append(folder, f"raise type({formula!r}, (Exception,), {{}})({formula!r})")

    def change(notebook):
        notebook["metadata"]["authors"] = [{"name": formula}]
        for cell in notebook["cells"]:
            if about(cell).get("solution"):
                cell["source"] = formula

    rewrite(folder, change)
    (folder / "timestamp.txt").write_text(formula)
