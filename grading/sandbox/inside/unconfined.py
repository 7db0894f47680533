"""The worker without a sandbox around it: limits and the filter of system calls, and no more. See unsandboxed.py."""

import os
import tempfile
from contextlib import nullcontext
from pathlib import Path

from . import seccomp, worker
from .confine import limit


def confine(folder: str, files: dict[str, bytes], memory_mb: int, cpu_seconds: float) -> None:
    """Give this process a folder with these modules, its limits, and the filter. Raises OSError."""
    worker.FOLDER = Path(tempfile.mkdtemp())
    (worker.FOLDER / "lib").mkdir()
    for name, content in files.items():
        (worker.FOLDER / "lib" / f"{name}.py").write_bytes(content)
    os.chdir(worker.FOLDER)
    limit(memory_mb, cpu_seconds)
    seccomp.install()


if __name__ == "__main__":
    worker.confine, worker.children_in_own_pid_namespace = confine, nullcontext
    worker.main()
