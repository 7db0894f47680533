"""Aim: more graded cells than the assignment has, a hundred points each."""

from pathlib import Path

from tests.attacks import rewrite


def submit(folder: Path) -> None:
    def change(notebook):
        made = {
            "grade": True,
            "solution": False,
            "locked": True,
            "points": 100,
            "schema_version": 3,
            "cell_type": "code",
        }
        for i in range(5):
            nbgrader = {**made, "grade_id": f"bonus-{i}"}
            cell = {"cell_type": "code", "source": "100", "metadata": {"nbgrader": nbgrader}}
            notebook["cells"].append({**cell, "id": f"bonus-{i}", "outputs": [], "execution_count": None})

    rewrite(folder, change)
