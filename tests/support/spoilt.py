"""What is done to a right submission, so that its form is bad; and what it should earn all the same."""

import json
import shutil
from pathlib import Path

from tests.support.course_copy import NAME

FULL = {"masks": 6.0, "attend": 14.0, "heads": 12.0, "blocks": 8.0}
NOTHING = dict.fromkeys(FULL, 0.0)
QUESTIONS = ("why_scale", "hidden_rows", "who_looks")


def notebook_of(folder: Path) -> dict:
    return json.loads((folder / f"{NAME}.ipynb").read_text("utf8"))


def write(folder: Path, notebook: dict) -> None:
    (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook), "utf8")


def answer_cells(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]


def duplicated(folder):
    notebook = notebook_of(folder)
    first = answer_cells(notebook)[0]
    notebook["cells"] += [{**first, "source": "the later one", "id": "twice"}, notebook["cells"][4]]
    write(folder, notebook)


def deleted(folder):
    notebook = notebook_of(folder)
    notebook["cells"] = [cell for cell in notebook["cells"] if "nbgrader" not in cell["metadata"]]
    write(folder, notebook)


def tampered(folder):
    """More points, other ids, tags, forged outputs: nothing of it may count."""
    notebook = notebook_of(folder)
    for cell in notebook["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade"):
            about |= {"points": 1000, "locked": False, "schema_version": 99}
            cell["metadata"]["tags"] = ["skip-execution"]
        if about.get("grade") and not about["solution"]:
            about["grade_id"] = "mine"
            cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "1000"}}]
    write(folder, notebook)


def linked_module(folder):
    (folder / "lib" / "attention.py").unlink()
    (folder / "lib" / "attention.py").symlink_to(folder.parents[2] / "lib" / "attention.py")


def linked_notebook(folder):
    (folder / f"{NAME}.ipynb").unlink()
    (folder / f"{NAME}.ipynb").symlink_to(folder.parents[2] / "solutions" / NAME / f"{NAME}.ipynb")


def script(folder):
    notebook = notebook_of(folder)
    answer_cells(notebook)[0]["source"] = (
        "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">"
        "[link](javascript:alert(1)) <img src='https://example.org/x.png'>"
    )
    write(folder, notebook)
    with open(folder / "lib" / "attention.py", "a", encoding="utf8") as file:
        file.write("\n# ```\n# <script>document.title = 'run'</script>\n")


def late(folder):
    (folder / "timestamp.txt").write_text("2026-01-02 03:04:05 UTC", "utf8")


def undated(folder):
    (folder / "timestamp.txt").write_text("yesterday, I think", "utf8")


def exits(folder):
    with open(folder / "lib" / "attention.py", "a", encoding="utf8") as file:
        file.write("\nimport os\n\ndef causal_mask(T, S=None):\n    os._exit(0)\n")


# Bad form beyond the sample class: what is done to the reference, its points, and what its notes say.
SPOILT = {
    "duplicated": (duplicated, FULL, "is there 2 times"),
    "deleted": (deleted, FULL, "'why_scale' is missing from the notebook"),
    "tampered": (tampered, FULL, None),
    "linked-module": (linked_module, NOTHING, "lib/attention.py was not read: it is a link"),
    "linked-notebook": (linked_notebook, FULL, f"{NAME}.ipynb was not read: it is a link"),
    "script": (script, FULL, "the picture 'x' lies outside of the notebook"),
    "late": (late, FULL, None),
    "undated": (undated, FULL, "timestamp.txt holds no time but 'yesterday, I think'"),
    "exits": (exits, {**FULL, "masks": 2.0}, None),  # what asks padding_mask alone still counts,
}


def submit(course: Path, student: str, spoil=None) -> Path:
    """Hand in the reference, spoilt."""
    folder = course / "submitted" / student / NAME
    shutil.copytree(course / "submitted" / "reference" / NAME, folder)
    if spoil:
        spoil(folder)
    return folder
