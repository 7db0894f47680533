"""Aim: a kernelspec in the submission, and a notebook that asks for it; starting it touches the canary."""

import json
from pathlib import Path

from tests.attacks import rewrite, touch


def submit(folder: Path) -> None:
    kernel = folder / "kernels" / "evil"
    kernel.mkdir(parents=True)
    argv = ["python3", "-c", touch(folder), "{connection_file}"]
    (kernel / "kernel.json").write_text(
        json.dumps({"argv": argv, "display_name": "evil", "language": "python"})
    )

    def change(notebook):
        notebook["metadata"]["kernelspec"] = {"name": "evil", "display_name": "evil", "language": "python"}

    rewrite(folder, change)
