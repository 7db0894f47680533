"""Which probes a mistake can change: those that make the reference run a function which the mistake replaces.

All other answers of the mistake are the reference's own, so nobody need ask for them.
"""

import sys
from pathlib import Path
from types import CodeType

from check import Probe
from check.load import Lib
from check.probe import run


def executed_functions(probes: list[Probe], seeds: list[str], reference: Lib) -> dict[str, set[str]]:
    """Return for each probe the functions and classes of lib that run when the reference is asked: "module.name"."""
    return {probe.name: _executed(probe, seeds, reference) for probe in probes}


def affected_probes(changed: set[str], executed: dict[str, set[str]]) -> set[str]:
    """Return the names of the probes that run any of these functions."""
    return {probe for probe, names in executed.items() if names & changed}


def _executed(probe: Probe, seeds: list[str], reference: Lib) -> set[str]:
    found = set()

    def note(frame, event, argument):
        if event == "call":
            found.add(_function_of(frame.f_code))

    sys.setprofile(note)
    try:
        for seed in seeds:
            run(probe, reference, seed)
    finally:
        sys.setprofile(None)
    return found


def _function_of(code: CodeType) -> str:
    """Return the function or class at a module's top level that this code belongs to: "module.name", "" outside lib."""
    path = Path(code.co_filename)
    return f"{path.stem}.{code.co_qualname.split('.')[0]}" if path.parent.name == "lib" else ""
