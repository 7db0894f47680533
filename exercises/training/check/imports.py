"""What a module of `lib` may import, the same in a notebook, in a terminal and when it is graded.

That is Python's own library, the packages below and the modules of `lib`; whatever else happens to be installed on one
machine is not there on another. And what only a notebook has does nothing: no mark depends on where a check runs.
"""

import ast
import builtins
import importlib
import re
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache, partial
from types import ModuleType
from typing import Any

# Those that the course promises: each is installed wherever a submission is graded.
PACKAGES = (
    *("torch", "numpy", "safetensors", "einops", "jaxtyping", "beartype", "typing_extensions"),
    *("matplotlib", "mpl_toolkits", "PIL", "tqdm", "sympy", "networkx"),
)
KNOWN = frozenset(("lib", "check", "inputs", "IPython", *PACKAGES, *sys.stdlib_module_names))

# A line that begins to import from a package.
LINE = re.compile(
    rb"^[ \t]*(?:import|from)[ \t]+((?:%s)\b[\w.]*)" % "|".join(PACKAGES).encode(), re.MULTILINE
)

# What torch imports only when a program first calls this.
ON_CALL = {b"use_deterministic_algorithms": "torch._inductor.config"}

# Returns the sentence that forbids to import a name, or nothing.
Refuse = Callable[[str], str | None]


class Nothing:
    """Stands in for whatever only a notebook has: every attribute and every call gives nothing again."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> "Nothing":
        return self

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Any:
        return iter(())

    def __enter__(self) -> "Nothing":
        return self

    def __exit__(self, *_: object) -> None:
        return None


def builtins_of(refuse: Refuse | None = None) -> dict[str, Any]:
    """Return the builtins of a module of lib: Python's, with the names of a notebook and an import that is the same
    everywhere. refuse may forbid more than this file does.
    """
    nothing = Nothing()
    own = {
        "__import__": partial(_import, refuse),
        "get_ipython": nothing,
        "display": nothing,
        "input": _input,
    }
    return {**vars(builtins), **own}


def _import(
    refuse: Refuse | None,
    name: str,
    globals: dict[str, Any] | None = None,
    locals: dict[str, Any] | None = None,
    fromlist: tuple[str, ...] | None = (),
    level: int = 0,
) -> Any:
    """Import as Python does, unless the name is not there when it is graded. Raises ModuleNotFoundError."""
    top = name.partition(".")[0]
    if not level and top == "IPython":
        return _notebook()
    sentence = None if level else (refuse and refuse(top)) or _unless_known(top)
    if sentence:
        raise ModuleNotFoundError(sentence, name=top)
    return builtins.__import__(name, globals, locals, fromlist or (), level)


def _input(prompt: object = "") -> str:
    raise EOFError("input() asks somebody, and nobody is there where it is graded")


def _unless_known(top: str) -> str | None:
    if top in KNOWN:
        return None
    return f"No module named {top!r} where it is graded: there is Python's own library, and {', '.join(PACKAGES)}"


@cache
def _notebook() -> ModuleType:
    """Return a module in place of IPython, all names of which are nothing."""
    module = ModuleType("IPython")
    nothing = Nothing()
    vars(module)["__getattr__"] = lambda name: getattr(nothing, name)
    return module


def import_packages(sources: Iterable[bytes]) -> None:
    """Import the packages that these modules name, so that no probe waits or pays for them. Raises nothing."""
    for source in sources:
        for name in _packages_of(source):
            with suppress(BaseException):
                importlib.import_module(name)


def _packages_of(source: bytes) -> list[str]:
    """Return the modules of packages that a module's text may load, and that are not loaded."""
    names = [name for call, name in ON_CALL.items() if call in source]
    if any(name.decode() not in sys.modules for name in LINE.findall(source)):
        with suppress(Exception):  # what does not parse says so when it is imported
            names += [name for node in ast.walk(ast.parse(source)) for name in _packages_in(node)]
    return names


def _packages_in(node: ast.AST) -> list[str]:
    """Return the modules of packages that an import statement may load."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    else:
        return []
    return [name for name in names if name.partition(".")[0] in PACKAGES and name not in sys.modules]
