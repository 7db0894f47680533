"""A conftest.py for nbval that keeps what each cell has put out, as a notebook file stores it."""

import json
import os
from pathlib import Path

import nbval.plugin
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat.v4 import new_code_cell


def pytest_configure():
    """Have nbval compare more strictly: in its own order a text may change places with a picture."""
    nbval.plugin.coalesce_streams = coalesced


def coalesced(outputs: list) -> list:
    """Join what was printed in pieces, but only what no other output parts."""
    cell, _ = CoalesceStreamsPreprocessor().preprocess_cell(new_code_cell(outputs=outputs), {}, 0)
    return cell.outputs


def pytest_sessionfinish(session):
    """Write the outputs of every cell that ran."""
    outputs = [cell.test_outputs for cell in session.items]
    Path(os.environ["KEPT_OUTPUTS"]).write_text(json.dumps(outputs), "utf8")
