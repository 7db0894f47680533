"""What is not the student's fault is one sentence that says what to do, in a terminal and in a notebook."""

import os
import subprocess
import sys

import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell

from check import check
from check.trouble import CannotCheck
from tests.support.course_copy import ROOT

# A Python in which one package is not there, or does not load.
WITHOUT = """
import sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            raise {error}
sys.meta_path.insert(0, Without())
from check import check
"""


def run(code: str, folder) -> subprocess.CompletedProcess:
    command, environment = [sys.executable, "-c", code], {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize("name", ["torch", "numpy", "safetensors"])
@pytest.mark.parametrize("error", ["ModuleNotFoundError('it is not there')", "OSError('a DLL is missing')"])
def test_a_package_that_is_not_there_is_named_with_what_to_do(tmp_path, name, error):
    done = run(WITHOUT.format(name=name, error=error), tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(
        f"The check cannot run: this Python ({sys.executable}) cannot import {name} ("
    )
    assert "Nothing is wrong with your code. Install it there, with" in done.stderr


def test_a_numpy_that_torch_cannot_use_is_nobodys_wrong_answer(folder, monkeypatch):
    def refuse(array):
        raise RuntimeError("Numpy is not available")

    monkeypatch.setattr(torch, "from_numpy", refuse)
    with pytest.raises(
        CannotCheck, match=r"PyTorch .* and NumPy .* do not work together .*pip install 'numpy<2'"
    ):
        check("doubling", folder)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ("check('no such')", "there is no exercise or probe 'no such'; the exercises are doubling, more"),
        ("check('doubling', 'elsewhere')", "probes is missing from "),
    ],
)
def test_a_terminal_shows_the_sentence_alone(folder, call, sentence):
    done = run(
        f"import check\nfrom check import check\n{call.replace(')', f', {str(folder)!r})', 1) if 'such' in call else call}",
        folder,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(sentence)


def test_any_other_error_keeps_its_traceback(tmp_path):
    done = run("from check import check\n1 / 0", tmp_path)
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_a_notebook_shows_the_sentence_alone(capsys):
    shell = InteractiveShell()
    try:
        shell.run_cell("from check.trouble import CannotCheck\nraise CannotCheck('do this')")
    finally:
        InteractiveShell.clear_instance()
    assert capsys.readouterr().out.strip() == "do this"
