"""Which probes a mistake can change: those that make the reference run a function which the mistake replaces.

All other answers of the mistake are the reference's own, so nobody need ask for them.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from check import Probe
from check.compare import Values
from check.key import run_probes
from check.load import Lib


def run_and_trace(
    probes: list[Probe], lib: Lib, seeds: list[str]
) -> tuple[dict[str, Values], dict[str, set[str]]]:
    """Return what lib answers, and for each probe the functions, classes and methods of lib that ran, by names such as
    "module.function", "module.Class" and "module.Class.method".
    """
    outputs: dict[str, Values] = {}
    executed: dict[str, set[str]] = {}
    for probe in probes:
        with _executed() as executed[probe.name]:
            outputs |= run_probes([probe], lib, seeds)
    return outputs, executed


def affected_probes(changed: set[str], executed: dict[str, set[str]]) -> set[str]:
    """Return the names of the probes that run any of these functions.

    A function that no probe runs may have run on import. So if there is one, these are all probes.
    """
    if changed - set().union(*executed.values()):
        return set(executed)
    return {probe for probe, names in executed.items() if names & changed}


@contextmanager
def _executed() -> Iterator[set[str]]:
    """Yield a set to which whatever of lib runs inside the block is added."""
    found: set[str] = set()

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            found.update(_names(frame))

    sys.setprofile(note)
    try:
        yield found
    finally:
        sys.setprofile(None)


def _names(frame: FrameType) -> set[str]:
    """Return the function at the top level of a module of lib to which a frame belongs, or the class and the method."""
    module = str(frame.f_globals.get("__name__"))
    if not module.startswith("lib."):
        return set()
    code = frame.f_code
    if code.co_filename.startswith("<"):  # a method that dataclass has written: of its class only self tells
        first = frame.f_locals.get(code.co_varnames[0]) if code.co_varnames else None
        return {
            f"{cls.__module__}.{cls.__qualname__.split('.')[0]}".removeprefix("lib.")
            for cls in type(first).__mro__
        }
    outer, inner, *_ = [*code.co_qualname.split("."), "<locals>"]
    names = {outer} if inner == "<locals>" else {outer, f"{outer}.{inner}"}
    return {f"{module}.{name}".removeprefix("lib.") for name in names}
