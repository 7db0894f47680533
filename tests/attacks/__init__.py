"""Attacks on the judge, one file each: `submit(folder)` turns an honest submission into the attack.

The module's docstring is its aim. ANSWER names the honest answer it starts from: "stub", "reference" or one of ANSWERS
in tests/support/attack_class.py; without it that is the stub. Where the attack needs honest work besides,
`honest(folder)` does just that work in the copy it is compared with. Beside the course lies a folder `canary`: its
file `secret` holds what nobody may read, `port` where somebody listens and `free` a port where nobody does.
"""

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import indent

BREACH, REPELLED = "BREACH", "repelled"

REPORT = """

def _attack():
{}

try:
    _found = _attack()
except BaseException as error:
    raise RuntimeError(f"repelled: {{type(error).__name__}}: {{error}}")
raise RuntimeError(f"BREACH: {{_found}}")
"""

# gc shows no object that was frozen before the fork, but those who called know their probes.
PROBES = """
import gc, sys
from check.probe import Probe
probes, frame = [one for one in gc.get_objects() if type(one) is Probe], sys._getframe()
while frame:
    for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
        values = value.values() if type(value) is dict else value if type(value) is list else [value]
        probes += [one for one in values if type(one) is Probe]
    frame = frame.f_back
probes = list(dict.fromkeys(probes))
"""


def canary(folder: Path) -> Path:
    """Return the folder outside the course that no attack may touch."""
    return folder.parents[2].parent / "canary"


def append(folder: Path, code: str) -> None:
    """Add code to the student's module; it runs on import."""
    module = folder / "lib" / "attention.py"
    module.write_text(module.read_text("utf8") + "\n\n" + code, "utf8")


def attempt(folder: Path, body: str) -> None:
    """Add code whose outcome shows in the feedback: BREACH if the body runs to its end, else that it was repelled."""
    append(folder, REPORT.format(indent(body.strip("\n"), "    ")))


def rewrite(folder: Path, change: Callable[[dict], None]) -> None:
    """Change the student's notebook, as JSON."""
    path = folder / "attention.ipynb"
    notebook = json.loads(path.read_text("utf8"))
    change(notebook)
    path.write_text(json.dumps(notebook), "utf8")


def tests(notebook: dict) -> list[dict]:
    """Return the cells that check an exercise, those with automatic points."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and about(cell)]


def about(cell: dict) -> dict:
    """Return what nbgrader keeps about a cell."""
    return cell["metadata"].get("nbgrader", {})


def touch(folder: Path) -> str:
    """Return a line of Python that leaves a file in the canary's folder."""
    return f"open({str(canary(folder) / 'touched')!r}, 'w').close()"
