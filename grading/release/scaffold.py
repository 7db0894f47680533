"""A new assignment: a folder in solutions/ and a module in lib/ that can be released and graded at once.

It has one exercise with one probe, one mistake and one alternative, for the instructor to replace by their own.
"""

import re
from pathlib import Path

from grading.errors import CourseError

from .render import render

NAME = re.compile(r"[a-z][a-z0-9_]*")
FILES = {  # what lies in templates/assignment/, and where it goes
    "module.py": "lib/{module}.py",
    "assignment.toml": "solutions/{name}/assignment.toml",
    "notebook.ipynb": "solutions/{name}/{name}.ipynb",
    "probes.py": "solutions/{name}/rms/probes.py",
    "mistakes.py": "solutions/{name}/rms/mistakes.py",
    "alternative.py": "solutions/{name}/rms/alternatives/by_norm.py",
}


def write_assignment(root: Path, name: str, module: str | None = None) -> list[Path]:
    """Write a new assignment and return its files; module is what students write in lib/, by default called name.

    Raises CourseError for a name that Python cannot import, and where anything of it is there already.
    """
    names = {"name": name, "module": module or name, "title": name.replace("_", " ").capitalize()}
    for what, text in {"assignment": name, "module": names["module"]}.items():
        if not NAME.fullmatch(text):
            raise CourseError(
                f"the {what}'s name is {text!r}; it must be small letters, digits and _, as an_example"
            )
    for path in (root / "solutions" / name, root / "lib" / f"{names['module']}.py"):
        if path.exists():
            raise CourseError(f"{path.relative_to(root)} is there already; nothing was written")
    paths = {root / where.format(**names): f"assignment/{file}.jinja" for file, where in FILES.items()}
    for path, template in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(template, **names), "utf8")
    return sorted(paths)
