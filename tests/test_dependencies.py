"""Every package that the course imports or names is declared with its exact version, and no other is."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
OURS = {"lib", "check", "grading", "book", "serve", "tests"}
UNPINNED = re.compile(
    "torch|nvidia|cuda|triton|pip$|setuptools|wheel"
)  # CUDA's packages follow torch's version
NAMED = {  # declared, but nowhere imported: the text of ours that needs it
    "accelerate": "gguf",  # transformers asks for it when it reads such a file
    "beartype": "beartype.beartype",
    "einops": '"einops"',  # check/imports.py lists what students may import
    "networkx": '"networkx"',
    "pillow": '"PIL"',
    "sympy": '"sympy"',
    "typing-extensions": '"typing_extensions"',
    "deptry": "[tool.deptry]",
    "import-linter": "[tool.importlinter]",
    "jupyter-book": "jupyter_book",
    "mypy": "[tool.mypy]",
    "myst-nb": "myst_nb",
    "sphinx-book-theme": "sphinx_book_theme",
    "sphinx-design": "sphinx_design",
    "sphinx-exercise": "sphinx_exercise",
    "sphinx-notfound-page": "notfound.extension",
    "sphinx-proof": "sphinx_proof",
    "sphinx-sitemap": "sphinx_sitemap",
    "sphinxcontrib-bibtex": "sphinxcontrib.bibtex",
    "sphinxext-opengraph": "sphinxext.opengraph",
    "types-docutils": "docutils",
    "types-jsonschema": "jsonschema",
    "types-Pygments": "pygments",
    "types-python-dateutil": "dateutil",
    "types-PyYAML": "yaml",
    "types-tqdm": "tqdm",
}


def requirements(file: str) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / file).read_text("utf8").splitlines())
    return [Requirement(line) for line in lines if line]


def brought_along(wanted: list[Requirement]) -> Iterator[str]:
    """Yield the name of everything installed that these need, and of what that needs in turn."""
    seen: set[tuple[str, str]] = set()
    waiting = [(canonicalize_name(one.name), extra) for one in wanted for extra in ("", *one.extras)]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # only one of several that will do is installed
            continue
        if not UNPINNED.match(name):
            yield name
        for need in map(Requirement, needs):
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(need.name), inner) for inner in ("", *need.extras)]


def test_every_package_that_is_imported_is_declared_and_no_other(tmp_path):
    report = tmp_path / "issues.json"
    command = [sys.executable, "-m", "deptry", "--no-ansi", "--json-output", str(report), "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    issues = json.loads(report.read_text("utf8"))
    unused = {issue["module"] for issue in issues if issue["error"]["code"] == "DEP002"}
    assert unused == set(NAMED), done.stderr
    assert len(issues) == len(unused), done.stderr


def test_what_is_declared_without_being_imported_is_named_somewhere():
    files = [*ROOT.glob("*.toml"), *ROOT.glob("_*.yml"), ROOT / "Makefile"]
    files += [path for room in OURS for path in (ROOT / room).rglob("*.py") if path != Path(__file__)]
    texts = "".join(path.read_text("utf8") for path in files)
    assert [package for package, text in NAMED.items() if text not in texts] == []


def test_every_version_is_exact():
    declared = [one for file in ROOT.glob("*require*.txt") for one in requirements(file.name)]
    loose = [str(one) for one in declared if not re.fullmatch(r"==[^*,]+", str(one.specifier))]
    assert loose == []
    other = {one.name: one.specifier for one in requirements("constraints.txt")}
    assert [one.name for one in declared if other.get(one.name, one.specifier) != one.specifier] == []


def test_what_the_packages_bring_along_is_pinned_and_nothing_else():
    pinned = {canonicalize_name(one.name) for one in requirements("constraints.txt")}
    assert set(brought_along(requirements("requirements.txt"))) == pinned


def test_the_cells_of_the_book_import_only_what_is_declared():
    declared = {canonicalize_name(one.name) for one in requirements("requirements.txt")}
    modules = metadata.packages_distributions()
    undeclared = {}
    for page in ROOT.glob("book/*/*.md"):
        cells = re.findall(r"^```{code-cell}.*?^```", page.read_text("utf8"), re.S | re.M)
        found = {name for cell in cells for name in re.findall(r"^\s*(?:import|from) (\w+)", cell, re.M)}
        for name in found - OURS - sys.stdlib_module_names:
            if not declared & {canonicalize_name(package) for package in modules.get(name, [])}:
                undeclared[name] = page.name
    assert undeclared == {}
