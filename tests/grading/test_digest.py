"""What a verdict depends on is in the assignment's digest; what it does not depend on is not."""

import ast
from pathlib import Path

from grading.assignment import JUDGE, ROOT

START = ("judge", "worker", "unconfined", "intake")


def imported(name: str) -> set[str]:
    """Return the files of grading/ that one of them imports."""
    tree = ast.parse((ROOT / "grading" / f"{name}.py").read_text("utf8"))
    relative = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 1]
    names = {alias.name for node in relative if not node.module for alias in node.names}
    names |= {node.module for node in relative if node.module}
    return {name for name in names if Path(ROOT, "grading", f"{name}.py").is_file()}


def test_every_file_that_the_judge_imports_counts_and_no_other():
    found, waiting = set(), set(START)
    while waiting:
        found |= waiting
        waiting = set().union(*map(imported, waiting)) - found
    assert sorted(found) == sorted(JUDGE)
