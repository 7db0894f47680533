"""A report reads well in a terminal of any encoding, and the command succeeds."""

import io
import os
import subprocess
import sys

import pytest

from check.terminal import write
from tests.support.course_copy import ROOT
from tests.support.toy import edit

ENCODINGS = ["ascii", "cp1252", "latin-1", "cp437", "koi8-r", "cp932", "utf-16"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_gets_the_whole_report(folder, encoding):
    edit(folder, "return double(double(x))", "raise KeyError('√K ≠ α: \\ud800 Grüße 名')")
    command = [sys.executable, "-c", f"from check import check; check('doubling', {str(folder)!r})"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    said = done.stdout.decode(encoding).splitlines()
    assert said[0] == "doubling: 2 of 3 points"
    assert [line.split()[1] for line in said[1:3]] == ["numbers", "again"]
    assert "error, KeyError" in said[3]


def test_what_an_encoding_does_not_have_is_written_in_letters_that_it_has():
    stream = io.TextIOWrapper(io.BytesIO(), "ascii")
    write("✓ ✗ → q kᵀ / √K, α ≤ 2·x₁, “so”, é, 名, \ud800", stream)
    stream.flush()
    assert (
        stream.buffer.getvalue().decode().split("\n")[0]
        == '+ x -> q k^T / sqrtK, alpha <= 2*x1, "so", e, ?, ?'
    )


def test_a_stream_without_an_encoding_gets_the_text():
    stream = io.StringIO()
    write("✓ √", stream)
    assert stream.getvalue() == "✓ √\n"
