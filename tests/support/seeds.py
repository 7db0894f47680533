"""Seeds that are drawn afresh on each run, so that nothing holds for a lucky few only.

A failure says which seeds there were; SEEDS="a,b,c" in the environment repeats them.
"""

import os
import secrets
from collections.abc import Iterable


def fresh_seeds(count: int) -> list[str]:
    """Return so many new seeds, or those that the environment names."""
    given = os.environ.get("SEEDS")
    return given.split(",") if given else [secrets.token_hex(8) for _ in range(count)]


def to_repeat(seeds: Iterable[str]) -> str:
    """Return what to set in the environment so that the next run has these seeds, each of them once."""
    return f'SEEDS="{",".join(dict.fromkeys(seeds))}"'
