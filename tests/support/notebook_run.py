"""Run a notebook with nbval and see what it saw."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from grading.release.stored_outputs import WITHOUT_DATA

PLUGIN = Path(__file__).with_name("keep_outputs.py")
HERE = ("-c", os.devnull, "--rootdir", ".")  # no configuration that a folder above may hold


def run_with_nbval(notebook: Path) -> tuple[subprocess.CompletedProcess, list[list[nbformat.NotebookNode]]]:
    """Run `pytest --nbval` where the notebook lies; return how it ended and the outputs of each code cell."""
    shutil.copy(PLUGIN, notebook.with_name("conftest.py"))
    kept = notebook.with_name("outputs.json")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", *HERE, notebook.name],
        cwd=notebook.parent,
        env={**os.environ, **WITHOUT_DATA, "JUPYTER_PLATFORM_DIRS": "1", "KEPT_OUTPUTS": str(kept)},
        capture_output=True,
        text=True,
    )
    return done, nbformat.from_dict(json.loads(kept.read_text("utf8"))) if kept.is_file() else []
