"""The cells that the gradebook keeps points and comments for must stay while it holds submissions."""

import json
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from grading.errors import CourseError


def check_cells(course: CourseDirectory) -> None:
    """Raise CourseError if the notebook to release has other cells than that to which submissions belong.

    nbgrader finds that out, too, but only after it has deleted the old release.
    """
    name = course.assignment_id
    source = Path(course.format_path(course.source_directory, ".", name)) / f"{name}.ipynb"
    with Gradebook(course.db_url, course.course_id) as book:
        try:
            notebook = book.find_notebook(name, name)
        except MissingEntry:
            return
        known = {cell.name for cell in notebook.source_cells}
        if not notebook.submissions or not source.is_file():
            return
    now = _names(source)
    if now != known:
        gone, added = (", ".join(sorted(names)) or "none" for names in (known - now, now - known))
        raise CourseError(
            f"{name} is not released: the gradebook has submissions of it, and the notebook's cells are others now (gone: "
            f"{gone}; new: {added}). Give the cells their old ids, or keep a copy of the gradebook and take the assignment "
            f"out of it, with all that humans gave: nbgrader db assignment remove {name} --force"
        )


def _names(notebook: Path) -> set[str]:
    """Return the ids of the cells that nbgrader keeps."""
    cells = json.loads(notebook.read_text("utf8"))["cells"]
    abouts = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    kept = ("grade", "solution", "locked", "task")
    return {about["grade_id"] for about in abouts if any(about.get(kind) for kind in kept)}
