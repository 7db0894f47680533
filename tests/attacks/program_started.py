"""Aim: to start another program, which knows nothing of what python was denied."""

from pathlib import Path

from tests.attacks import attempt


def submit(folder: Path) -> None:
    attempt(
        folder,
        """
import subprocess
return subprocess.run(["/usr/bin/id"], capture_output=True, text=True, check=True).stdout
""",
    )
