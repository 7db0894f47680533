"""The arrows between the parts of the course point one way, as the contracts in pyproject.toml say."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grading.assignment import ROOT

CHECK = "import sys\nfrom importlinter.cli import lint_imports\nsys.exit(lint_imports(no_cache=True, no_logo=True))"


def lint(folder: Path) -> subprocess.CompletedProcess:
    """Hold the packages in a folder against the contracts in its pyproject.toml."""
    return subprocess.run([sys.executable, "-c", CHECK], cwd=folder, capture_output=True, text=True)


def test_every_import_points_downwards():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


# What to add to a file, and how the report names it.
WRONG = {
    "grading/assignment.py": ("from grading.key.key import answer_key", "grading.assignment -> grading.key.key"),
    "grading/verdict.py": ("from .assignment import Assignment", "grading.verdict -> grading.assignment"),
    "grading/sandbox/server.py": ("from ..judge import intake", "grading.sandbox.server -> grading.judge.intake"),
    "grading/judge/judge.py": ("from grading.bridge import late", "grading.judge.judge -> grading.bridge.late"),
    "grading/judge/pool.py": ("def f():\n    import grading.reports.table", "grading.judge.pool -> grading.reports.table"),
    "grading/bridge/late.py": ("from ..reports.page import write", "grading.bridge.late -> grading.reports.page"),
    "grading/key/affected.py": ("from grading.record import read", "grading.key.affected -> grading.record"),
    "grading/errors.py": ("from grading import record", "grading.errors -> grading.record"),
    "grading/judge/intake.py": ("import lib.attention", "grading.judge.intake -> lib.attention"),
    "grading/unheard_of.py": ("", "- grading.unheard_of"),
    "check/key.py": ("from grading.verdict import Verdict", "check.key -> grading.verdict"),
    "check/load.py": ("import lib", "check.load -> lib"),
    "lib/attention.py": ("from check import probe", "lib.attention -> check"),
    "lib/engine.py": ("import serve.worker", "lib.engine -> serve.worker"),
    "serve/worker.py": ("from grading.verdict import Verdict", "serve.worker -> grading.verdict"),
    "serve/app.py": ("from book.cells import models", "serve.app -> book.cells.models"),
}  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> str:
    """What is said of a copy of the course with all these imports."""
    copy = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in ("lib", "check", "grading", "book", "serve"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, (line, _) in WRONG.items():
        with (copy / name).open("a") as file:
            file.write(f"\n{line}\n")
    done = lint(copy)
    assert done.returncode == 1
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("name", WRONG)
def test_an_import_that_points_elsewhere_is_found(report, name):
    assert WRONG[name][1] in report
