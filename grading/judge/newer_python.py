"""Work that fails only because it is written for a newer Python than the one that grades: no zero, but a grader error.

The texts are read by ruff, which knows every version's grammar; nothing of them runs.
"""

import json
import re
import subprocess
import sys
from functools import lru_cache

from ruff import find_ruff_bin

from check.newer import SINCE, Version
from check.probe import Failure

NEWEST = (3, 15)
SECONDS = 20.0
# What Python says of a name that its own library does not have: a module, or a name and its module.
MISSING = (
    r"No module named '(?P<module>[\w.]+)'",
    r"cannot import name '(?P<name>\w+)' from '(?P<module>[\w.]+)'",
    r"module '(?P<module>[\w.]+)' has no attribute '(?P<name>\w+)'",
)


def why_newer(failure: Failure, files: dict[str, bytes]) -> str | None:
    """Return the sentence that says which newer Python a submission needs, if it failed for want of that."""
    here = sys.version_info[:2]
    if failure.error == "SyntaxError":
        for module, source in files.items():
            version = _first_to_read(source, here)
            if version:
                return _sentence(f"lib/{module}.py is written for", version, here)
    for pattern in MISSING:
        found = re.search(pattern, failure.message)
        name = ".".join(filter(None, (found["module"], found.groupdict().get("name")))) if found else ""
        if SINCE.get(name, here) > here:
            return _sentence(f"{name} came with", SINCE[name], here)
    return None


def _sentence(about: str, version: Version, here: Version) -> str:
    return (
        f"{about} Python {version[0]}.{version[1]}, and the course is graded with Python {here[0]}.{here[1]};"
        " grade it with the newer one, or ask for it to be written for the older"
    )


@lru_cache(maxsize=8)
def _first_to_read(source: bytes, here: Version) -> Version | None:
    """Return the first Python after this one that can read a text; None if this one can, or none can."""
    versions = [(here[0], minor) for minor in range(here[1], NEWEST[1] + 1)]
    readers = [version for version in versions if _is_read(source, version)]
    return readers[0] if readers and readers[0] != here else None


def _is_read(source: bytes, version: Version) -> bool:
    options = ["--isolated", "--no-cache", "--quiet", "--select=E902", "--output-format=json"]
    command = [find_ruff_bin(), "check", *options, f"--target-version=py{version[0]}{version[1]}", "-"]
    try:
        done = subprocess.run(command, input=source, capture_output=True, timeout=SECONDS)
        return json.loads(done.stdout) == []
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return False  # not one that it knows, or a text that no Python reads
