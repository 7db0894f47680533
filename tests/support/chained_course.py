"""The small course with one exercise more, share, whose function uses that of another, total."""

import json
from pathlib import Path

from grading.assignment import Assignment, load_assignment
from tests.support.small_course import REFERENCE, check_cell, course_for_nbgrader

SHARE = '''
def share(x):
    """Return x as parts of its sum."""
    ### BEGIN SOLUTION
    return x / total(x)
    ### END SOLUTION
'''
PROBES = '''
from check import probe

@probe(exercise="share", points=2)
def share_of_rows(lib, rng):
    """Of all numbers of a table."""
    return lib.sums.share(1 + rng.uniform(3, 4))

@probe(exercise="share", points=2)
def share_of_numbers(lib, rng):
    """Of a few numbers."""
    return lib.sums.share(1 + rng.uniform(5))
'''
# By exercise and name: what stands in the reference, what stands there instead, and whether it is forgiven.
MISTAKES = {
    "total": {
        "mean": ("x.sum()\n", "x.mean()\n", True),
        "twice_too_large": ("x.sum()\n", "2 * x.sum()\n", True),
        "needs_rows": ("x.sum()\n", "x.sum(dim=(0, 1))\n", True),
        "first": ("x.sum()\n", "x.flatten()[-1] + 100\n", False),
    },
    "share": {
        "inverted": ("x / total(x)", "total(x) / x", True),
        "flat": ("x / total(x)", "x.flatten() / total(x)", True),
    },
}


def source(**changes: str) -> str:
    """Return sums.py with these functions changed by their mistakes' names; by "stub", to raise NotImplementedError."""
    text = (REFERENCE + SHARE).replace("    ### BEGIN SOLUTION\n", "").replace("    ### END SOLUTION\n", "")
    right = {"total": "return x.sum()\n", "share": "return x / total(x)\n"}
    for function, name in changes.items():
        old, new, _ = MISTAKES[function].get(name, (right[function], "raise NotImplementedError\n", True))
        text = text.replace(old, new, 1)
    return text


def chained_course(root: Path) -> Assignment:
    """Write the course into an empty folder so that nbgrader's own commands can release and grade it."""
    folder = course_for_nbgrader(root).folder
    with open(root / "lib" / "sums.py", "a", encoding="utf8") as file:
        file.write(SHARE)
    (folder / "share").mkdir()
    (folder / "share" / "probes.py").write_text(PROBES, "utf8")
    for exercise, mistakes in MISTAKES.items():
        lines = [
            f"{name} = mistake('The hint of {name}.', replace({exercise!r}, {old!r}, {new!r}), forgiven={forgiven})"
            for name, (old, new, forgiven) in mistakes.items()
        ]
        text = "\n".join(["from check import mistake, replace", *lines, ""])
        (folder / exercise / "mistakes.py").write_text(text, "utf8")
    notebook = json.loads((folder / "sums.ipynb").read_text("utf8"))
    cell = {**check_cell("share", 4), "id": "share"}
    cell["metadata"]["nbgrader"] |= {"schema_version": 3, "task": False}
    notebook["cells"].append(cell)
    (folder / "sums.ipynb").write_text(json.dumps(notebook), "utf8")
    return load_assignment("sums", root)
