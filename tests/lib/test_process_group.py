"""Starting, without a second process: what the environment says wrongly, and workers that do not come."""

import socket
import sys
import threading
import time
from datetime import timedelta

import pytest
import torch
from torch import distributed as dist

from book.cells.launch import LOOPBACK
from lib import process_group
from lib.process_group import NAMES, Group, running, start, stop

pytestmark = pytest.mark.part("fixed")


@pytest.fixture
def port():
    """A port of this machine that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def told(monkeypatch, port):
    """Sets the environment as torchrun would, with these changes."""

    def tell(rank=0, world=1, **changes):
        values = {
            "RANK": rank,
            "WORLD_SIZE": world,
            "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": port,
            **changes,
        }
        for name, value in values.items():
            monkeypatch.setenv(name, str(value))
        if sys.platform in LOOPBACK:
            monkeypatch.setenv("GLOO_SOCKET_IFNAME", LOOPBACK[sys.platform])

    for name in (*NAMES, "LOCAL_RANK", "TORCHELASTIC_USE_AGENT_STORE"):
        monkeypatch.delenv(name, raising=False)
    return tell


@pytest.fixture
def on_cpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


@pytest.mark.usefixtures("told", "on_cpu")
def test_without_torchrun_nothing_is_started():
    with running() as group:
        assert group == Group(0, 1, torch.device("cpu"))
        assert group.lead
        assert not dist.is_initialized()
    stop()  # again


@pytest.mark.usefixtures("on_cpu")
def test_a_world_of_one_is_started_and_left_even_after_an_error(told):
    told()

    def fail():
        with running(timeout=20) as group:
            seen.append((group.rank, group.world, dist.get_backend()))
            raise KeyError

    seen = []
    with pytest.raises(KeyError):
        fail()
    assert seen == [(0, 1, "gloo")]
    assert not dist.is_initialized()


@pytest.mark.parametrize(
    ("world", "device", "leaves"), [(2, "cuda", False), (1, "cuda", True), (2, "cpu", True)]
)
def test_after_an_error_nobody_waits_for_those_who_cannot_leave(monkeypatch, world, device, leaves):
    left = []
    monkeypatch.setattr(process_group, "start", lambda *_: Group(0, world, torch.device(device)))
    monkeypatch.setattr(process_group, "stop", lambda: left.append(True))

    def fail():
        with running():
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert left == [True] * leaves
    with running():
        left.clear()
    assert left == [True]


@pytest.mark.usefixtures("on_cpu")
def test_a_lead_whose_port_is_taken_says_so(told, port):
    told(rank=0, world=2)
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(ValueError, match=rf"rank 0 cannot serve at 127\.0\.0\.1:{port}: is the port taken"),
    ):
        start(timeout=20)
    assert not dist.is_initialized()


@pytest.mark.usefixtures("on_cpu")
def test_a_worker_that_does_not_come_is_named_in_time(told):
    told(rank=0, world=3)
    begin = time.monotonic()
    with pytest.raises(
        TimeoutError, match=r"rank 0 of 3 waited 0\.3 s at 127\.0\.0\.1:\d+ for rank 1, 2: were all"
    ):
        start(timeout=0.3)
    assert time.monotonic() - begin < 20
    assert not dist.is_initialized()


@pytest.mark.usefixtures("on_cpu")
def test_a_lead_that_does_not_come_is_named_in_time(told, port):
    told(rank=1, world=2)
    with pytest.raises(TimeoutError, match=rf"rank 1 found no lead at 127\.0\.0\.1:{port} within 0\.3 s"):
        start(timeout=0.3)


@pytest.mark.usefixtures("on_cpu")
@pytest.mark.parametrize(("world", "other"), [(2, 3), (3, 2)])
def test_workers_of_two_worlds_refuse_each_other(told, port, world, other):
    lead = dist.TCPStore("127.0.0.1", port, is_master=True, wait_for_workers=False)
    lead.set("world of 0", str(other))
    told(rank=1, world=world)
    with pytest.raises(ValueError, match=f"rank 0 was started with WORLD_SIZE={other}, rank 1 with {world}"):
        start(timeout=20)


@pytest.mark.usefixtures("on_cpu")
def test_a_lead_that_goes_away_is_missed(told, port):
    lead = dist.TCPStore("127.0.0.1", port, is_master=True, wait_for_workers=False)
    lead.set("world of 0", "3")
    gone = [lead]
    del lead

    def leave():
        gone[0].wait(["world of 1"], timedelta(seconds=20))  # rank 1 has come
        gone.clear()

    leaving = threading.Thread(target=leave)
    leaving.start()
    told(rank=1, world=3)
    with pytest.raises(
        TimeoutError, match=r"rank 1 of 3 waited .* for (the others, and the lead is gone|rank 2)"
    ):
        start(timeout=5)
    leaving.join()


def test_another_attempt_of_torchrun_meets_other_workers(told, port, monkeypatch):
    agent = dist.TCPStore("127.0.0.1", port, is_master=True, wait_for_workers=False)
    told(rank=0, world=1, TORCHELASTIC_USE_AGENT_STORE="True")
    for attempt in ("0", "1"):
        monkeypatch.setenv("TORCHELASTIC_RESTART_COUNT", attempt)
        store = process_group._meet(Group(), timedelta(seconds=20))
        store.set("seen", attempt)
        assert store.get("seen") == attempt.encode()
    assert agent.get("attempt 0/start 1/seen") == b"0"


@pytest.mark.usefixtures("on_cpu")
def test_who_starts_again_meets_those_who_start_again(told, port):
    agent = dist.TCPStore("127.0.0.1", port, is_master=True, wait_for_workers=False)
    told(rank=0, world=2, TORCHELASTIC_USE_AGENT_STORE="True", TORCHELASTIC_RESTART_COUNT=0)
    for start_of_0 in (1, 2):
        agent.set("attempt 0/start 1/world of 1", "2")  # rank 1 has started once
        if start_of_0 == 1:
            assert process_group._meet(Group(0, 2), timedelta(seconds=20)).get("world of 0") == b"2"
        else:
            with pytest.raises(TimeoutError, match="for rank 1: were all"):
                start(timeout=0.3)


def test_an_environment_with_a_gap_is_refused(told, monkeypatch):
    told()
    monkeypatch.delenv("MASTER_PORT")
    monkeypatch.delenv("WORLD_SIZE")
    with pytest.raises(
        ValueError, match="the environment lacks WORLD_SIZE, MASTER_PORT: start the program by torchrun"
    ):
        start()


@pytest.mark.usefixtures("told", "on_cpu")
@pytest.mark.parametrize("backend", ["nccl", "carrier pigeons"])
def test_a_backend_that_is_not_there_is_refused(backend):
    with pytest.raises(ValueError, match=f"backend='{backend}' is not there; this machine has gloo"):
        start(backend)


def test_more_workers_than_gpus_are_refused(told, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(dist, "is_nccl_available", lambda: True)
    told(rank=1, world=2, LOCAL_RANK=1)
    with pytest.raises(
        ValueError, match="LOCAL_RANK=1, but this machine has 1 GPU: start at most one worker a GPU"
    ):
        start()


@pytest.mark.parametrize(("rank", "world"), [(2, 2), (-1, 2), (0, 0)])
def test_a_rank_outside_its_world_is_refused(rank, world):
    with pytest.raises(ValueError, match=f"rank={rank} must lie from 0"):
        Group(rank, world)
