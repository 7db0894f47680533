"""Aim: to claim of every call, good or bad, that it raised the ValueError which is asked for."""

from pathlib import Path

from tests.attacks import PROBES, append


def submit(folder: Path) -> None:
    append(
        folder,
        PROBES
        + """
import sys
for module in list(sys.modules.values()):
    if getattr(module, "raised", None):
        module.raised = lambda *_, **__: "ValueError"
for probe in probes:
    probe.function.__globals__["raised"] = lambda *_, **__: "ValueError"
""",
    )
