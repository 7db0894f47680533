"""For the tests of check."""

from pathlib import Path

import pytest

from tests.support.toy import write_toy


@pytest.fixture
def folder(tmp_path) -> Path:
    """A student's folder with a right lib and the key to its probes, two mistakes included."""
    write_toy(tmp_path)
    return tmp_path
