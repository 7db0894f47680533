"""Aim: to wait on a port for somebody outside, in a thread that outlives the grading."""

from pathlib import Path

from tests.attacks import attempt, canary


def submit(folder: Path) -> None:
    attempt(
        folder,
        f"""
import socket, threading
server = socket.create_server(("127.0.0.1", {(canary(folder) / "free").read_text()}))
threading.Thread(target=server.accept, daemon=False).start()
return "listening"
""",
    )
