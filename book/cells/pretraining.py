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
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from book.cells import counting
from book.cells.pretraining_runs import (
    CONTEXT,
    LOOK,
    PAIR,
    PROMPTS,
    STARTS,
    Setting,
    bert,
    corpus,
    gpt,
    losses_of,
    pairs_to_look_at,
    stop,
)
from lib.fused import FusedGPT
from lib.pretraining import PretrainingBERT, assemble, bits_per_character, fill, windows

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
HOLES = {  # in the 60 characters from this on, which are held out: places that are hidden together
    "English": ("If music be the food of love", [[25], [4], [15], [12, 13, 14], [3, 4, 5, 6, 7]]),
    "Chinese": ("却说姜维退兵屯于钟提", [[1], [0, 1], [3], [2, 3], [10]]),
}
KINDS = {"space": str.isspace, "vowel": lambda c: c in "aeiou", "other small letter": str.islower}
KINDS |= {"capital": str.isupper, "other": lambda c: True}


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


def scored(model: FusedGPT, language: str) -> dict[str, float]:
    """Return a GPT's loss on all held-out text, each token read with 32 to 63 others before it, as what counting pays.

    A character that training has not seen costs the same number of bits on top.
    """
    text = corpus(language)
    ids = torch.cat(text.held_out)
    losses = losses_of(model, windows(ids, CONTEXT, CONTEXT // 2), fresh=CONTEXT // 2).double()
    unknown = (ids == text.vocabulary.unknown_id).double().mean().item() * counting.UNKNOWN
    nats = losses.mean().item()
    return {"nats": round(nats, 4), "bits": round(bits_per_character(nats) + unknown, 4)}


def long_gpt(setting: Setting, seed: int) -> dict[str, Any]:
    """Return a run with what a reader sees on its way, and its score."""
    stops: list[dict[str, Any]] = []
    model, told = gpt(
        setting, seed, lambda done, model, loss: stops.append(stop(done, model, loss, setting.language))
    )
    return told | {"stops": stops, "scored": scored(model, setting.language)}


def by_kind(model: PretrainingBERT, language: str) -> dict[str, list[int]]:
    """Return how many hidden characters of each kind are guessed right, and how many there are."""
    vocabulary, found = corpus(language).vocabulary, {kind: [0, 0] for kind in KINDS}
    for batch in pairs_to_look_at(language):
        asked = batch["labels"] != -100
        with torch.no_grad():
            guesses = model(batch["tokens"], segments=batch["segments"])[asked].argmax(dim=-1)
        for label, guess in zip(batch["labels"][asked].tolist(), guesses.tolist(), strict=True):
            kind = next(kind for kind, has in KINDS.items() if has(vocabulary.names[label]))
            found[kind] = [found[kind][0] + (guess == label), found[kind][1] + 1]
    return found


def filled(model: PretrainingBERT, language: str) -> dict[str, Any]:
    """Return what a BERT puts into the holes of a held-out text."""
    text, (start, holes) = corpus(language), HOLES[language]
    whole = next(one[one.index(start) :][:60] for one in text.texts[1] if start in one)
    ids, special = text.vocabulary.encode(whole)[None], text.specials
    tokens, segments, _ = assemble(ids[:, :30], ids[:, 30:], *special[:3], PAIR)
    found = []
    for places in holes:
        read = tokens[0].clone()
        read[[place + 1 + (place >= 30) for place in places]] = special.mask
        best, probs = fill(model, read, special.mask, 5, segments[0])
        found.append(
            {"places": places, "best": [_named(text, *row) for row in zip(best, probs, strict=True)]}
        )
    return {"text": whole, "holes": found}


def _named(text: Any, ids: Tensor, probs: Tensor) -> list[list[Any]]:
    return [
        [text.vocabulary.names[i], round(p, 4)] for i, p in zip(ids.tolist(), probs.tolist(), strict=True)
    ]


def long_bert(setting: Setting, seed: int) -> dict[str, Any]:
    """Return a run with what it guesses right at its end, and what it puts into holes."""
    model, told = bert(setting, seed)
    kinds = {"by kind": by_kind(model, setting.language)} if setting.language == "English" else {}
    return told | kinds | {"filled": filled(model, setting.language)}


Job = tuple[tuple[str, ...], Callable[[], Any]]


def runs(kind: str, name: str, seeds: Sequence[int]) -> Iterator[Job]:
    """Return the jobs of one setting."""
    setting = {"gpt": GPTS, "bert": BERTS}[kind][name]
    one: Callable[[Setting, int], Any] = {
        ("gpt", False): lambda *given: gpt(*given)[1],
        ("bert", False): lambda *given: bert(*given)[1],
        ("gpt", True): long_gpt,
        ("bert", True): long_bert,
    }[kind, name.endswith("long")]
    yield (kind, name, "setting"), lambda: asdict(setting)
    for seed in seeds:
        yield (kind, name, "runs", str(seed)), lambda seed=seed: one(setting, seed)


def jobs() -> Iterator[Job]:
    """Return the place of each entry in the record, and what makes it; what matters most comes first."""
    for language in ("English", "Chinese"):
        yield ("counting", language, "lines"), lambda language=language: counting.lines(language)
        yield ("counting", language, "compressors"), lambda language=language: counting.compressors(language)
        yield ("counting", language, "kneser_ney"), lambda language=language: counting.kneser_ney(language)
    for kind in ("gpt", "bert"):
        for name in ("English tiny", "English long", "Chinese long"):
            yield from runs(kind, name, [1])
    for kind in ("gpt", "bert"):
        for name in ("English live", "English learned positions", "Chinese short"):
            yield from runs(kind, name, range(1, 6))
    yield from runs("bert", "English, 30 % hidden", range(1, 6))
    for budget in BUDGETS:
        for width in WIDTHS[::-1]:
            place = ("sizes", f"{budget:.0e}", str(width), "1")
            yield place, lambda width=width, budget=budget: gpt(size(width, budget), 1)[1]
    for kind, name in (
        ("gpt", "English live"),
        ("bert", "English live"),
        ("gpt", "Chinese short"),
        ("bert", "Chinese short"),
    ):
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
