"""What can be done with records: a table, TensorBoard, a bar of progress."""

import importlib.util
import sys
import types

import pytest

from lib.logs import csv_log, progress, read_csv, tensorboard_log, together
from lib.training import Record

RECORDS = [
    Record(0, 2.5, 1 / 3, 1e-3, 7),
    Record(1, 2.25, 0.5, 2e-3, 9, held_out=0.1),
    Record(2, 1e-30, float("inf"), 0.0, 0, skipped=True),
]


def test_a_table_gives_back_every_bit(tmp_path):
    path = tmp_path / "new" / "run.csv"
    log = csv_log(path)
    for i, record in enumerate(RECORDS):
        log(record)
        assert read_csv(path) == RECORDS[: i + 1]  # at once
    assert path.read_text().splitlines()[0] == "step,loss,norm,lr,tokens,held_out,skipped"


def test_a_new_run_begins_a_new_table_and_a_resumed_one_goes_on(tmp_path):
    path = tmp_path / "run.csv"
    for _ in range(2):
        log = csv_log(path)
        for record in RECORDS:
            log(record)
    assert read_csv(path) == RECORDS
    csv_log(path)(RECORDS[1])
    assert read_csv(path) == RECORDS[:2]
    csv_log(tmp_path / "other.csv")(RECORDS[1])
    assert read_csv(tmp_path / "other.csv") == RECORDS[1:2]


def test_without_tensorboard_one_sentence_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    log = tensorboard_log(tmp_path / "board")
    log(RECORDS[0])
    assert capsys.readouterr().out.splitlines() == [
        "TensorBoard is not installed, so nothing is written for it; to have it: pip install tensorboard"
    ]
    assert list(tmp_path.iterdir()) == []


def test_with_tensorboard_every_number_is_written(tmp_path, monkeypatch):
    written = []

    class SummaryWriter:
        def __init__(self, folder):
            written.append(folder)

        def add_scalar(self, *what):
            written.append(what)

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    module = types.SimpleNamespace(SummaryWriter=SummaryWriter)
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)
    log = tensorboard_log(tmp_path)
    log(RECORDS[0])
    log(RECORDS[1])
    names = [("loss", 2.5, 0), ("norm", 1 / 3, 0), ("lr", 1e-3, 0)]
    assert written[:4] == [str(tmp_path), *names]
    assert written[-1] == ("held_out", 0.1, 1)


@pytest.mark.parametrize("visible", [None, True])
def test_a_bar_is_silent_where_nobody_watches(visible, capsys):
    show = progress(3, visible)
    for record in RECORDS:
        show(record)
    told = capsys.readouterr().err
    assert bool(told) == bool(visible)
    assert visible is None or "3/3" in told


def test_callbacks_are_called_in_their_order():
    calls = []
    together(lambda r: calls.append(("a", r.step)), lambda r: calls.append(("b", r.step)))(RECORDS[1])
    assert calls == [("a", 1), ("b", 1)]
