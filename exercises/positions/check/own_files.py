"""What lies on a student's machine and is not handed in is not there when it is graded, nor are other programs and the
network. So a check does not find them either, and says what to do.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from .graded import Graded
from .imports import KNOWN

# Whose files belong to a program or to the machine, as do those in folders whose names begin with a dot.
NOT_OWN = {"site-packages", "dist-packages", "AppData", "Library", "__pycache__"}
WRITING = os.O_WRONLY | os.O_RDWR

# By Python's name for what is about to happen.
NOT_THERE = dict.fromkeys(
    ("subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "os.fork", "_winapi.CreateProcess"),
    "another process is started, which cannot be done where it is graded; call your code in this one",
) | dict.fromkeys(
    ("socket.__new__", "socket.getaddrinfo", "socket.connect"),
    "a connection is opened, and there is none where it is graded; put what it brings into {place}",
)


class OwnFiles:
    """Refuses to import and to read, from within lib, what a student has and does not hand in."""

    current: "OwnFiles | None" = None
    hooked = False

    def __init__(self, folder: Path, graded: Graded):
        self.folder = folder.resolve()
        self.place = " or ".join(f"lib/{name}.py" for name in graded.student_modules)
        self.handed_in = {self.folder / "lib" / f"{name}.py" for name in graded.modules}
        self.written: set[Path] = set()
        self.imported: dict[str, ModuleType] = {}

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Within the block they are not there."""
        if not OwnFiles.hooked:
            sys.addaudithook(_audit)  # for good: there is no way to remove one
            OwnFiles.hooked = True
        self.imported = {name: module for name, module in sys.modules.items() if self._is_imported(module)}
        for name in self.imported:
            del sys.modules[name]
        OwnFiles.current = self
        try:
            yield
        finally:
            OwnFiles.current = None
            sys.modules.update(self.imported)

    def _is_imported(self, module: ModuleType) -> bool:
        """Return True for a module of the student's own that a notebook has imported before."""
        file = getattr(module, "__file__", None)
        return (
            bool(file)
            and module.__name__ not in ("lib", "check", "__main__")
            and file in self._files(module.__name__)
        )

    def _files(self, top: str) -> list[str]:
        """Return where a module of the student's own with this name may lie."""
        paths = [
            self.folder / f"{top}.py",
            self.folder / top / "__init__.py",
            self.folder / "lib" / f"{top}.py",
        ]
        return list(map(str, paths))

    def refuse(self, top: str) -> str | None:
        """Return the sentence that forbids to import a module of the student's own, or nothing."""
        own = [file for file in self._files(top) if os.path.isfile(file)]
        if not own or top in ("lib", "check") or (top in KNOWN and top not in self.imported):
            return None
        name = Path(own[0]).relative_to(self.folder).as_posix()
        return f"No module named {top!r} where it is graded: {name} is not handed in, so put its code into {self.place}"

    def opened(self, path: Any, mode: str | None, flags: int) -> None:
        """Look at a file that is about to be opened. Raises FileNotFoundError for one that is not handed in."""
        if not isinstance(path, str | bytes | os.PathLike):
            return
        file = Path(os.path.realpath(os.fsdecode(path)))
        if any(letter in (mode or "") for letter in "wax+") or (mode is None and flags & WRITING):
            self.written.add(file)
        elif file not in self.written | self.handed_in and self._is_own(file) and _is_asked_by_lib():
            raise FileNotFoundError(
                f"{file.name} is not handed in, so it is not there where it is graded; put what it holds into {self.place}"
            )

    def _is_own(self, file: Path) -> bool:
        """Return True for a file of the student's own, in the folder, beside it or elsewhere in their home."""
        for folder in (self.folder, self.folder.parent, Path(os.path.expanduser("~"))):
            if folder.parent != folder and file.is_relative_to(folder):
                parts = file.relative_to(folder).parts
                programs = [sys.prefix, sys.base_prefix]
                programs += [] if file.is_relative_to(self.folder) else [tempfile.gettempdir()]
                hidden = any(part in NOT_OWN or part.startswith(".") for part in parts)
                ours = parts[0] in ("check", "probes") and folder == self.folder
                return not (hidden or ours or any(map(file.is_relative_to, programs))) and file.is_file()
        return False


def _audit(event: str, arguments: tuple) -> None:
    if OwnFiles.current is None:
        return
    if event == "open":
        OwnFiles.current.opened(*arguments)
    elif event in NOT_THERE and _is_asked_by_lib():
        raise PermissionError(NOT_THERE[event].format(place=OwnFiles.current.place))


def _is_asked_by_lib() -> bool:
    """Return True if a module of lib has this done, and not an import that it began."""
    frame = sys._getframe(2)
    while frame:
        name = str(frame.f_globals.get("__name__"))
        if name.startswith(("lib.", "importlib")):
            return name.startswith("lib.")
        frame = frame.f_back  # type: ignore[assignment]
    return False
