"""Stopping and going on: a resumed run against an uninterrupted one, bit for bit."""

import copy
import io
import os
from pathlib import Path

import pytest
import torch

from lib import run
from lib.checkpoint import capture, load, restore
from lib.optim import AdamW
from lib.training import TrainConfig, csv_log, train
from tests.lib.small_training import Small, batch, data, same

HELD_OUT = [batch(77)]
SETTINGS = {"lr": 0.02, "warmup": 2, "accumulate": 2, "eval_every": 3, "patience": 8}


class Killed(Exception):
    pass


def kill_at(step):
    def on_step(record):
        if record.step == step:
            raise Killed

    return on_step


def whole_run(dtype, precision, steps=12):
    torch.manual_seed(5)
    model = Small(0, dropout=0.3).to(dtype)
    return model, train(
        model, data, TrainConfig(**SETTINGS, steps=steps, precision=precision), held_out=HELD_OUT
    )


@pytest.mark.parametrize("stop", [0, 5, 7, 11])
@pytest.mark.parametrize(
    ("dtype", "precision"),
    [
        (torch.float64, "float32"),
        (torch.float32, "float32"),
        (torch.float32, "bfloat16"),
        (torch.float32, "float16"),
    ],
)
def test_a_run_that_was_stopped_goes_on_to_the_same_bit(tmp_path, dtype, precision, stop):
    model, history = whole_run(dtype, precision)
    path = str(tmp_path / "run.pt")
    config = TrainConfig(**SETTINGS, steps=12, precision=precision, checkpoint=path, checkpoint_every=3)
    torch.manual_seed(5)
    with pytest.raises(Killed):
        train(Small(0, dropout=0.3).to(dtype), data, config, kill_at(stop), held_out=HELD_OUT)
    assert load(path)["step"] == stop + 1  # the run is kept when a callback fails
    other = Small(99, dropout=0.3).to(dtype)
    torch.manual_seed(1234)
    again = train(other, data, config, held_out=HELD_OUT, resume=path)
    assert same(model, other)
    assert again.records == history.records[stop + 1 :]
    assert (again.best, again.best_step, again.bad) == (history.best, history.best_step, history.bad)


@pytest.mark.parametrize("left_out", ["optimizer", "random", "step"])
def test_each_part_of_a_checkpoint_is_needed(left_out):
    model, _ = whole_run(torch.float64, "float32")
    torch.manual_seed(5)
    half = Small(0, dropout=0.3)
    config = TrainConfig(**SETTINGS, steps=12)
    optimizer = run.default_optimizer(half, config)
    states = []
    train(
        half,
        data,
        config,
        lambda r: states.append(capture(half, optimizer, r.step + 1)),
        held_out=HELD_OUT,
        optimizer=optimizer,
    )
    fresh = Small(3)
    empty = capture(fresh, run.default_optimizer(fresh, config), 0)
    for state, equal in ((states[5], True), ({**states[5], left_out: empty[left_out]}, False)):
        other = Small(0, dropout=0.3)
        train(other, data, config, held_out=HELD_OUT, resume=state)
        assert same(model, other) == equal


def test_a_run_that_had_stopped_for_good_does_not_go_on(tmp_path):
    path = str(tmp_path / "run.pt")
    config = TrainConfig(steps=50, lr=5.0, eval_every=1, patience=2, checkpoint=path, checkpoint_every=40)
    model, other = Small(0), Small(1)
    first = train(model, data, config, held_out=HELD_OUT)
    assert first.stopped
    again = train(other, data, config, held_out=HELD_OUT, resume=path)
    assert (again.records, again.stopped, again.best) == ([], True, first.best)
    assert same(model, other)


@pytest.mark.parametrize(
    "make", [AdamW, torch.optim.AdamW, lambda ps: torch.optim.SGD(ps, 0.1, momentum=0.9)]
)
def test_training_on_changes_no_checkpoint(make):
    model = Small(0)
    optimizer = make(model.parameters())

    def steps(n):
        for _ in range(n):
            optimizer.zero_grad()
            model(batch(0)[0]).square().sum().backward()
            optimizer.step()

    steps(2)
    state = capture(model, optimizer, 2, best={"weights": model.state_dict(), "loss": 1.5})
    kept = copy.deepcopy(state)
    steps(2)
    after = copy.deepcopy(model)
    torch.testing.assert_close(state, kept, rtol=0, atol=0)
    for _ in range(2):  # what was put back is a copy, too
        assert restore(state, model, optimizer) == 2
        steps(2)
        assert same(model, after)
        torch.testing.assert_close(state, kept, rtol=0, atol=0)


def test_it_holds_only_what_can_be_read_without_running_code():
    model = Small(0)
    file = io.BytesIO()
    torch.save(
        capture(model, torch.optim.AdamW(model.parameters()), 3, note="x", rates=[0.1, (1, None)]), file
    )
    state = torch.load(io.BytesIO(file.getvalue()), weights_only=True)
    assert (state["step"], state["note"], state["rates"]) == (3, "x", [0.1, (1, None)])
    with pytest.raises(TypeError, match=r"the state\['config'\]\['a'\]\[1\] is a \w*Path; a checkpoint"):
        capture(model, torch.optim.AdamW(model.parameters()), 3, config={"a": [1, Path("x")]})


def test_drawing_goes_on_where_it_stood():
    model = Small(0)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    state = capture(model, optimizer, 0)
    drawn = torch.rand(5)
    restore(state, model, optimizer)
    assert torch.equal(torch.rand(5), drawn)


def test_a_checkpoint_of_another_model_is_refused_and_changes_nothing():
    model, wider = Small(0), torch.nn.Sequential(Small(1))
    state = capture(wider, torch.optim.SGD(wider.parameters(), 0.1), 0)
    with pytest.raises(
        ValueError, match=r"embed.weight is not there in the checkpoint and \(11, 6\) in the model"
    ):
        restore(state, model, torch.optim.SGD(model.parameters(), 0.1))
    state = capture(model, torch.optim.SGD(model.parameters(), 0.1), 0)
    state["model"]["head.weight"] = torch.zeros(12, 6)
    model.embed.weight.data += 1
    kept = copy.deepcopy(model)
    with pytest.raises(
        ValueError, match=r"head.weight is \(12, 6\) in the checkpoint and \(11, 6\) in the model"
    ):
        restore(state, model, torch.optim.SGD(model.parameters(), 0.1))
    assert same(model, kept)


def test_a_log_goes_on_with_its_run(tmp_path):
    path, table = str(tmp_path / "run.pt"), tmp_path / "run.csv"
    config = TrainConfig(steps=8, lr=0.1, checkpoint=path, checkpoint_every=4)
    train(Small(0), data, config, csv_log(table))
    whole = table.read_text()

    log = csv_log(table)

    def killed(record):
        log(record)
        if record.step == 5:
            os.replace(path, tmp_path / "older.pt")  # what is written on the way out comes too late
            raise Killed

    with pytest.raises(Killed):
        train(Small(0), data, config, killed)
    train(Small(1), data, config, csv_log(table), resume=str(tmp_path / "older.pt"))
    assert table.read_text() == whole
