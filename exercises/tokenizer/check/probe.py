"""A probe is a function of a `lib`: it asks the library something and returns the values it got.

A probe knows no expected answer. Run on the reference it gives what is right, run on a student's library
what the student has, run on a mistake what that mistake gives. Whoever compares them stands elsewhere.
"""

import hashlib
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import numpy as np
import torch

from .draw import Draw
from .load import Lib

Leaf = torch.Tensor | bool | int | float | str | None
Errors = type[Exception] | tuple[type[Exception], ...]


@dataclass(frozen=True)
class Probe:
    """One question to a library: points is what a right answer earns.

    With memory_mb the judge asks it in a process of its own, which may take so much on top of torch's own memory.
    """

    name: str
    exercise: str
    points: int
    function: Callable
    memory_mb: int | None = None

    @property
    def doc(self) -> str:
        return " ".join((self.function.__doc__ or "").split())


@dataclass(frozen=True)
class Failure:
    """What a probe raised: the error's name, its message, and the traceback from the student's own lines."""

    error: str
    message: str
    trace: str


def probe(*, exercise: str, points: int, memory_mb: int | None = None) -> Callable[[Callable], Probe]:
    """Turn `def name(lib, rng)` into a probe of this exercise, worth so many points."""
    return lambda function: Probe(function.__name__, exercise, points, function, memory_mb)


def load_probes(path: Path, inputs: Path) -> list[Probe]:
    """Return the probes that a file defines, in its order. `from inputs import …` in it finds the file inputs.

    Raises ValueError if a probe belongs to another exercise than those before it.
    """
    sys.modules["inputs"] = load_file(inputs) if inputs.is_file() else ModuleType("inputs")
    try:
        module = load_file(path)
    finally:
        del sys.modules["inputs"]
    probes = [value for value in vars(module).values() if type(value) is Probe]
    if len({probe.exercise for probe in probes}) > 1:
        raise ValueError(f"{path.name} has probes of several exercises; each exercise has a file of its own")
    return probes


def load_folder(folder: Path) -> list[Probe]:
    """Return the probes of all exercises as a student has them: a file for each, and inputs.py beside them."""
    files = [path for path in sorted(folder.glob("*.py")) if path.stem != "inputs"]
    return [probe for path in files for probe in load_probes(path, folder / "inputs.py")]


def load_file(path: Path) -> ModuleType:
    """Run a Python file as a module that nobody else can import."""
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    exec(compile(path.read_text("utf8"), str(path), "exec"), vars(module))  # noqa: S102  our own file
    return module


def raised(call: Callable, *args: Any, **kwargs: Any) -> str:
    """Return the name of the error that call raises, or "nothing".

    An error of one's own has the name of Python's error that it is derived from, and any ValueError has that name: what
    counts is who catches it.
    """
    try:
        call(*args, **kwargs)
    except NotImplementedError:
        raise
    except ValueError:
        return "ValueError"
    except Exception as error:
        return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")
    return "nothing"


def value_or(instead: Any, call: Callable, *args: Any, errors: Errors = Exception, **kwargs: Any) -> Any:
    """Return what call returns, or `instead` where it ends in one of these errors.

    Which error it is hangs on how a program is written, so that a probe has one value for all of them. What is not written
    yet stays an error.
    """
    try:
        return call(*args, **kwargs)
    except NotImplementedError:
        raise
    except errors:
        return instead


def run(probe: Probe, lib: Lib, seed: str) -> dict[str, Leaf] | Failure:
    """Ask one probe; return its values as a flat dict from the case's name to the value.

    torch's own generator is seeded too, so that a layer's initial weights are the same each time.
    """
    # Not torch.manual_seed, which also sees to every kind of GPU: without one that takes longer than a probe.
    torch.default_generator.manual_seed(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big"))
    try:
        return flatten(probe.function(lib, Draw(seed, probe.name)))
    except (Exception, SystemExit) as error:
        return Failure(type(error).__name__, str(error)[:500], student_trace(error))


def flatten(value: Any, case: str = "") -> dict[str, Leaf]:
    """Name every tensor, number and text in a nested result: {"a": [1, 2]} gives {"a.0": 1, "a.1": 2}.

    Raises TypeError for anything else; a result is data, never an object.
    """
    if isinstance(value, np.ndarray | np.generic):
        value = torch.from_numpy(np.asarray(value).copy())
    if isinstance(value, torch.Tensor):
        return {case or "result": value.detach().cpu().contiguous().clone()}
    if value is None or type(value) in (bool, int, float, str):
        return {case or "result": value}
    items: Iterable[tuple[Any, Any]]
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    else:
        raise TypeError(f"returned a {type(value).__name__}; expected a tensor, a number or a text")
    return {
        name: leaf
        for key, inner in items
        for name, leaf in flatten(inner, f"{case}.{key}" if case else str(key)).items()
    }


def student_trace(error: BaseException) -> str:
    """Return the traceback's lines that lie in modules of lib, at most the last six, each with its source line."""
    mine = [place for place in traceback.walk_tb(error.__traceback__) if _is_of_lib(place[0])]
    frames = traceback.StackSummary.extract(iter(mine[-6:]))
    lines = [f"lib/{Path(f.filename).name}, line {f.lineno}, in {f.name}: {f.line or ''}" for f in frames]
    if isinstance(error, SyntaxError) and error.filename:
        lines.append(f"lib/{Path(error.filename).name}, line {error.lineno}: {(error.text or '').strip()}")
    return "\n".join(lines)


def _is_of_lib(frame: FrameType) -> bool:
    """Return True if a module of lib runs here. Its path would not tell: a course may lie below any folder's lib/."""
    return str(frame.f_globals.get("__name__")).startswith("lib.")
