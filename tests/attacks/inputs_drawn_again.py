"""Aim: to change the inputs and to hand back, as unchanged, the same numbers drawn once more.

To draw them again is to have a copy of them, so the honest copy changes copies.
"""

from pathlib import Path

from tests.attacks import PROBES, append

ANSWER = "queries_changed_in_place"


def honest(folder: Path) -> None:
    """Change copies of the inputs."""
    append(
        folder,
        """
changes = attend

def attend(q, k, v, mask=None):
    return changes(q.clone(), k, v, mask)
""",
    )


def submit(folder: Path) -> None:
    append(
        folder,
        PROBES
        + """
for probe in [one for one in probes if one.name == "unchanged" and "qkv" in one.function.__globals__]:
    def ask(lib, rng, honest=probe.function):
        import copy
        names, again = honest.__globals__, copy.deepcopy(rng)
        q, k, v = names["qkv"](again, **names["SMALL"])
        mask = names["random_mask"](again, 1, 2, 3, 5)
        return honest(lib, rng) | {"q afterwards": q, "k afterwards": k, "v afterwards": v, "mask afterwards": mask}
    object.__setattr__(probe, "function", ask)
""",
    )
