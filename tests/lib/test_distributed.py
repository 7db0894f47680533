"""Two processes of one machine, launched once for all tests: what they compute is what one process computes."""

import json
import math

import pytest
import torch
from torch.nn import functional as F

import benchmarks.distributed
from benchmarks import on_gpus
from book.cells.launch import torchrun
from lib import distributed
from lib.training import TrainConfig, evaluate, train
from tests.lib.distributed_worker import HeldOut
from tests.lib.small_distributed import (
    CONFIG,
    Cliff,
    Experts,
    Feedforward,
    batch_of_half,
    flat,
    known,
    network_input,
    of_even_workers,
    two_stages,
    uneven,
)
from tests.lib.small_training import Small, batch, data

pytestmark = pytest.mark.part("fixed")  # launches cost more than a chapter may
ALONE = distributed.Group()


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What each of the two workers saw in the first attempt, in whose end worker 1 is killed, and in the second."""
    folder = tmp_path_factory.mktemp("workers")
    torchrun("tests/lib/distributed_worker.py", str(folder), restarts=1)
    workers = [
        {
            k: v
            for attempt in (0, 1)
            for k, v in json.loads((folder / f"{attempt}-{rank}.json").read_text()).items()
        }
        for rank in (0, 1)
    ]
    return {name: [worker[name] for worker in workers] for name in workers[0]} | {"folder": folder}


def near(one, other, error=1e-12):
    """Return True if all numbers of two nested lists differ by this at most."""
    one, other = (torch.as_tensor(x, dtype=torch.float64) for x in (one, other))
    return one.shape == other.shape and bool(((one - other).abs() <= error).all())


def alone(model, batches, config, **more):
    """Train with one process, whose steps have the micro-batches of both workers."""
    settings = {**vars(config), "accumulate": 2 * config.accumulate}
    return train(model, batches, TrainConfig(**settings), **more)


def test_gradients_are_averaged_in_each_dtype_and_one_that_is_missing_counts_as_zeros(seen):
    for worker in seen["gradients"]:
        assert worker["plain"] == [[1.5, 1.5], [500.0, 500.0], [0.5, 0.5]]
        assert worker["dtypes"] == ["torch.float64", "torch.float16", "torch.float64"]
        assert worker["shares"] == [1 * 0.25 + 2 * 0.75] * 2


def test_all_begin_with_the_weights_and_buffers_of_the_lead(seen):
    assert seen["same_start"] == [{"weight": [5.0] * 3, "buffer": [7.0] * 3}] * 2


def test_a_plain_loop_by_hand_takes_the_steps_of_the_whole_batch(seen):
    model = Small(0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.02)
    for step in range(20):
        x, y = (torch.cat(both) for both in zip(uneven(2 * step), uneven(2 * step + 1), strict=True))
        optimizer.zero_grad()
        F.cross_entropy(model(x).flatten(0, 1), y.flatten()).backward()
        optimizer.step()
    one, other = seen["by_hand"]
    assert one == other
    assert near(one["weights"], flat(model))


def test_the_loop_takes_the_steps_of_one_process_in_float64(seen):
    model = Small(0)
    history = alone(model, data, CONFIG)
    one, other = seen["loop"]
    assert one["weights"] == other["weights"]
    assert near(one["weights"], flat(model))
    assert near(one["losses"], [record.loss for record in history.records])
    assert near(one["norms"], [record.norm for record in history.records])
    assert min(one["norms"]) > CONFIG.clip
    assert one["tokens"] == other["tokens"] == [record.tokens for record in history.records]
    assert (one["told"], other["told"]) == (20, 0)


def test_the_loop_takes_them_in_float32_but_for_rounding(seen):
    model = Small(0).float()
    alone(model, data, CONFIG)
    one, other = seen["loop_in_float32"]
    assert one["weights"] == other["weights"]
    assert near(one["weights"], flat(model), error=1e-5)


def test_gradients_travel_once_a_step_with_the_last_micro_batch(seen):
    n_bytes = 8 * sum(p.numel() for p in Small(0).parameters())
    for worker in seen["loop"]:
        assert sum(worker["messages"]) == CONFIG.steps * n_bytes
    for worker in seen["loop_in_float32"]:
        assert sum(worker["messages"]) == CONFIG.steps * n_bytes // 2


def test_weights_that_a_loss_does_not_depend_on_make_no_difference(seen):
    model = Experts(0)
    alone(model, data, TrainConfig(steps=8, lr=0.05, accumulate=2, decay=0.5))
    assert torch.equal(model.experts[2], Experts(0).experts[2])
    one, other = seen["experts"]
    assert one["weights"] == other["weights"]
    assert near(one["weights"], flat(model))


def test_a_worker_without_a_target_takes_the_same_step(seen):
    model = Small(0)
    alone(model, of_even_workers, TrainConfig(steps=5, lr=0.05))
    one, other = seen["no_targets_for_one"]
    assert one["weights"] == other["weights"]
    assert near(one["weights"], flat(model))


def test_a_step_without_any_target_is_refused_by_all(seen):
    for worker in seen["no_targets_at_all"]:
        assert "no target counts" in worker["error"]


@pytest.mark.parametrize(
    ("check", "value", "loss"), [("nan", torch.nan, "nan"), ("infinite", -torch.inf, "inf")]
)
def test_a_loss_that_is_not_finite_on_one_worker_stops_all_before_the_step(seen, check, value, loss):
    model = Cliff(value)
    with pytest.raises(FloatingPointError) as raised:
        alone(model, lambda i: known(i, bad=7), TrainConfig(steps=6, lr=0.1))
    for worker in seen[check]:
        assert worker["error"] == str(raised.value)
        assert f"loss is {loss} at step 3" in worker["error"]
        assert near(worker["weights"], flat(model))


def test_all_skip_the_step_in_which_one_overflows(seen):
    one, other = seen["overflow"]
    assert one == {**other, "told": 12}
    assert one["scales"][0]
    assert not one["scales"][-1]


def test_all_stop_when_the_leads_evaluations_say_so(seen):
    model = Small(0)
    config = TrainConfig(steps=40, lr=5.0, eval_every=2, patience=2)
    history = alone(model, data, config, held_out=HeldOut())
    one, other = seen["stopping"]
    assert one["best"][1:] == other["best"][1:] == [history.best_step, True]
    assert one["best"][0] == other["best"][0] == pytest.approx(history.best, rel=1e-9)
    assert len(one["losses"]) == len(other["losses"]) == len(history.records) < 40
    assert one["weights"] == other["weights"]
    assert near(one["weights"], flat(model), error=1e-9)
    assert evaluate(model, HeldOut()) == pytest.approx(history.best)
    assert (one["read"], other["read"]) == (sum(r.held_out is not None for r in history.records), 0)


def test_a_stopped_run_goes_on_and_only_the_lead_writes(seen):
    for worker in seen["checkpoint"]:
        assert worker["rest"] == worker["whole"]


def test_a_checkpoint_of_two_workers_goes_on_with_one_that_does_their_work(seen):
    path = seen["folder"] / "half.pt"
    for resume in (path, torch.load(path)):
        model = Small(9)
        config = TrainConfig(steps=12, lr=0.05, accumulate=4)
        distributed.train_data_parallel(model, data, config, ALONE, resume=resume)
        assert near(seen["checkpoint"][0]["whole"], flat(model))
    model = Small(9)
    train(model, data, config, resume=path)  # which asks not how many there were
    assert near(seen["checkpoint"][0]["whole"], flat(model))


def test_a_checkpoint_whose_steps_had_more_micro_batches_is_refused(seen):
    for worker in seen["checkpoint"]:
        assert (
            "steps have 4 micro-batches, and this run's 2, accumulate=1 on each of 2 workers"
            in worker["refused"]
        )
    with pytest.raises(
        ValueError, match="have 4 micro-batches, and this run's 2, accumulate=2 on each of 1 workers"
    ):
        distributed.train_data_parallel(
            Small(0),
            data,
            TrainConfig(steps=12, lr=0.05, accumulate=2),
            ALONE,
            resume=seen["folder"] / "half.pt",
        )


def test_a_checkpoint_of_the_plain_loop_goes_on_too(tmp_path):
    path = tmp_path / "plain.pt"
    half = TrainConfig(steps=12, lr=0.05, checkpoint_every=6, checkpoint=str(path))
    with pytest.raises(IndexError):
        train(Small(0), [data(i) for i in range(9)].__getitem__, half)
    model, whole = Small(9), Small(0)
    rest = distributed.train_data_parallel(model, data, TrainConfig(steps=12, lr=0.05), ALONE, resume=path)
    train(whole, data, TrainConfig(steps=12, lr=0.05))
    assert len(rest.records) == 6
    assert flat(model) == flat(whole)


def test_a_run_whose_worker_was_killed_ends_as_one_that_nothing_disturbed(seen):
    for whole, rest in zip(seen["undisturbed"], seen["resumed"], strict=True):
        assert rest["weights"] == whole["weights"]
        assert rest["losses"] == whole["losses"][5:]


def test_a_network_cut_in_two_gives_the_values_and_gradients_of_the_whole(seen):
    model, x = Feedforward(), network_input().requires_grad_()
    y = model(x)
    (y**2).sum().backward()
    one, other = seen["tensor_parallel"]
    for worker in (one, other):
        assert near(worker["y"], y, error=1e-11)
        assert near(worker["x"], x.grad, error=1e-11)
    assert near(one["first"] + other["first"], model.first.weight.grad, error=1e-11)
    joined = torch.cat([torch.tensor(w["second"], dtype=torch.float64) for w in (one, other)], dim=1)
    assert near(joined, model.second.weight.grad, error=1e-11)


def test_two_stages_give_the_loss_and_gradients_of_one_model(seen):
    stages, x, targets = two_stages()
    loss = sum(
        F.mse_loss(stages[1](stages[0](one)), target, reduction="sum")
        for one, target in zip(x, targets, strict=True)
    )
    loss.backward()
    assert [worker["loss"] for worker in seen["pipeline"]] == [0.0, pytest.approx(loss.item(), abs=1e-12)]
    for stage, worker in zip(stages, seen["pipeline"], strict=True):
        for p, gradient in zip(stage.parameters(), worker["gradients"], strict=True):
            assert near(gradient, p.grad.flatten())


def test_a_model_divided_by_fully_shard_learns_the_same(seen):
    model = Feedforward()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    for step in range(10):
        optimizer.zero_grad()
        (model(batch_of_half(step, ALONE)) ** 2).mean().backward()
        optimizer.step()
    sizes = [p.numel() for p in model.parameters()]
    assert sum(worker["own"] for worker in seen["fully_sharded"]) == sum(sizes)
    for worker in seen["fully_sharded"]:
        assert [len(weight) for weight in worker["weights"]] == sizes
        assert near([x for weight in worker["weights"] for x in weight], flat(model))


def test_each_epoch_divides_the_items_anew(seen):
    one, other = (worker["epochs"] for worker in seen["sharded_items"])
    for mine, others in zip(one, other, strict=True):
        assert len(mine) == len(others) == 5
        assert len({*mine, *others}) == 10
        assert {*mine, *others} < set(range(11))
    assert one[0] != one[1]


def test_what_a_reader_types_trains_a_tier_and_goes_on_from_its_checkpoint(seen, monkeypatch, capsys):
    one, other = seen["command"]
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match="there is no GPU here; if you want that, say --backend gloo"):
        benchmarks.distributed.main(["gpu"])
    result = benchmarks.distributed.main(["small", "--steps", "3", "--quick"])
    loss = one["losses"][0]
    assert (one["losses"], other["losses"]) == ([loss, loss], [None, None])
    assert loss == pytest.approx(result["loss"], abs=1e-4)
    evaluation, first_end, goes_on, second_end = one["printed"].splitlines()
    assert evaluation.startswith("step 3: loss ")
    assert goes_on.startswith("goes on from ")
    end = f"held-out loss {loss:.4f} nats a character, 2 × cpu"
    assert [line.split(", in ")[0] for line in (first_end, second_end)] == [end, end]
    assert other["printed"] == ""
    assert "1 × cpu" in capsys.readouterr().out


def test_what_is_asked_of_gpus_holds_for_cpus(seen):
    one, other = seen["promises"]
    assert one["kept"]
    assert other["kept"]
    assert one["printed"].count(": kept\n") == len(on_gpus.CHECKS)
    assert other["printed"] == ""


def test_on_gpus_notices_a_promise_that_is_broken(monkeypatch, capsys):
    def broken(group):
        return False

    monkeypatch.setattr(on_gpus, "CHECKS", (broken,))
    assert not on_gpus.main(ALONE)
    assert capsys.readouterr().out == "broken: BROKEN\n"


def test_batches_are_split_by_rows():
    data = distributed.split_batches(lambda i: batch(i, rows=6), 3)
    x, y = batch(5, rows=6)
    parts = [data(15 + k) for k in range(3)]
    assert torch.equal(torch.cat([part[0] for part in parts]), x)
    assert torch.equal(torch.cat([part[1] for part in parts]), y)
    with pytest.raises(ValueError, match="a batch of 6 rows cannot be cut into 4 equal parts"):
        distributed.split_batches(lambda i: batch(i, rows=6), 4)(0)


def test_alone_nothing_is_sent_and_the_loop_is_the_plain_one():
    model, plain = Small(0), Small(0)
    records = distributed.train_data_parallel(model, data, CONFIG, ALONE).records
    assert records == train(plain, data, CONFIG).records
    assert flat(model) == flat(plain)
    model.embed.weight.grad.fill_(3.0)
    distributed.average_gradients(model.parameters(), ALONE)
    distributed.broadcast_parameters(model, ALONE)
    assert bool((model.embed.weight.grad == 3.0).all())
    x = network_input()
    first, second = Feedforward().weights()
    y = distributed.row_linear(F.gelu(distributed.column_linear(x, first, ALONE)), second, ALONE)
    torch.testing.assert_close(y, Feedforward()(x), rtol=0, atol=1e-12)


@pytest.mark.parametrize("world", [1, 2, 3, 7])
def test_workers_share_the_items_out(world):
    seen = [
        distributed.shard(23, distributed.Group(rank, world), epoch=2, seed=1).tolist()
        for rank in range(world)
    ]
    assert {len(items) for items in seen} == {23 // world}
    assert len({i for items in seen for i in items}) == 23 // world * world
    other = distributed.shard(23, distributed.Group(0, world), epoch=2, seed=2).tolist()
    assert other != seen[0]


def test_fewer_items_than_workers_are_refused():
    assert distributed.shard(3, distributed.Group(2, 3)).numel() == 1
    with pytest.raises(ValueError, match="n=2 items are too few for 3 workers"):
        distributed.shard(2, distributed.Group(0, 3))


@pytest.mark.parametrize(
    ("stage", "total"), [(0, 120.0), (1, 31.40625), (2, 16.640625), (3, 1.875)]
)  # figure 1 of the paper on ZeRO: 120, 31.4, 16.6 and 1.9
def test_memory_is_that_of_the_paper(stage, total):
    found = distributed.memory(7.5e9, 64, stage)
    assert found["total"] == pytest.approx(total)
    assert found["total"] == pytest.approx(found["weights"] + found["gradients"] + found["states"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((1e9, 8, 4), "stage=4 must be 0"),
        ((0, 8, 1), "parameters=0"),
        ((math.nan, 8, 1), "parameters=nan"),
        ((1e9, 0, 1), "world=0"),
        ((1e9, 8, 1, 0), "bytes_weights=0"),
        ((1e9, 8, 1, 2, -1), "bytes_states=-1"),
    ],
)
def test_memory_of_nothing_sensible_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        distributed.memory(*arguments)


def test_the_bubble_is_counted_in_a_timetable():
    for stages in range(1, 6):
        for micro_batches in range(1, 9):
            start = {(s, m): s + m for s in range(stages) for m in range(micro_batches)}
            slots = stages * (max(start.values()) + 1)
            assert distributed.bubble(stages, micro_batches) == pytest.approx(1 - len(start) / slots)
    for wrong in ((0, 1), (1, 0)):
        with pytest.raises(ValueError, match="must be at least 1"):
            distributed.bubble(*wrong)


def test_micro_batches_are_asked_for_in_their_order():
    asked = []

    def noted(i):
        asked.append(i)
        return batch(i)

    distributed.train_data_parallel(Small(0), noted, TrainConfig(steps=2, lr=0.1, accumulate=3), ALONE)
    assert asked == list(range(6))
