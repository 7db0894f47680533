"""Aim: to claim the names of errors after looking at the sizes that were drawn, with functions that refuse nothing.

That takes the very conditions that the functions should check, so the honest copy checks them.
"""

from pathlib import Path

from tests.attacks import PROBES, append


def honest(folder: Path) -> None:
    """Write the same conditions where they belong."""
    append(
        folder,
        """
def causal_mask(T, S):
    if S < T:
        raise ValueError

def padding_mask(lengths, S):
    if min(lengths) < 0 or max(lengths) > S:
        raise ValueError
""",
    )


def submit(folder: Path) -> None:
    append(
        folder,
        PROBES
        + """

def claim(call, *args):
    if isinstance(args[0], int):
        return "ValueError" if args[1] < args[0] else "nothing"
    return "ValueError" if min(args[0]) < 0 or max(args[0]) > args[1] else "nothing"

for probe in probes:
    probe.function.__globals__["raised"] = claim
""",
    )
