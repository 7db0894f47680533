"""The recorded runs of the chapter on pretraining: counting, small GPTs, small BERTs, four sizes.

python -m book.cells.pretraining             trains what pretraining.json beside this file lacks, 20 minutes of one core in all
python -m book.cells.pretraining repeat      repeats one entry of each kind and prints both

Each entry is written as it comes, with its processor seconds, so that a stopped script goes on where it stood.
"""

import argparse
import json
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import torch

from book.cells import counting
from book.cells.pretraining_reports import long_bert, long_gpt
from book.cells.pretraining_runs import LOOK, PROMPTS, STARTS, Setting, bert, gpt
from book.cells.pretraining_settings import BERTS, GPTS, ROUNDS, SIZES, size

RECORD = Path(__file__).with_suffix(".json")


def read_record() -> dict[str, Any]:
    """Return what is recorded."""
    return json.loads(RECORD.read_text("utf-8"))


Job = tuple[tuple[str, ...], Callable[[], Any]]


def short_gpt(setting: Setting, seed: int) -> dict[str, Any]:
    """Return what a run tells."""
    return gpt(setting, seed)[1]


def short_bert(setting: Setting, seed: int) -> dict[str, Any]:
    """Return what a run tells."""
    return bert(setting, seed)[1]


def runs(kind: str, name: str, seeds: Sequence[int]) -> Iterator[Job]:
    """Return the jobs of one setting, or of one budget."""
    if kind == "sizes":
        for width in SIZES[float(name)]:
            for seed in seeds:
                yield (kind, name, str(width), str(seed)), partial(short_gpt, size(width, float(name)), seed)
        return
    settings, short, long = (GPTS, short_gpt, long_gpt) if kind == "gpt" else (BERTS, short_bert, long_bert)
    yield (kind, name, "setting"), partial(asdict, settings[name])
    for seed in seeds:
        job = partial(long if name.endswith("long") else short, settings[name], seed)
        yield (kind, name, "runs", str(seed)), job


def jobs() -> Iterator[Job]:
    """Return the place of each entry in the record, and what makes it; what matters most comes first."""
    for language in ("English", "Chinese"):
        for job in (counting.lines, counting.compressors, counting.kneser_ney):
            yield ("counting", language, job.__name__), partial(job, language)
    for kind, name, seeds in ROUNDS:
        yield from runs(kind, name, seeds)


def about() -> dict[str, Any]:
    """Return how the record was made."""
    return {
        "command": "python -m book.cells.pretraining",
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "torch": torch.__version__.partition("+")[0],
        "threads": 1,
        "machine": platform.machine(),
        "prompts": PROMPTS,
        "starts": STARTS,
        "windows looked at": LOOK,
    }


def find(record: dict[str, Any], place: Sequence[str]) -> Any:
    """Return the entry at a place, or None."""
    for name in place:
        record = record.get(name, {})
    return record or None


def put(record: dict[str, Any], place: Sequence[str], entry: Any) -> None:
    """Put an entry at a place, and write the record: an entry a line."""
    for name in place[:-1]:
        record = record.setdefault(name, {})
    record[place[-1]] = entry


def write(record: dict[str, Any], file: Path) -> None:
    """Write the record with one line for each run, so that a change of one is a change of one line."""

    def lines(value: Any, depth: int) -> str:
        if not isinstance(value, dict) or depth > 3 or "held_out" in value or "steps" in value:
            return json.dumps(value, ensure_ascii=False)
        blank = "\n" + " " * depth
        inner = (
            f"{blank} {json.dumps(key, ensure_ascii=False)}: {lines(one, depth + 1)}"
            for key, one in value.items()
        )
        return "{" + ",".join(inner) + blank + "}"

    file.write_text(lines(record, 0) + "\n", "utf-8")


def record(file: Path) -> None:
    """Do what is not recorded yet; what was recorded of another setting goes."""
    found = json.loads(file.read_text("utf-8")) if file.exists() else {}
    found["about"] = about()
    for place, job in jobs():
        if place[-1] == "setting" and find(found, place) not in (None, json.loads(json.dumps(job()))):
            put(found, place[:-1], {})
        if find(found, place) is None:
            put(found, place, json.loads(json.dumps(job())))
            write(found, file)
            print(*place, flush=True)


REPEATED = [
    ("counting", "Chinese", "lines"),
    ("counting", "Chinese", "kneser_ney"),
    ("gpt", "English live", "runs", "1"),
    ("bert", "English live", "runs", "1"),
    ("sizes", "5e+10", "128", "1"),
]


def repeat() -> None:
    """Repeat one entry of each kind, and print what is recorded and what comes out now."""
    found = read_record()
    for place, job in jobs():
        if place in REPEATED:
            for title, entry in (("recorded", find(found, place)), ("now", job())):
                print(*place, title, {key: entry[key] for key in entry if key != "training"}, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=("record", "repeat"), default="record")
    parser.add_argument("--output", type=Path, default=RECORD)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    if chosen.what == "record":
        record(chosen.output)
    else:
        repeat()
