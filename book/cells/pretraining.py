"""The recorded runs of the chapter on pretraining: counting, small GPTs, small BERTs, four sizes.

python -m book.cells.pretraining             trains what pretraining.json beside this file lacks, 45 minutes of one core
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
from book.cells.pretraining_runs import CONTEXT, LOOK, PROMPTS, STARTS, Setting, bert, gpt

RECORD = Path(__file__).with_suffix(".json")
STOPS = [0, 10, 25, 50, 100, 150, 200, 300, 500, 1000, 2000, 3000]
STOPS_ZH = [0, 10, 25, 50, 75, 100, 150, 200, 300, 500, 1000, 1500]
SHORT = [0, 50, 100, 150, 200]
GPTS = {
    "English live": Setting(language="English", steps=200, lr=4e-3, look=SHORT),
    "English learned positions": Setting(language="English", steps=200, lr=4e-3, look=SHORT, rotary=False),
    "Chinese short": Setting(language="Chinese", steps=100, lr=1e-2, look=[0, 50, 100], tied=False),
    "English tiny": Setting(language="English", steps=10, lr=4e-3, look=[0, 10], batch=4),
    "English long": Setting(language="English", steps=3000, lr=4e-3, look=STOPS),
    "Chinese long": Setting(language="Chinese", steps=1500, lr=6e-3, look=STOPS_ZH, tied=False),
}
LONG = [0, 100, 200, 300, 500, 1000, 1500, 2000, 2500, 3000]
BERTS = {
    "English live": Setting(language="English", steps=200, lr=3e-3, look=SHORT),
    "English learned positions": Setting(language="English", steps=200, lr=3e-3, look=SHORT, rotary=False),
    "English, 30 % hidden": Setting(language="English", steps=200, lr=3e-3, look=SHORT, share=0.3),
    "Chinese short": Setting(language="Chinese", steps=200, lr=3e-3, look=SHORT),
    "English tiny": Setting(language="English", steps=10, lr=3e-3, look=[0, 10], batch=4),
    "English long": Setting(language="English", steps=3000, lr=3e-3, look=LONG),
    "Chinese long": Setting(language="Chinese", steps=2000, lr=3e-3, look=LONG[:-2]),
}
WIDTHS, BUDGETS = [16, 32, 64, 128], [5e10, 2e11, 8e11]  # 6 · parameters · tokens


def read_record() -> dict[str, Any]:
    """Return what is recorded."""
    return json.loads(RECORD.read_text("utf-8"))


def size(width: int, budget: float) -> Setting:
    """Return the setting of a width that spends a budget; the rate falls with the root of the width, from 64 on."""
    parameters = 81 * width + 2 * (12 * width**2 + 2 * width) + width
    steps = round(budget / (6 * parameters * 16 * CONTEXT))
    return Setting(
        language="English",
        steps=steps,
        lr=round(4e-3 * min(1.0, (64 / width) ** 0.5), 5),
        look=[steps],
        d_model=width,
    )


Job = tuple[tuple[str, ...], Callable[[], Any]]


def short_gpt(setting: Setting, seed: int) -> dict[str, Any]:
    """Return what a run tells."""
    return gpt(setting, seed)[1]


def short_bert(setting: Setting, seed: int) -> dict[str, Any]:
    """Return what a run tells."""
    return bert(setting, seed)[1]


def runs(kind: str, name: str, seeds: Sequence[int]) -> Iterator[Job]:
    """Return the jobs of one setting."""
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
    for kind in ("gpt", "bert"):
        for name in ("English tiny", "English long", "Chinese long"):
            yield from runs(kind, name, [1])
    for kind in ("gpt", "bert"):
        for name in ("English live", "English learned positions", "Chinese short"):
            yield from runs(kind, name, range(1, 6))
    yield from runs("bert", "English, 30 % hidden", range(1, 6))
    for budget in BUDGETS:
        for width in WIDTHS[::-1]:
            yield ("sizes", f"{budget:.0e}", str(width), "1"), partial(short_gpt, size(width, budget), 1)
    for name in ("English live", "Chinese short"):
        for kind in ("gpt", "bert"):
            yield from runs(kind, name, range(6, 21))


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
    """Do what is not recorded yet."""
    found = json.loads(file.read_text("utf-8")) if file.exists() else {}
    found["about"] = about()
    for place, job in jobs():
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
