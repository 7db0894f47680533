"""A probe is a function of a `lib`: it asks the library something and returns the values it got.

A probe knows no expected answer. Run on the reference it gives what is right, run on a student's library
what the student has, run on a mistake what that mistake gives. Whoever compares them stands elsewhere.
"""

import hashlib
import importlib.util
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch

Leaf = torch.Tensor | bool | int | float | str | None


@dataclass(frozen=True)
class Probe:
    """One question: `of` names the exercise it belongs to, `points` what a right answer earns.

    With memory_mb the judge asks it in a process of its own, which may take so much on top of torch's own memory.
    """

    name: str
    of: str
    points: int
    ask: Callable
    memory_mb: int | None = None

    @property
    def doc(self) -> str:
        return " ".join((self.ask.__doc__ or "").split())


@dataclass(frozen=True)
class Failure:
    """What a probe raised: the error's name, its message, and the traceback from the student's own lines."""

    error: str
    message: str
    trace: str


def probe(*, of: str, points: int, memory_mb: int | None = None) -> Callable[[Callable], Probe]:
    """Turn `def name(lib, rng)` into a probe of the exercise `of`, worth `points`."""
    return lambda ask: Probe(ask.__name__, of, points, ask, memory_mb)


def load_probes(path: Path) -> list[Probe]:
    """Return the probes that a probes.py defines, in the order in which it defines them."""
    spec = importlib.util.spec_from_file_location("probes", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [value for value in vars(module).values() if type(value) is Probe]


class Draw:
    """Random inputs of one probe: the same seed and name give the same numbers on every machine."""

    def __init__(self, seed: str, name: str):
        digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
        self._numbers = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))

    def normal(self, *shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
        """Return standard normal numbers of the given shape."""
        return torch.from_numpy(np.asarray(self._numbers.standard_normal(shape))).to(dtype)

    def uniform(self, *shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
        """Return uniform numbers in [0, 1) of the given shape."""
        return torch.from_numpy(np.asarray(self._numbers.random(shape))).to(dtype)

    def integers(self, low: int, high: int, *shape: int) -> torch.Tensor:
        """Return whole numbers from low to high - 1 of the given shape."""
        return torch.from_numpy(np.asarray(self._numbers.integers(low, high, shape)))

    def integer(self, low: int, high: int) -> int:
        """Return one whole number from low to high - 1."""
        return int(self._numbers.integers(low, high))

    def permutation(self, n: int) -> torch.Tensor:
        """Return 0 to n - 1 in random order."""
        return torch.from_numpy(self._numbers.permutation(n))


def raised(call: Callable, *args, **kwargs) -> str:
    """Return the name of the error that call raises, or "nothing"."""
    try:
        call(*args, **kwargs)
    except NotImplementedError:
        raise
    except Exception as error:
        return type(error).__name__
    return "nothing"


def run(probe: Probe, lib: SimpleNamespace, seed: str) -> dict[str, Leaf] | Failure:
    """Ask one probe; return its values as a flat dict from the case's name to the value.

    torch's own generator is seeded too, so that a layer's initial weights are the same each time.
    """
    # Not torch.manual_seed, which also sees to every kind of GPU: without one that takes longer than a probe.
    torch.default_generator.manual_seed(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big"))
    try:
        return flatten(probe.ask(lib, Draw(seed, probe.name)))
    except Exception as error:
        return Failure(type(error).__name__, str(error)[:500], student_trace(error))


def flatten(value, case: str = "") -> dict[str, Leaf]:
    """Name every tensor, number and text in a nested result: {"a": [1, 2]} gives {"a.0": 1, "a.1": 2}.

    Raises TypeError for anything else; a result is data, never an object.
    """
    if isinstance(value, np.ndarray | np.generic):
        value = torch.from_numpy(np.asarray(value).copy())
    if isinstance(value, torch.Tensor):
        return {case or "result": value.detach().cpu().contiguous().clone()}
    if value is None or type(value) in (bool, int, float, str):
        return {case or "result": value}
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
    """Return the traceback's lines that lie in lib/, at most the last six, each with its source line."""
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if "/lib/" in f.filename.replace("\\", "/")
    ]
    mine = [f for f in frames if "site-packages" not in f.filename and "/python3" not in f.filename]
    lines = [f"lib/{Path(f.filename).name}, line {f.lineno}, in {f.name}: {f.line or ''}" for f in mine[-6:]]
    if isinstance(error, SyntaxError) and error.filename:
        lines.append(f"lib/{Path(error.filename).name}, line {error.lineno}: {(error.text or '').strip()}")
    return "\n".join(lines)
