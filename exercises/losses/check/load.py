"""Load a folder's `lib`, fresh each time, so that an edited file counts at once."""

import importlib
import sys
from pathlib import Path
from types import ModuleType


class Lib:
    """The modules of one `lib` folder as attributes; a module that did not import raises when it is used."""

    def __init__(self, modules: dict[str, ModuleType | Exception]):
        self._modules = modules

    def __getattr__(self, name: str) -> ModuleType:
        module = self._modules.get(name)
        if module is None:
            raise AttributeError(f"lib has no module {name!r}; it has {sorted(self._modules)}")
        if isinstance(module, Exception):
            raise module
        return module


def load_lib(folder: Path, sources: dict[str, str] | None = None, names: list[str] | None = None) -> Lib:
    """Import the modules of folder/lib anew and return them; sys.modules is left as it was.

    names are the modules to import, default all. sources are texts to run in place of a module's file, before any
    other module can import from it.
    """
    before, write = _forget("lib"), sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # a cached file can be as young and as long as the edited one
    try:
        package = ModuleType("lib")
        package.__path__ = [str(folder / "lib")]
        sys.modules["lib"] = package
        # The folder may have been looked at before it was there.
        sys.path_importer_cache.pop(package.__path__[0], None)
        modules: dict[str, ModuleType | Exception] = {
            name: _execute(name, text, folder) for name, text in (sources or {}).items()
        }
        for name in names or sorted(path.stem for path in (folder / "lib").glob("[!_]*.py")):
            if name not in modules:
                modules[name] = _import(name)
        return Lib(modules)
    finally:
        _forget("lib")
        sys.modules.update(before)
        sys.dont_write_bytecode = write


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


def _execute(name: str, text: str, folder: Path) -> ModuleType:
    """Run a text as the module lib.name."""
    module = ModuleType(f"lib.{name}")
    module.__file__ = str(folder / "lib" / f"{name}.py")
    sys.modules[module.__name__] = module
    setattr(sys.modules["lib"], name, module)
    exec(compile(text, module.__file__, "exec"), vars(module))  # noqa: S102  our own text
    return module
