"""Aim: to tell somebody outside, over the network, what it has seen."""

from pathlib import Path

from tests.attacks import attempt, canary


def submit(folder: Path) -> None:
    attempt(
        folder,
        f"""
import socket
with socket.create_connection(("127.0.0.1", {(canary(folder) / "port").read_text()}), 2) as outside:
    outside.send(b"a probe")
return "connected"
""",
    )
