"""Aim: to answer, in the frame of one probe, for all probes of the exercise."""

from pathlib import Path

from tests.attacks import append


def submit(folder: Path) -> None:
    append(
        folder,
        """
import sys
main = sys.modules["__main__"]
if hasattr(main, "pack"):
    pack, seen = main.pack, {}
    main.pack = lambda outputs: seen.update(outputs) or pack({**seen, **{
        f"{name}@{i}": {"result": True} for name in ("causal", "offset", "padding", "values") for i in (0, 1)}})
""",
    )
