"""How many bytes a process really sends: Linux counts them for each of its connections."""

import json
import os
import socket
import struct
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
from torch import distributed as dist

TCP_INFO, BYTES = 11, struct.Struct("QQ")  # of linux/tcp.h: bytes sent, and of these sent again
PLACE = 200  # where in the kernel's answer they stand
NUMBERS = 100_000  # that each worker has: 400,000 bytes


def can_count() -> bool:
    """Return True where the kernel tells: on Linux since 4.19."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as one,
    ):
        return os.path.isdir("/proc/self/fd") and _sent(one) is not None


def bytes_sent() -> int:
    """Return how many bytes this process has sent over all connections that it has open."""
    total = 0
    for name in os.listdir("/proc/self/fd"):
        try:
            with socket.socket(fileno=os.dup(int(name))) as one:
                total += _sent(one) or 0
        except OSError:  # no socket, or closed meanwhile
            continue
    return total


def _sent(one: socket.socket) -> int | None:
    """Return the bytes sent over a connection, None where they are not counted."""
    try:
        answer = one.getsockopt(socket.IPPROTO_TCP, TCP_INFO, 256)
    except OSError:
        return None
    if len(answer) < PLACE + BYTES.size:
        return None
    sent, again = BYTES.unpack_from(answer, PLACE)
    return sent - again


def during(operation: Callable[[], Any]) -> int:
    """Return how many bytes this process sends during a collective of all."""
    dist.barrier()
    before = bytes_sent()
    operation()
    after = bytes_sent()
    dist.barrier()
    return after - before


def collectives() -> dict[str, int]:
    """Return what this worker sends in each collective on NUMBERS numbers of float32."""
    world = dist.get_world_size()
    x, several = torch.ones(NUMBERS), [torch.ones(NUMBERS) for _ in range(world)]
    parts = list(torch.ones(NUMBERS).chunk(world))
    return {
        "all_reduce": during(lambda: dist.all_reduce(x)),
        "all_gather": during(lambda: dist.all_gather(several, x)),
        "reduce_scatter": during(lambda: dist.reduce_scatter(torch.ones_like(parts[0]), parts)),
    }


def of_forked(world: int) -> list[dict[str, int]]:
    """Return the same of each of `world` processes, forked from this one, which must not have joined a group."""
    with tempfile.TemporaryDirectory() as folder:
        children = []
        for rank in range(world):
            if not (child := os.fork()):
                _as_child(rank, world, Path(folder))
            children.append(child)
        states = [os.waitpid(child, 0)[1] for child in children]
        if any(states):
            raise RuntimeError(f"of {world} forked workers some failed: {states}")
        return [json.loads(Path(folder, str(rank)).read_text()) for rank in range(world)]


def _as_child(rank: int, world: int, folder: Path) -> None:
    """Count, write it down, and end without what the parent would do at its own end."""
    code = 1
    try:
        store = dist.FileStore(str(folder / "store"), world)
        dist.init_process_group(
            "gloo", store=store, rank=rank, world_size=world, timeout=timedelta(seconds=30)
        )
        (folder / str(rank)).write_text(json.dumps(collectives()))
        dist.barrier()
        code = 0
    finally:
        os._exit(code)
