"""What can be done with a record of each step: `on_step` of `lib.training.train` takes any of these, or your own.

For Weights & Biases it is `lambda record: run.log(vars(record), step=record.step)`.
"""

import csv
import importlib.util
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from lib.training_config import Record

OnStep = Callable[[Record], object]
COLUMNS = [field.name for field in fields(Record)]


def csv_log(path: str | Path) -> OnStep:
    """Return a callback that writes a row for each step, at once, so that a killed run has its rows.

    A run that goes on from a checkpoint goes on in its file: rows of steps that are done again are dropped first.
    """
    path, begun = Path(path), False

    def write(record: Record) -> None:
        nonlocal begun
        if not begun:
            _keep_rows_before(path, record.step)
            begun = True
        with path.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow([getattr(record, name) for name in COLUMNS])

    return write


def tensorboard_log(folder: str | Path) -> OnStep:
    """Return a callback that writes for TensorBoard; without its package a sentence says so, and nothing is written."""
    if importlib.util.find_spec("tensorboard") is None:
        print(
            "TensorBoard is not installed, so nothing is written for it; to have it: pip install tensorboard"
        )
        return lambda record: None
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(folder))

    def write(record: Record) -> None:
        for name in ("loss", "norm", "lr", "held_out"):
            if (value := getattr(record, name)) is not None:
                writer.add_scalar(name, value, record.step)

    return write


def progress(total: int, visible: bool | None = None) -> OnStep:
    """Return a callback that shows a bar of one line, by default only in a terminal: a page or a log keeps every line."""
    from tqdm import tqdm  # an exercise needs it for nothing else

    shown = sys.stderr.isatty() if visible is None else visible
    bar = tqdm(total=total, unit="step", disable=not shown)

    def show(record: Record) -> None:
        bar.set_postfix(loss=f"{record.loss:.3f}", refresh=False)
        bar.update(record.step + 1 - bar.n)
        if record.step + 1 == total:
            bar.close()

    return show


def together(*callbacks: OnStep) -> OnStep:
    """Return one callback that calls all of these in their order."""

    def call_all(record: Record) -> None:
        for callback in callbacks:
            callback(record)

    return call_all


def read_csv(path: str | Path) -> list[Record]:
    """Return the records that `csv_log` wrote."""
    with Path(path).open(newline="", encoding="utf-8") as file:
        return [_record(row) for row in csv.DictReader(file)]


def _record(row: dict[str, str]) -> Record:
    return Record(
        step=int(row["step"]),
        loss=float(row["loss"]),
        norm=float(row["norm"]),
        lr=float(row["lr"]),
        tokens=int(row["tokens"]),
        held_out=float(row["held_out"]) if row["held_out"] else None,
        skipped=row["skipped"] == "True",
    )


def _keep_rows_before(path: Path, step: int) -> None:
    kept = [record for record in read_csv(path) if record.step < step] if step and path.exists() else []
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        rows.writerows([getattr(record, name) for name in COLUMNS] for record in kept)
