"""The script whose numbers chapter 13 shows: launched once, and held to what the numbers must be on any machine."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from book.cells import exchanges, two_processes, wire
from book.cells.launch import torchrun

pytestmark = pytest.mark.part("fixed")
LINUX = sys.platform == "linux"


@pytest.fixture(scope="module")
def seen():
    return two_processes.launch()


def test_the_first_program_prints_the_same_sum_on_both(seen):
    assert seen["first"] == ["rank 0 of 2 has 3.0\n", "rank 1 of 2 has 3.0\n"]


def test_collectives_do_what_they_are_called_for(seen):
    assert seen["collectives"] == [
        {
            "broadcast": [[1, 2], [1, 2]],
            "all_reduce": [[1, 2], [11, 22]],
            "all_gather": [[1], [1, 20]],
            "reduce_scatter": [[1, 2], [11]],
        },
        {
            "broadcast": [[10, 20], [1, 2]],
            "all_reduce": [[10, 20], [11, 22]],
            "all_gather": [[20], [1, 20]],
            "reduce_scatter": [[10, 20], [22]],
        },
    ]


@pytest.mark.parametrize(
    ("name", "error"), [("by hand", 1e-12), ("DDP", 1e-12), ("fully_shard", 1e-12), ("DDP in float32", 1e-4)]
)
def test_two_end_where_one_does(seen, name, error):
    found = seen["equal"][name]
    assert found["between"] == 0
    assert found["from_one"] < error
    assert max(found["drift"]) == 0


def test_of_a_divided_model_each_holds_half(seen):
    assert (seen["equal"]["fully_shard"]["own"], seen["equal"]["weights"]) == (762, 1524)


@pytest.mark.parametrize(
    ("name", "drifts", "differs"),
    [
        ("no average", True, True),
        ("same data", False, True),
        ("different start", True, True),
        ("sum with SGD", False, True),
        ("mean with SGD", False, False),
        ("uneven, plain mean", False, True),
        ("uneven, weighted", False, False),
    ],
)
def test_each_promise_that_is_broken_shows_where_it_should(seen, name, drifts, differs):
    found = seen["breaks"][name]
    assert (found["between"] > 0.05) if drifts else found["between"] == 0
    assert (found["from_one"] > 0.05) if differs else found["from_one"] < 1e-12
    assert len(found["drift"]) == 50


def test_adamw_hardly_notices_a_sum(seen):
    assert seen["breaks"]["sum"]["between"] == 0
    assert 1e-9 < seen["breaks"]["sum"]["from_one"] < 1e-3


def test_no_sync_saves_all_messages_but_the_last_of_a_step(seen):
    assert seen["accumulation"] == {
        "no_sync": {"messages": 5, "bytes": 5 * 8 * 1524, "steps": 5},
        "plain": {"messages": 20, "bytes": 20 * 8 * 1524, "steps": 5},
    }


def test_a_long_message_takes_longer_than_a_short_one(seen):
    assert [size for size, _ in seen["times"]] == exchanges.SIZES == [4**k for k in range(5, 13)]
    assert seen["times"][-1][1] > seen["times"][0][1] > 0


def test_a_network_cut_in_two_and_two_stages_give_the_whole_ones_values(seen):
    for worker in seen["tensor parallel"]:
        assert max(worker.values()) < 1e-12
    for worker in seen["pipeline"]:
        assert worker["gradients"] < 1e-12


def test_what_the_kernel_counts_is_the_formula_of_the_ring(seen):
    assert wire.can_count() == LINUX
    n_bytes = 4 * seen["numbers"]
    for worker in seen["bytes of a step"]:
        assert worker["gradients"] == 8 * 1524
        assert not LINUX or near(worker["sent"], 8 * 1524)
    for world, workers in ((2, seen["bytes of collectives"]), (4, seen["four workers"])):
        for worker in workers if LINUX else ():
            assert near(worker["all_reduce"], 2 * (world - 1) / world * n_bytes)
            assert near(worker["all_gather"], (world - 1) * n_bytes)
            # gloo's reduce-scatter sends what an all-reduce does, twice as much as it would have to.
            assert worker["reduce_scatter"] >= 0.99 * (world - 1) / world * n_bytes


def near(counted, formula):
    """Return True if so many bytes, and at most 10 % and 1,000 for headers, were sent."""
    return formula <= counted <= 1.1 * formula + 1000


def test_a_program_that_fails_says_why(tmp_path, monkeypatch):
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\necho $GLOO_SOCKET_IFNAME $OMP_NUM_THREADS as it should >&2\nexit 3", "utf8")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    monkeypatch.delenv("GLOO_SOCKET_IFNAME", raising=False)
    with pytest.raises(RuntimeError, match="a worker failed:\nlo 1 as it should"):
        torchrun("first.py")


PROGRAM = """
import os, pathlib, signal, sys, time
folder, waiting = pathlib.Path(sys.argv[1]), int(sys.argv[2])
(folder / os.environ["RANK"]).write_text(str(os.getpid()))
while not all((folder / rank).exists() for rank in "01"):
    time.sleep(0.05)
if os.environ["RANK"] == "0":
    os.kill(waiting, signal.SIGUSR1)
time.sleep(600)
"""


def test_of_a_program_that_is_given_up_no_worker_is_left(tmp_path):
    """The workers say when both are there; then whoever waits for them is interrupted."""
    (tmp_path / "hangs.py").write_text(PROGRAM, "utf8")

    def interrupt(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            torchrun(str(tmp_path / "hangs.py"), str(tmp_path), str(os.getpid()))
    finally:
        signal.signal(signal.SIGUSR1, before)
    for rank in "01":
        assert ended(int((tmp_path / rank).read_text()))


def ended(pid):
    """Return True if this process is gone within a second or so."""
    for _ in range(20):
        try:
            status = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return True
        if status.rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False
