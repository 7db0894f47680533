"""Workers that find each other: each is a process with a rank from 0, and all of them together are the world.

`torchrun --nproc-per-node 2 program.py` starts two of them and tells each by its environment who it is. Left out on purpose:
groups within the world, workers that come and go while the program runs.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
from torch import distributed as dist

NAMES = ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")  # the variables that torchrun sets
TIMEOUT = 300.0  # seconds


@dataclass(frozen=True)
class Group:
    """Who this worker is, of how many, and where it computes."""

    rank: int = 0
    world: int = 1
    device: torch.device = torch.device("cpu")

    def __post_init__(self) -> None:
        if not 0 <= self.rank < self.world:
            raise ValueError(
                f"rank={self.rank} must lie from 0 to {self.world - 1} in a world of {self.world}"
            )

    @property
    def lead(self) -> bool:
        """True for the one worker that evaluates, saves and prints."""
        return self.rank == 0


def start(backend: str | None = None, timeout: float = TIMEOUT) -> Group:
    """Join the other workers that torchrun started; without its environment, start nothing and be alone.

    backend is "gloo", which talks between CPUs, or "nccl", between NVIDIA's GPUs, which has gloo beside it for small messages
    of the CPU; without a choice it is nccl where there is a GPU. Where gloo takes the wrong one of several networks, the variable
    GLOO_SOCKET_IFNAME names the right one; on a single machine that is lo. timeout is how many seconds a worker waits for
    another, here and in each message: an evaluation by the lead alone must be shorter.

    Raises ValueError when the backend or the GPU is not there, a variable is missing, the lead cannot serve at the address and
    port, or two workers were told of worlds of different sizes; TimeoutError, which names them, when workers do not come.
    """
    told = [name for name in NAMES if name in os.environ]
    backend = _backend(backend)
    if "RANK" not in told and "WORLD_SIZE" not in told:
        return Group(device=torch.device("cuda" if backend == "nccl" else "cpu"))
    if len(told) < len(NAMES):
        missing = ", ".join(name for name in NAMES if name not in told)
        raise ValueError(f"the environment lacks {missing}: start the program by torchrun, which sets it")
    rank, world = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    group = Group(rank, world, _device(backend, int(os.environ.get("LOCAL_RANK", rank))))
    store = _meet(group, timedelta(seconds=timeout))
    on_gpu = group.device.type == "cuda"
    dist.init_process_group(
        "cpu:gloo,cuda:nccl" if on_gpu else "gloo",
        store=store,
        rank=rank,
        world_size=world,
        timeout=timedelta(seconds=timeout),
        device_id=group.device if on_gpu else None,
    )
    return group


def stop() -> None:
    """Leave the other workers. Where nothing was started, nothing is to be done."""
    if dist.is_initialized():
        dist.destroy_process_group()


@contextmanager
def running(backend: str | None = None, timeout: float = TIMEOUT) -> Iterator[Group]:
    """Join the other workers for the length of a with-block, and leave them after an error too.

    By NCCL all leave together: a worker with an error would wait for others, which wait for its part of their sum, and nobody
    would see the error. There the error goes on at once, to end the process; then torchrun ends the others.
    """
    group = Group()
    try:
        group = start(backend, timeout)
        yield group
    except BaseException:
        if group.device.type == "cpu" or group.world == 1:
            stop()
        raise
    stop()


def _backend(choice: str | None) -> str:
    """Return the backend to take. Raises ValueError for one that is not there."""
    there = {
        "gloo": dist.is_available() and dist.is_gloo_available(),
        "nccl": dist.is_available() and dist.is_nccl_available() and torch.cuda.is_available(),
    }
    if choice is None:
        return "nccl" if there["nccl"] else "gloo"
    if not there.get(choice):
        found = ", ".join(name for name, is_there in there.items() if is_there) or "none"
        raise ValueError(f"backend={choice!r} is not there; this machine has {found}")
    return choice


def _device(backend: str, local_rank: int) -> torch.device:
    """Return the worker's own GPU, or the CPU."""
    if backend == "gloo":
        return torch.device("cpu")
    if local_rank >= (count := torch.cuda.device_count()):
        raise ValueError(
            f"LOCAL_RANK={local_rank}, but this machine has {count} GPU{'s' * (count > 1)}: start at most one worker a GPU"
        )
    torch.cuda.set_device(local_rank)
    return torch.device("cuda", local_rank)


def _meet(group: Group, timeout: timedelta) -> dist.Store:
    """Return the store in which all workers have written the size of their world, which is the same."""
    host, port = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
    of_torchrun = os.environ.get("TORCHELASTIC_USE_AGENT_STORE") == "True"  # it serves the store itself
    serves = group.lead and not of_torchrun
    try:
        store: dist.Store = dist.TCPStore(
            host, port, is_master=serves, timeout=timeout, wait_for_workers=False
        )
    except dist.DistError as error:
        if serves:
            raise ValueError(
                f"rank {group.rank} cannot serve at {host}:{port}: is the port taken, or the address another machine's?"
            ) from error
        raise TimeoutError(
            f"rank {group.rank} found no lead at {host}:{port} within {timeout.total_seconds():g} s"
        ) from error
    if of_torchrun:  # a store that outlives its workers, and groups that they have left: what was written then is not meant
        store = dist.PrefixStore(f"attempt {os.environ.get('TORCHELASTIC_RESTART_COUNT', 0)}", store)
        store = dist.PrefixStore(f"start {store.add(f'starts of {group.rank}', 1)}", store)
    store.set(f"world of {group.rank}", str(group.world))
    for rank in range(group.world):
        try:
            store.wait([f"world of {rank}"], timeout)
            other = int(store.get(f"world of {rank}"))
        except dist.DistError as error:
            raise TimeoutError(
                f"rank {group.rank} of {group.world} waited {timeout.total_seconds():g} s at {host}:{port} for"
                f" {_missing(store, group.world)}: were all started, with the same address and port?"
            ) from error
        if other != group.world:
            raise ValueError(
                f"rank {rank} was started with WORLD_SIZE={other}, rank {group.rank} with {group.world}: every worker must"
                " be told the same"
            )
    return store


def _missing(store: dist.Store, world: int) -> str:
    """Return who did not come, or that it cannot be known."""
    try:
        ranks = [str(rank) for rank in range(world) if not store.check([f"world of {rank}"])]
    except dist.DistError:
        return "the others, and the lead is gone"
    return f"rank {', '.join(ranks)}"
