"""The worker without a sandbox around it: limits and the filter of system calls, and no more. See unsandboxed.py."""

import os
import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from . import seccomp
from .confine import write_modules
from .worker import main


class LimitsOnly:
    """The confinement where there are no namespaces to be had."""

    def children(self) -> AbstractContextManager[None]:
        """Return a block that does nothing."""
        return nullcontext()

    def confine(self, files: dict[str, bytes]) -> Path:
        """Give this process a folder with these modules, and the filter. Raises OSError."""
        folder = Path(tempfile.mkdtemp())
        write_modules(folder, files)
        os.chdir(folder)
        seccomp.install()
        return folder


if __name__ == "__main__":
    main(LimitsOnly())
