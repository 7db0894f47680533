"""How fast is the tokenizer? Training against the naive algorithm, and training and encoding against Hugging Face's.

    python -m benchmarks.tokenizer [--text macbeth] [--vocab 1024] [--naive 512] [--repeat 3]

All read the same text and must find the same. They take turns in one run with one thread, and seconds are those of the
processor. The naive algorithm counts all pairs of all pieces anew for each merge; it gets fewer merges, and so do we
when we are compared with it. Theirs is written in Rust.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

os.environ["RAYON_NUM_THREADS"] = "1"  # before theirs is imported

from tokenizers import Tokenizer as HuggingFace
from tokenizers import models, pre_tokenizers, trainers

from grading.reports.text_table import text_table
from lib import corpora
from lib.bpe import Pair, train_bpe
from lib.gpt2_tokenizer import printed
from lib.tokenizer import Tokenizer
from tests.support.naive_bpe import train_naive

BYTES = sorted(
    pre_tokenizers.ByteLevel.alphabet()
)  # the signs that stand for bytes, as their trainer numbers them


def train_theirs(text: str, vocab_size: int) -> HuggingFace:
    """Train Hugging Face's byte-level BPE on the same pieces."""
    model = HuggingFace(models.BPE())
    model.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(vocab_size=vocab_size, initial_alphabet=BYTES, show_progress=False)
    model.train_from_iterator([text], trainer)
    return model


def alike(merges: list[Pair]) -> HuggingFace:
    """Return theirs with our merges, so that both encode to the same tokens."""
    names = [printed(byte) for byte in range(256)]
    pairs = []
    for left, right in merges:
        pairs.append((names[left], names[right]))
        names.append(names[left] + names[right])
    model = HuggingFace(models.BPE(vocab={name: i for i, name in enumerate(names)}, merges=pairs))
    model.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return model


def in_turns(repeat: int, **jobs: Callable[[], Any]) -> tuple[dict[str, float], dict[str, Any]]:
    """Do the jobs one after the other, again and again; return the median of the seconds of each, and its last result."""
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    results: dict[str, Any] = {}
    for _ in range(repeat):
        for name, job in jobs.items():
            start = time.process_time()
            results[name] = job()
            seconds[name].append(time.process_time() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}, results


def row(what: str, seconds: dict[str, float], other: str) -> list[str | int | float]:
    ratio = seconds[other] / seconds["ours"]
    return [what, round(seconds["ours"], 3), other, round(seconds[other], 3), f"{ratio:.2f}"]


def measure(text: str, vocab_size: int, naive: int, repeat: int) -> list[list[str | int | float]]:
    """Return a line for each comparison: what, our seconds, whose, theirs, how many times as fast we are."""
    against_naive, found = in_turns(
        1, naive=lambda: train_naive(text, naive), ours=lambda: train_bpe(text, naive)
    )
    if found["naive"] != found["ours"]:
        raise RuntimeError("the naive training finds other merges")
    training, found = in_turns(
        repeat,
        ours=lambda: train_bpe(text, vocab_size),
        theirs=lambda: train_theirs(text, vocab_size),
    )
    merges = found["ours"]
    if len(merges) != len(json.loads(found["theirs"].to_str())["model"]["merges"]):
        raise RuntimeError("theirs makes another number of merges")
    model = alike(merges)
    encoding, found = in_turns(
        repeat, ours=lambda: Tokenizer(merges).encode(text), theirs=lambda: model.encode(text).ids
    )
    if found["ours"] != found["theirs"]:
        raise RuntimeError("theirs encodes to other tokens")
    return [
        row(f"training to {naive}", against_naive, "naive"),
        row(f"training to {vocab_size}", training, "theirs"),
        row("encoding the text", encoding, "theirs"),
    ]


def main() -> None:
    """Measure on a corpus of the course."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--text", default="macbeth", choices=["shakespeare", "macbeth", "three_kingdoms"])
    parser.add_argument("--vocab", type=int, default=1024, help="size of the vocabulary")
    parser.add_argument("--naive", type=int, default=512, help="size of the vocabulary of the naive training")
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    plays = corpora.three_kingdoms() if given.text == "three_kingdoms" else corpora.shakespeare()
    text = plays["macbeth"] if given.text == "macbeth" else "".join(plays.values())
    print(f"{given.text}: {len(text):,} characters, {len(text.encode()):,} bytes; seconds of the processor")
    rows = measure(text, given.vocab, given.naive, given.repeat)
    print(text_table(["", "ours", "other", "the other's", "times as fast"], rows))


if __name__ == "__main__":
    main()
