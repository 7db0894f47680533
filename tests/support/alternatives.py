"""Which probes an alternative answers with code of its own."""

import sys
from pathlib import Path

from check import Probe
from check.load import load_lib
from check.probe import run
from grading.assignment import Assignment
from grading.release.student_folder import PUBLIC_SEEDS


def probes_that_run(assignment: Assignment, path: Path) -> list[Probe]:
    """Return the probes that run code of an alternative. To all others it answers as the reference does."""
    ((module, text),) = assignment.with_alternative(path).items()
    lib = load_lib(assignment.root, {module: text}, assignment.modules)
    file, last = str(assignment.root / "lib" / f"{module}.py"), assignment.source(module).count("\n")
    return [probe for probe in assignment.probes if _runs_below(last, file, probe, lib)]


def _runs_below(line: int, file: str, probe: Probe, lib) -> bool:
    """Return True if a probe runs a function that stands below this line of a file."""
    found = False

    def note(frame, event, argument):
        nonlocal found
        code = frame.f_code
        found = found or (code.co_firstlineno > line and code.co_filename == file)

    sys.setprofile(note)
    try:
        run(probe, lib, PUBLIC_SEEDS[0])
    finally:
        sys.setprofile(None)
    return found
