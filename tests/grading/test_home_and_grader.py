"""What passes at home passes when it is graded, and what does not is said at home: one table, asked in both places."""

import importlib
import re
import shutil
import sys
from pathlib import Path

import pytest

from check import check
from check.graded import Graded, read_graded
from grading.assignment import Assignment
from grading.judge.judge import grade
from grading.release.student_folder import write_folder
from grading.verdict import Verdict
from tests.support.graded import handed_in
from tests.support.small_course import REFERENCE, course_for_nbgrader

TOLD = "not handed in"
OWN = {"helper.py": "x = 1\n", "lib/helper.py": "x = 1\n", "table.json": "[1]", "lib/table.json": "[1]"}
OWN |= {
    "lib/sub/__init__.py": "",
    "lib/sub/inner.py": "x = 1\n",
    "lib/__init__.py": "from lib.sums import total\n",
}
OWN |= {
    "lib/sums/__init__.py": "raise ValueError\n",
    "einops.py": "raise ValueError\n",
    "tools/__init__.py": "x = 1\n",
}

# What comes before the right module: nothing more to say where it passes, else a word of what the check says.
FORMS = {
    "nothing": ("", None),
    "an import of lib's given module": ("from lib.given import twice as more", None),
    "a relative one": ("from .given import twice as more", None),
    "one inside a function": ("def f():\n    from lib.sums import total\nf.__call__", None),
    "a helper in lib": ("from lib.helper import x", "of lib/ there is"),
    "a helper of lib": ("from lib import helper", "of lib/ there is"),
    "a helper beside the module": ("from .helper import x", "of lib/ there is"),
    "a helper beside the notebook": ("import helper", TOLD),
    "a name of one": ("from helper import x", TOLD),
    "a helper by its path": ("import sys\nsys.path.insert(0, 'lib')\nimport helper", TOLD),
    "a helper by its name": ("import importlib\nimportlib.import_module('helper')", TOLD),
    "a package of one's own": ("import tools", TOLD),
    "a subpackage": ("from lib.sub.inner import x", "of lib/ there is"),
    "a name from lib itself": ("from lib import total", "of lib/ there is"),
    "a table": ("import json\nwith open('table.json') as file: json.load(file)", TOLD),
    "a table beside the module": ("from pathlib import Path\nPath(__file__).with_name('table.json').read_text()", TOLD),
    "a table in one's home": ("import os\nos.close(os.open('table.json', os.O_RDONLY))", TOLD),
    "a file of its own": ("with open('log.txt', 'w') as file: file.write('x')\nwith open('log.txt') as file: file.read()", None),
    "a temporary file": ("import tempfile\nwith tempfile.TemporaryFile() as file: file.write(b'x')", None),
    "a file of the machine": ("with open('/proc/self/status') as file: file.read()", None),
    "a package of the course": ("import safetensors, tqdm, networkx", None),
    "a package that is installed": ("import nbgrader", "No module named 'nbgrader' where it is graded"),
    "a package that is not": ("import flash_attn", "No module named 'flash_attn' where it is graded"),
    "one that need not be": ("try: import flash_attn\nexcept ImportError: pass", None),
    "names of a notebook": ("get_ipython().system('ls')\ndisplay(3)\nfrom IPython.display import display, HTML", None),
    "an end": ("raise SystemExit", "ended in SystemExit"),
    "another program": ("import subprocess\nsubprocess.run(['true'])", "another process is started"),
    "a program that need not run": ("import os, subprocess\ntry: subprocess.run(['true'])\nexcept OSError: pass", None),
    "another process": ("import multiprocessing\nmultiprocessing.Process(target=print).start()", "another process is started"),
    "a connection": ("import socket\nsocket.create_connection(('127.0.0.1', 9))", "a connection is opened"),
    "a question": ("name = input('Your name? ')", "nobody is there where it is graded"),
    "arguments": ("import argparse\nargparse.ArgumentParser().parse_args()", None),
    "another stream": ("import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf8')\nprint('é')", None),
    "deterministic": ("import torch\ntorch.use_deterministic_algorithms(True)", None),
    "another default": ("import torch\ntorch.set_default_dtype(torch.float64)", None),
    "compiled": ("import torch\n@torch.compile(fullgraph=True)\ndef f(x): return x\nf(torch.ones(1))", None),
}  # fmt: skip
LAST = {"another default": {"tell"}}  # exercises that ask how torch is set


