"""The course's own files, by what tells a file from all others: a hard link to one of them is no submission.

A file with several names is nothing bad: snapshots of submitted/ by rsync or cp make such, and so do tools that save space.
Only a name for what the grader alone may read is, such as the reference or a graded notebook.
"""

import ast
import os
import time
from functools import lru_cache
from pathlib import Path

from grading.assignment import Assignment

from .files import LinkRule

# Not submitted/, not what students get, and not what an instructor may keep beside them, such as a snapshot.
OWN_FOLDERS = ("lib", "solutions", "check", "grading", "book", "tests", "autograded", "feedback", "verdicts")
SECONDS_KEPT = 10  # what lies there is looked at anew, since the formgrader runs for days


def refuse_own(assignment: Assignment, module: str | None = None) -> LinkRule:
    """Return the rule for a file with several names: refused is one of the course's own, and as a module
    whatever defines nothing of what the module should, since that may be anything on this machine.
    """

    def refuse(state: os.stat_result, content: bytes) -> bool:
        now = int(time.monotonic() // SECONDS_KEPT)
        if (state.st_dev, state.st_ino) in _own_files(assignment.root, now):
            return True
        return module is not None and not _defines_any(content, assignment.source(module))

    return refuse


@lru_cache(maxsize=1)
def _own_files(root: Path, time: int) -> frozenset[tuple[int, int]]:
    folders = [root / name for name in OWN_FOLDERS]
    paths = [p for p in root.iterdir() if p.is_file()]
    for folder in folders:
        paths += [Path(where, name) for where, _, files in os.walk(folder) for name in files]
    states = [path.lstat() for path in paths]
    return frozenset((state.st_dev, state.st_ino) for state in states)


def _defines_any(content: bytes, reference: str) -> bool:
    nodes = ast.parse(reference).body
    defined = (node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return any(name.encode() in content for name in defined)
