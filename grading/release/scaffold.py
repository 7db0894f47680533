"""A new assignment: a folder in solutions/ and a module in lib/ that can be released and graded at once.

It has one exercise with one probe, one mistake and one alternative, for the instructor to replace by his own.
"""

import re
from pathlib import Path
from string import Template

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

NAME = re.compile(r"[a-z][a-z0-9_]*")

FILES = {
    "lib/$module.py": '''"""What this module holds, in one sentence (author and year, section).

Left out on purpose: what a reader might look for here.
"""

import torch
from torch import Tensor


def rms(x: Tensor) -> Tensor:
    """Return the root mean square of each row: x (..., D) gives (...,).

    >>> rms(torch.tensor([3.0, 4.0, 0.0, 0.0])).item()
    2.5
    """
    ### BEGIN SOLUTION
    return x.square().mean(dim=-1).sqrt()
    ### END SOLUTION
''',
    "solutions/$name/assignment.toml": """title = "$title"
chapter = 1
student_modules = ["$module"]
""",
    "solutions/$name/probes.py": '''"""What the assignment asks of lib/$module.py. A probe knows no answer: it returns what it got."""

from check import probe


@probe(exercise="rms", points=2)
def rows(lib, rng):
    """Each row has its own root mean square."""
    return lib.$module.rms(rng.normal(3, 5))
''',
    "solutions/$name/mistakes/$module/sum_of_squares.py": '''"""You take the root of the sum. Divide by the number of features first: a row of ones has the value 1."""


def rms(x):
    return x.square().sum(dim=-1).sqrt()
''',
    "solutions/$name/alternatives/$module/by_norm.py": '''"""The length of the row, shared among its features."""


def rms(x):
    return torch.linalg.vector_norm(x, dim=-1) / x.shape[-1] ** 0.5
''',
}

INTRODUCTION = """# $title

| | you write, in `lib/$module.py` | points | minutes |
|---|---|---|---|
| **1 Root mean square** | `rms` | 2 | 5 |

Open `lib/$module.py` in an editor beside this notebook, write, save, and run the cells here. Edited files count at
once; the kernel need not be restarted."""
SET_UP = """%load_ext autoreload
%autoreload 2

import torch

from check import check
from lib import $module"""
CARD = """## 1 Root mean square

**2 points** · easy · 5 minutes · about 1 line

Write `rms(x)`: the root of the mean of the squares of each row. `x` is (..., D), the result (...,).

**By hand.** `[3, 4, 0, 0]`: the squares are 9, 16, 0, 0, their mean is 6.25, its root 2.5."""
HINTS = """<details><summary>Hint 1: the order</summary>

Square, mean, root: the name read backwards.

</details>
<details><summary>Hint 2: which axis</summary>

One number a row, so the mean runs along the last axis.

</details>
<details><summary>Hint 3: by torch</summary>

`Tensor.square`, `Tensor.mean(dim=...)`, `Tensor.sqrt`.

</details>"""
EXAMPLE = """got = $module.rms(torch.tensor([3.0, 4.0, 0.0, 0.0])).item()
assert got == 2.5, f"want 2.5, got {got}\""""
HAND_IN = """## Hand in

Save `lib/$module.py` and this notebook, and hand in the folder."""


def lay_out(root: Path, name: str, module: str | None = None) -> list[Path]:
    """Write a new assignment and return its files; module is what students write in lib/, by default called name.

    Raises ValueError for a name that Python cannot import, and where anything of it is there already.
    """
    module = module or name
    for what, text in {"assignment": name, "module": module}.items():
        if not NAME.fullmatch(text):
            raise ValueError(
                f"the {what}'s name is {text!r}; it must be small letters, digits and _, as an_example"
            )
    names = {"name": name, "module": module, "title": name.replace("_", " ").capitalize()}
    texts = {
        root / Template(path).substitute(names): Template(text).substitute(names)
        for path, text in FILES.items()
    }
    folder = root / "solutions" / name
    for path in (folder, root / "lib" / f"{module}.py"):
        if path.exists():
            raise ValueError(f"{path.relative_to(root)} is there already; nothing was written")
    texts[folder / f"{name}.ipynb"] = nbformat.writes(_notebook(names)) + "\n"
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    return sorted(texts)


def _notebook(names: dict[str, str]) -> nbformat.NotebookNode:
    def filled(text: str) -> str:
        return Template(text).substitute(names)

    about = {"grade": True, "grade_id": "rms", "locked": True, "points": 2, "schema_version": 3}
    about |= {"solution": False, "task": False}
    cells = [
        new_markdown_cell(filled(INTRODUCTION)),
        new_code_cell(filled(SET_UP)),
        new_markdown_cell(CARD),
        new_markdown_cell(HINTS),
        new_code_cell(filled(EXAMPLE)),
        new_code_cell('check("rms")', metadata={"nbgrader": about}),
        new_markdown_cell(filled(HAND_IN)),
    ]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
