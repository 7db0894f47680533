"""Load a folder's `lib`, fresh each time, so that an edited file counts at once.

What is loaded is what is handed in: each module from its own file and nothing else, neither a package nor a cached
file beside it. The student's own check and the judge load with this file.
"""

import importlib
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from .imports import Refuse, builtins_of
from .newer import Version, require_syntax

# What modules put in place of Python's streams: around one of those, it closes that too when it is forgotten.
KEPT: list[Any] = []


class Lib:
    """The modules of one `lib` folder as attributes; a module that did not import raises when it is used."""

    def __init__(self, modules: dict[str, ModuleType | Exception], finder: "_Finder | None" = None):
        self._modules = modules
        self._finder = finder
        self._imported: dict[str, ModuleType] = {}

    def __getattr__(self, name: str) -> ModuleType:
        module = self._modules.get(name)
        if module is None:
            raise AttributeError(f"lib has no module {name!r}; it has {sorted(self._modules)}")
        if isinstance(module, Exception):
            raise module
        return module

    @property
    def modules(self) -> list[ModuleType]:
        """Those that did import."""
        return [module for module in self._modules.values() if isinstance(module, ModuleType)]

    @contextmanager
    def importable(self) -> Iterator[None]:
        """Within the block `import lib` finds these modules; afterwards sys.modules is as it was."""
        before = _forget("lib")
        sys.modules.update(self._imported)
        if self._finder:
            sys.meta_path.insert(0, self._finder)
        try:
            with _arguments_and_streams():
                yield
        finally:
            if self._finder:
                sys.meta_path.remove(self._finder)
            self._imported = _forget("lib")
            sys.modules.update(before)


class _Finder:
    """Finds the modules of one lib folder, and refuses all others there."""

    def __init__(
        self,
        folder: Path,
        names: list[str],
        sources: dict[str, str],
        refuse: Refuse | None,
        python: Version | None,
    ):
        self.folder, self.names, self.sources, self.python = folder, names, sources, python
        self.refuse, self.builtins = refuse, builtins_of(refuse)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return how to load lib.name; None for what is not of lib, or has no file. Raises ModuleNotFoundError."""
        package, _, name = fullname.partition(".")
        if package != "lib":
            if self.refuse and (sentence := self.refuse(package)):
                raise ModuleNotFoundError(sentence, name=fullname)
            return None
        if name not in self.names:
            graded = " and ".join(f"lib/{one}.py" for one in self.names)
            # Without its name: with it `from lib import …` would go on and say something else.
            raise ModuleNotFoundError(
                f"No module named {fullname!r} where it is graded: of lib/ there is {graded}, so your own code belongs there"
            )
        file = self.folder / f"{name}.py"
        if name not in self.sources and not file.is_file():
            return None
        loader = _Loader(fullname, str(file), self.sources.get(name), self.builtins, self.python)
        return spec_from_file_location(fullname, file, loader=loader)


class _Loader(SourceFileLoader):
    """Runs a module's text itself, never a cached file, which can be another's or as young as an edit."""

    def __init__(
        self,
        fullname: str,
        path: str,
        text: str | None,
        builtins: dict[str, Any],
        python: Version | None,
    ):
        super().__init__(fullname, path)
        self.text, self.builtins, self.python = text, builtins, python

    def get_code(self, fullname: str) -> Any:
        source = self.get_data(self.path) if self.text is None else self.text
        if isinstance(source, bytes) and source.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            raise SyntaxError(f"lib/{Path(self.path).name} is saved as UTF-16; save it as UTF-8")
        if self.python and self.python < sys.version_info[:2]:
            require_syntax(source, self.path, self.python)
        return self.source_to_code(source, self.path)

    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__builtins__"] = self.builtins
        super().exec_module(module)


def load_lib(
    folder: Path,
    sources: dict[str, str] | None = None,
    names: list[str] | None = None,
    refuse: Refuse | None = None,
    python: Version | None = None,
) -> Lib:
    """Import the modules of folder/lib anew and return them; sys.modules is left as it was.

    names are the modules that count, default all that are there. sources are texts to run in place of a module's
    file, before any other module can import from it. refuse may forbid them to import more than check/imports.py does.
    What only a newer Python than the given one can read is a SyntaxError.
    """
    sources = sources or {}
    if names is None:
        names = sorted({*sources, *(path.stem for path in (folder / "lib").glob("[!_]*.py"))})
    package = ModuleType("lib")
    package.__path__ = []
    modules: dict[str, ModuleType | Exception] = {}
    lib = Lib(modules, _Finder(folder / "lib", names, sources, refuse, python))
    lib._imported["lib"] = package
    with lib.importable():
        for name in [*sources, *(name for name in names if name not in sources)]:
            modules[name] = importlib.import_module(f"lib.{name}") if name in sources else _import(name)
    return lib


@contextmanager
def _arguments_and_streams() -> Iterator[None]:
    """Within the block the program has no arguments, wherever it runs; afterwards its streams are those of before."""
    arguments, streams = sys.argv, (sys.stdin, sys.stdout, sys.stderr)
    sys.argv = ["lib"]
    try:
        yield
    finally:
        KEPT.extend(stream for stream in (sys.stdin, sys.stdout, sys.stderr) if stream not in streams)
        sys.argv, (sys.stdin, sys.stdout, sys.stderr) = arguments, streams


def _forget(package: str) -> dict[str, ModuleType]:
    """Take a package and its modules out of sys.modules, and return them.

    Not by a look at every name there: in a forked worker that copies a thousand pages of memory.
    """
    if package not in sys.modules:
        return {}
    names = [package, *(f"{package}.{name}" for name in vars(sys.modules[package]))]
    return {name: sys.modules.pop(name) for name in names if name in sys.modules}


def _import(name: str) -> ModuleType | Exception:
    try:
        return importlib.import_module(f"lib.{name}")
    except Exception as error:
        return error
    except SystemExit as error:  # which would end the notebook
        refusal = ImportError(f"importing lib.{name} ended in SystemExit")
        return refusal.with_traceback(error.__traceback__)
