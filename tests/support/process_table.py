"""What the kernel's process table says."""

from contextlib import suppress
from pathlib import Path


def descendants(pid: int) -> dict[int, tuple[str, int]]:
    """Return all processes below one, by their ids: the name, and the parent's id."""
    processes = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            start, end = path.read_text().rsplit(")", 1)
            processes[int(path.parent.name)] = (start.split("(", 1)[1], int(end.split()[1]))
    below, found = {pid}, {}
    while below:
        below = {child for child, (_, parent) in processes.items() if parent in below}
        found |= {child: processes[child] for child in below}
    return found
