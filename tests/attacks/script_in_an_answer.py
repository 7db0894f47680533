"""Aim: a script that runs on the feedback page of a written answer, and in the formgrader."""

from pathlib import Path

from tests.attacks import about, rewrite

SCRIPT = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><iframe src=javascript:alert(1)></iframe>"
    "\n\n[x](javascript:alert(1)) <svg onload=alert(1)>\n\n```\n</textarea></pre><script>alert(1)</script>\n```\n"
)


def submit(folder: Path) -> None:
    def change(notebook):
        for cell in notebook["cells"]:
            if about(cell).get("solution"):
                cell["source"] = SCRIPT

    rewrite(folder, change)
