"""Which probes a mistake can change: those that make the reference run something which the mistake redefines.

All other answers of the mistake are the reference's own, so nobody need ask for them. Where that cannot be told from
the mistake's text, it is asked everything.
"""

import ast
import sys
from collections.abc import Iterable
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

from check import Probe
from check.load import Lib
from check.probe import run


def names_used(probes: list[Probe], seeds: list[str], reference: Lib) -> dict[str, set[str]]:
    """Return for each probe the functions and classes of lib that run when the reference is asked: "module.name"."""
    return {probe.name: _names_run(probe, seeds, reference) for probe in probes}


def touched(mistake: Path, reference: Lib, lib: Lib, used: dict[str, set[str]]) -> set[str]:
    """Return the names of the probes that a mistake can change; lib is the library with it."""
    module = mistake.parent.name
    changed = _redefined(mistake, getattr(reference, module), getattr(lib, module))
    if changed is None:
        return set(used)
    return {probe for probe, names in used.items() if names & {f"{module}.{name}" for name in changed}}


def _names_run(probe: Probe, seeds: list[str], reference: Lib) -> set[str]:
    found = set()

    def note(frame, event, argument):
        if event == "call":
            found.add(_runs_as(frame.f_code))

    sys.setprofile(note)
    try:
        for seed in seeds:
            run(probe, reference, seed)
    finally:
        sys.setprofile(None)
    return found


def _redefined(mistake: Path, before: ModuleType, after: ModuleType) -> set[str] | None:
    """Return the module's functions and classes that a mistake redefines, or None where it does other things too."""
    changed = set()
    for statement in ast.parse(mistake.read_text("utf8")).body:
        names = _bound(statement)
        if names is None:
            return None
        for name in names:
            if not hasattr(before, name) or getattr(before, name) is getattr(after, name):
                continue  # a new name, which only what is redefined can use, or the same module imported again
            if _code_of(getattr(before, name)) != f"{before.__name__.rpartition('.')[2]}.{name}":
                return None  # it can be used without a trace under its name
            changed.add(name)
    return changed


def _bound(statement: ast.stmt) -> Iterable[str] | None:
    """Return the names that a statement defines; None if it may do more than define names."""
    match statement:
        case ast.Expr(value=ast.Constant()):
            return ()
        case ast.FunctionDef(name=name, decorator_list=[]) | ast.ClassDef(name=name, decorator_list=[]):
            return (name,)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            bound = [(alias.asname or alias.name).split(".")[0] for alias in names]
            return None if "*" in bound else bound
        case ast.Assign(targets=targets) if all(isinstance(target, ast.Name) for target in targets):
            return [target.id for target in targets]
    return None


def _code_of(value: object) -> str:
    """Return under which name in lib a function runs, or a class when it is made; else an empty text."""
    code = vars(value).get("__init__") if isinstance(value, type) else value
    return _runs_as(code.__code__) if isinstance(code, FunctionType) else ""


def _runs_as(code: CodeType) -> str:
    """Return the function or class at a module's top level that this code belongs to: "module.name", "" outside lib."""
    path = Path(code.co_filename)
    return f"{path.stem}.{code.co_qualname.split('.')[0]}" if path.parent.name == "lib" else ""
