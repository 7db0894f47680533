"""A class of the small course whose work is right and lies, or is called, in ways that a real week brings."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.support.small_course import REFERENCE

ANSWER = "Mine, since it must be so."
IDS = ("plain", "a+b@c", "名字", "Doe, John", 'the "man"', "o'neill", "100%", "{x}", "a b", "Case", "case")
FULL = {"total": 3.0, "double": 5.0, "tell": 4.0}
PNG = "iVBORw0KGgoAAAANSUhEUg=="


def hand_in(course: Path, student: str, spoil: Callable[[Path], object] = lambda folder: None) -> Path:
    """Lay right work in submitted/, then do something to its folder."""
    folder = course / "submitted" / student / "sums"
    shutil.copytree(course / "exercises/sums", folder)
    (folder / "lib/sums.py").write_text(f"# {student}\n{REFERENCE}", "utf8")
    rewrite(folder, lambda notebook: answer_cell(notebook).update(source=ANSWER))
    spoil(folder)
    return folder


def rewrite(folder: Path, change: Callable[[dict], object]) -> None:
    notebook = json.loads((folder / "sums.ipynb").read_text("utf8"))
    change(notebook)
    (folder / "sums.ipynb").write_text(json.dumps(notebook), "utf8")


def answer_cell(notebook: dict) -> dict:
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("solution"))


def nest(folder: Path) -> None:
    """Put the folder into another one, as unpacking a zip does."""
    folder.rename(folder.parent / "aside")
    folder.mkdir()
    (folder.parent / "aside").rename(folder / f"my {folder.name}")


def capitalise(folder: Path) -> None:
    """Call the module as some editors do."""
    (folder / f"lib/{folder.name}.py").rename(folder / f"lib/{folder.name.title()}.py")


def rename_in_browser(folder: Path) -> None:
    """Call the notebook as a browser does that has downloaded it twice."""
    (folder / f"{folder.name}.ipynb").rename(folder / f"{folder.name} (1).ipynb")


def without_answer(folder: Path) -> None:
    rewrite(folder, lambda notebook: answer_cell(notebook).update(source="YOUR ANSWER HERE"))


def picture(folder: Path) -> None:
    more = {
        "source": "![x](attachment:a.png) ![y](attachment:b.png)",
        "attachments": {"a.png": {"image/png": PNG}},
    }
    rewrite(folder, lambda notebook: answer_cell(notebook).update(more))


def below(folder: Path) -> None:
    def change(notebook: dict) -> None:
        answer_cell(notebook)["source"] = "Because."
        new = {"cell_type": "markdown", "id": "new", "metadata": {}, "source": ANSWER}
        notebook["cells"].insert(notebook["cells"].index(answer_cell(notebook)) + 1, new)

    rewrite(folder, change)


# What is done to right work for which all points are due; the answer waits for a human all the same.
FORMS: dict[str, Callable[[Path], object]] = {
    "nested": nest,
    "capital": capitalise,
    "browser": rename_in_browser,
    "no-notebook": lambda f: (f / "sums.ipynb").unlink(),
    "broken-notebook": lambda f: (f / "sums.ipynb").write_text("{"),
    "picture": picture,
    "below": below,
}
# What the grader cannot read: mode, and the path below the student's folder.
LOCKED = {
    "module": (0o000, "sums/lib/sums.py"),
    "lib": (0o000, "sums/lib"),
    "lib-not-listed": (0o311, "sums/lib"),
    "notebook": (0o000, "sums/sums.ipynb"),
    "folder": (0o000, "sums"),
    "folder-not-listed": (0o311, "sums"),
    "student": (0o000, "."),
}


def lay_class(course: Path) -> None:
    """Lay the whole class in submitted/."""
    for student in IDS:
        hand_in(course, student)
    for student, spoil in FORMS.items():
        hand_in(course, student, spoil)
    hand_in(course, "no-module", lambda folder: (folder / "lib/sums.py").unlink())
    hand_in(course, "no-answer", without_answer)


def run_without_privilege(course: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run python -m with these arguments as somebody who can read only what modes allow, which root is not."""
    drop = "-dac_override,-dac_read_search"
    as_user = ["setpriv", f"--bounding-set={drop}", f"--inh-caps={drop}"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*as_user, sys.executable, "-m", *arguments],
        cwd=course,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
