"""What modules keep once they are imported is counted, each memory once, and said where it can cost a probe."""

import shutil

import pytest

from check import check
from check.load import load_lib
from check.memory import kept_bytes
from grading.assignment import load_assignment
from grading.judge.intake import Submission
from tests.support.graded import graded

KEPT = {  # what a module says, and the bytes that it keeps
    "x = 1": 0,
    "x = torch.zeros(1000)": 4000,
    "x = torch.zeros(1000)\ny = x[:10]\nz = [x.view(10, 100)]": 4000,
    "x = torch.zeros(1000)\ndel x": 0,
    "x = numpy.zeros(1000)": 8000,
    "x = {'a': (torch.zeros(1000), [torch.zeros(1)])}": 4004,
    "x = torch.nn.Linear(10, 100, bias=False)": 4000,
    "def f(x=torch.zeros(1000)):\n    return x": 4000,
    "class A:\n    x = torch.zeros(1000)": 4000,
    "class A:\n    def __init__(self):\n        self.x = torch.zeros(1000)\na = A()": 4000,
    "from functools import cache\n@cache\ndef f(n):\n    return torch.zeros(n)\nf(1000)": 4000,
    "def f(x):\n    return lambda: x\ng = f(torch.zeros(1000))": 4000,
    "import sys, torch.nn.functional as F\nx = sys.modules": None,  # however much that is, it ends
}


@pytest.mark.parametrize("text", KEPT)
def test_all_that_a_module_keeps_is_found_once(tmp_path, text):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "a.py").write_text(f"import numpy, torch\n{text}\n")
    (tmp_path / "lib" / "b.py").write_text("from lib.a import *\n")
    lib = load_lib(tmp_path)
    assert len(lib.modules) == 2
    assert KEPT[text] is None or kept_bytes(lib.modules) == KEPT[text]


@pytest.mark.parametrize(("numbers", "points"), [(2**18, 8), (2**20, 7)])
def test_a_large_tensor_of_a_module_is_said_where_it_costs_a_probe(tmp_path, capsys, numbers, points):
    assignment = load_assignment("attention")
    folder = shutil.copytree(assignment.root / "exercises" / "attention", tmp_path / "attention")
    files = {name: assignment.source(name).encode() for name in assignment.student_modules}
    files["attention"] += f"\ntable = torch.empty({numbers})\n".encode()
    for name, text in files.items():
        (folder / "lib" / f"{name}.py").write_bytes(text)
    assert check("blocks", folder) == 8
    said = "keep 4.0 MB in tensors, which count in the 3 MB that no_matrix may take when it is graded"
    assert (said in " ".join(capsys.readouterr().out.split())) == (points < 8)
    (verdict,) = graded(assignment, Submission("a", files, {}, (), "a"))
    assert verdict.earned("blocks") == points
