"""A server that says where it is and stops as it should: what has begun may end, what is new is turned away."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from serve.app import create_app
from serve.served import ServedModel
from serve.settings import Settings
from serve.worker import Worker

FLUSH = 5  # seconds in which the last bytes must have gone out, once all answers have ended


class Server(uvicorn.Server):
    """uvicorn's server, which at the first signal goes on until all answers have ended, and at the second does not."""

    def __init__(self, served: ServedModel, settings: Settings, *, log: bool):
        self.worker = Worker(served, settings)
        app = create_app(served, self.worker, settings)
        config = uvicorn.Config(
            app,
            lifespan="off",
            timeout_graceful_shutdown=FLUSH,
            access_log=log,
            log_level="info" if log else "error",
        )
        super().__init__(config)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; asked again, stop."""
        if self.worker.closes_at is not None:
            self.should_exit = self.force_exit = True
        self.worker.drain()

    async def on_tick(self, counter: int) -> bool:
        """Return whether it is time to leave. uvicorn asks ten times a second."""
        return await super().on_tick(counter) or self.worker.drained

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal comes, or the worker is drained by somebody else."""
        self.worker.start()
        try:
            super().run(sockets)
        finally:
            self.worker.stop()


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; 0 is any port that is free.

    Raises OSError when that cannot be, ValueError for what is no port.
    """
    if not 0 <= port <= 65_535:
        raise ValueError(f"port={port} must be from 0 to 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=128)
    listener.setblocking(False)
    return listener


def address_of(listener: socket.socket) -> str:
    """Return where a client finds the server, such as http://127.0.0.1:8001."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def serving(
    served: ServedModel, settings: Settings | None = None, *, host: str = "127.0.0.1", port: int = 0
) -> Iterator[str]:
    """Serve a model from a thread of this process, and give the address; at the end no thread and no socket is left.

    with serving(smollm2()) as address:
        client = OpenAI(base_url=f"{address}/v1", api_key="none")
    """
    listener = listening(host, port)
    server = Server(served, settings or Settings(), log=False)
    thread = threading.Thread(target=server.run, args=([listener],), name="server")
    thread.start()
    try:
        yield address_of(listener)
    finally:
        server.worker.drain()
        thread.join()
        listener.close()