@pytest.fixture(scope="module")
def assignment(tmp_path_factory) -> Assignment:
    return course_for_nbgrader(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def released(assignment, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("released") / "sums"
    write_folder(assignment, folder)
    return folder


@pytest.fixture(scope="module")
def graded(assignment) -> dict[str, Verdict]:
    batch = [handed_in(name, f"{before}\n{REFERENCE}") for name, (before, _) in FORMS.items()]
    return {submission.student: verdict for submission, verdict in grade(assignment, batch)}


@pytest.fixture
def home(released, tmp_path, monkeypatch) -> Path:
    """A student's folder, with more in it than is handed in, where the student's Python runs."""
    folder = Path(shutil.copytree(released, tmp_path / "sums"))
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.mark.parametrize("name", FORMS)
def test_home_and_grader_agree_and_home_says_why_not(assignment, graded, home, capsys, name):
    before, said = FORMS[name]
    for file, text in OWN.items():
        (home / file).parent.mkdir(exist_ok=True)
        (home / file).write_text(text)
    (home / "lib" / "sums.py").write_text(f"{before}\n{REFERENCE}")
    for exercise in assignment.exercises:
        points = check(exercise, home)
        assert points == graded[name].earned(exercise)
        assert (points == 0) == bool(said) or exercise in LAST.get(name, ())
    assert (said or "points") in " ".join(capsys.readouterr().out.split())


def test_what_a_notebook_has_imported_before_is_not_there_and_comes_back(home, capsys):
    (home / "helper.py").write_text("x = 1\n")
    (home / "lib" / "sums.py").write_text(f"import helper\n{REFERENCE}")
    sys.modules.pop("helper", None)
    helper = importlib.import_module("helper")

    try:
        assert check("total", home) == 0
        assert "helper.py is not handed in" in " ".join(capsys.readouterr().out.split())
        assert sys.modules["helper"] is helper
    finally:
        del sys.modules["helper"]


def test_a_given_module_that_was_changed_is_named(home, capsys):
    (home / "lib" / "sums.py").write_text(REFERENCE)
    given = home / "lib" / "given.py"
    given.write_bytes(given.read_bytes().replace(b"\n", b"\r\n"))
    assert check("double", home) == 5
    assert "!" not in capsys.readouterr().out
    given.write_text("def twice(x):\n    return 2 * x\n")
    assert check("double", home) == 5
    assert "! lib/given.py is not as it was given; it is graded with" in capsys.readouterr().out


def test_what_is_too_slow_or_too_new_for_the_grader_is_said(home, capsys):
    (home / "lib" / "sums.py").write_text(
        REFERENCE.replace(
            "return x.sum()", "import itertools, time\n    time.sleep(0.02)\n    itertools.batched\n"
        )
    )
    Graded(["sums"], {"given": ""}, (3, 11), 0.01).write(home)
    check("total", home)
    said = " ".join(capsys.readouterr().out.split())
    assert re.search(r"! total_of_one took 0\.\d+ s here; when it is graded it has 0\.01 s\.", said)
    assert (
        "lib/sums.py uses itertools.batched, which came with Python 3.12; it is graded with Python 3.11"
        in said
    )


def test_the_release_says_how_it_is_graded(assignment, released):
    graded = read_graded(released)
    assert (graded.modules, graded.python) == (["given", "sums"], sys.version_info[:2])
    assert graded.seconds_per_probe == assignment.seconds_per_probe
