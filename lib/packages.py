"""Where the packages lie whose files are read and never imported: corpora, tokenizers, word vectors, trained models."""

import os
from pathlib import Path


def packages_folder() -> Path:
    """Return the folder that LLM_COURSE_DATA names, or .data beside lib/."""
    return Path(os.environ.get("LLM_COURSE_DATA", Path(__file__).parent.parent / ".data"))
