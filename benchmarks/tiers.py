"""The small GPTs that a course trains for real: a tier for a laptop, one for a GPU, and a smaller one for comparisons.

`make train TIER=cpu` runs one of them through benchmarks/train.ipynb, which makes a report. The text is Shakespeare's plays by
characters; the last three by name are held out. Everything random follows from the seed.
"""

import os
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from benchmarks.settings import gpt
from lib.characters import alphabet_of, encode
from lib.config import ModelConfig
from lib.corpora import shakespeare
from lib.distributed import Group, split_batches, train_data_parallel
from lib.fused import FusedGPT
from lib.throughput import device_name, peak_of, utilisation
from lib.training import (
    Batch,
    History,
    Record,
    TrainConfig,
    batches_of,
    device_of,
    evaluate,
    together,
    train,
    windows_of,
)
from lib.transformer import GPT

HELD_OUT = 3  # plays
LOOK = 20  # batches of held-out windows that an evaluation on the way reads; the last score is on all of them
SPAN = 10  # steps of which the reported curve has the mean


@dataclass(frozen=True)
class Tier:
    """A model, and how it is trained."""

    d_model: int
    n_heads: int
    n_layers: int
    context: int
    batch: int
    config: TrainConfig

    def model(self, vocab_size: int) -> ModelConfig:
        """Return the model's config for a vocabulary."""
        return gpt(self.d_model, self.n_heads, self.n_layers, vocab_size, self.context)


TIERS = {
    "small": Tier(64, 4, 2, 64, 16, TrainConfig(steps=1000, lr=4e-3, warmup=50, eval_every=100)),
    "cpu": Tier(128, 4, 4, 64, 16, TrainConfig(steps=1000, lr=3e-3, warmup=50, eval_every=100)),
    "gpu": Tier(
        *(384, 6, 6, 256, 64),
        TrainConfig(
            steps=5000, lr=1e-3, warmup=100, eval_every=250, patience=4, precision="bfloat16", compile=True
        ),
    ),
}


@dataclass(frozen=True)
class Text:
    """The plays as tokens, one a character."""

    tokens: Tensor
    held_out: Tensor
    alphabet: str

    def decode(self, tokens: Tensor) -> str:
        """Return the characters of these tokens."""
        return "".join(self.alphabet[i] for i in tokens.tolist())


@cache
def text() -> Text:
    """Return 35 plays to train on and 3 to be judged by."""
    plays = shakespeare()
    names = sorted(plays)
    alphabet = alphabet_of(plays.values())
    parts = ("".join(plays[name] for name in some) for some in (names[:-HELD_OUT], names[-HELD_OUT:]))
    return Text(*(encode(part, alphabet) for part in parts), alphabet)


class Clock:
    """Notes when steps were reported; a GPU reports some at once, so only every SPAN-th is looked at."""

    def __init__(self) -> None:
        self.times: list[tuple[int, float]] = []

    def __call__(self, record: Record) -> None:
        """Note the time of a step that ends a span."""
        if (record.step + 1) % SPAN == 0:
            self.times.append((record.step, time.perf_counter()))

    def steps_per_second(self) -> float | None:
        """Return the median over spans, in which compiling and evaluating do not count; None for a run too short."""
        pairs = zip(self.times, self.times[1:], strict=False)
        rates = [(s2 - s1) / (t2 - t1) for (s1, t1), (s2, t2) in pairs if t2 > t1]
        return statistics.median(rates) if rates else None


def run(
    name: str,
    *,
    seed: int = 1,
    device: str = "auto",
    on_step: Callable[[Record], object] | None = None,
    resume: str | None = None,
    quick: bool = False,
    group: Group | None = None,
    **changes: Any,
) -> tuple[GPT, dict[str, Any]]:
    """Train one tier, its config with these changes; return the model and what a report needs, plain numbers and texts.

    The final loss is that of all held-out plays, or if it should be quick, of as much as is looked at on the way. With a
    group each of its workers calls this and has its part of each batch; the lead alone finds the final loss.
    Raises KeyError for a tier that there is not, and ValueError for the gpu tier without a GPU.
    """
    tier, words = TIERS[name], text()
    where = _device(name, str(group.device) if group else device)
    config = _config(tier, changes)
    torch.set_float32_matmul_precision("high")
    torch.manual_seed(seed)
    shape = tier.model(len(words.alphabet))
    model = (FusedGPT if where.type == "cuda" else GPT)(shape).to(where)
    windows, look = _held_out(tier, words)
    lead = group is None or group.lead
    clock, start, busy = Clock(), time.perf_counter(), time.process_time()
    loop, data = _loop(group, batches_of(words.tokens, tier.batch, tier.context, seed))
    on_steps = together(clock, on_step or (lambda record: None))
    history = loop(model, data, config, on_step=on_steps, held_out=look, resume=resume)
    return model, {
        "tier": name,
        "seed": seed,
        "config": asdict(config),
        "model": asdict(shape),
        "parameters": sum(p.numel() for p in model.parameters()),
        **_versions(where),
        "loss": evaluate(model, look if quick else windows, config.precision) if lead else None,
        "best_step": history.best_step,
        "stopped_early": history.stopped,
        **_speed(clock, tier, config, shape, where),
        "seconds": time.perf_counter() - start,
        "processor_seconds": time.process_time() - busy,
        "losses": curve(history.records),
        "held_out": evaluations(history.records),
    }


def _held_out(tier: Tier, words: Text) -> tuple[list[Batch], list[Batch]]:
    """Return all held-out windows, and those of them, spread over all plays, that are looked at on the way."""
    windows = windows_of(words.held_out, tier.batch, tier.context)
    full = [one for one in windows if len(one[0]) == tier.batch]  # another shape would be compiled anew
    return windows, full[:: max(1, len(full) // LOOK)]


def _loop(
    group: Group | None, data: Callable[[int], Batch]
) -> tuple[Callable[..., History], Callable[[int], Batch]]:
    """Return the loop that trains, and its batches: those of one process, or the parts of a group's workers."""
    if group is None:
        return train, data
    return partial(train_data_parallel, group=group), split_batches(data, group.world)


def _device(tier: str, choice: str) -> torch.device:
    device = device_of(choice)
    if tier == "gpu" and (choice, device.type) == ("auto", "cpu"):
        raise ValueError(
            "the gpu tier takes a day on a CPU, and there is no GPU here; if you want that, say device='cpu'"
        )
    return device


def _config(tier: Tier, changes: dict[str, Any]) -> TrainConfig:
    """Return the tier's config with these changes; of a shorter run a twentieth at most is warm-up."""
    warmup = min(tier.config.warmup, changes.get("steps", tier.config.steps) // 20)
    return replace(tier.config, **{"warmup": warmup, **changes})


def _versions(device: torch.device) -> dict[str, Any]:
    return {
        "device": device_name(device),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "commit": commit(),
    }


def _speed(
    clock: Clock, tier: Tier, config: TrainConfig, shape: ModelConfig, device: torch.device
) -> dict[str, Any]:
    """Return tokens a second and the share of a GPU that they use, each None where it is not known."""
    steps = clock.steps_per_second()
    rate = steps and steps * config.accumulate * tier.batch * tier.context
    peak = peak_of(device_name(device)) if config.precision == "bfloat16" else None
    mfu = utilisation(shape, tier.context, rate, peak) if rate and peak else None
    return {"tokens_per_second": rate, "mfu": mfu}


def curve(records: list[Record]) -> list[list[float]]:
    """Return [steps done, mean training loss] for each span of steps."""
    spans = [records[i : i + SPAN] for i in range(0, len(records), SPAN)]
    return [[span[-1].step + 1, sum(r.loss for r in span) / len(span)] for span in spans]


def evaluations(records: list[Record]) -> list[list[float]]:
    """Return [steps done, held-out loss] for each evaluation."""
    return [[r.step + 1, r.held_out] for r in records if r.held_out is not None]


def commit() -> str:
    """Return which state of the course this is; the variable LLM_COURSE_COMMIT says it where there is no git."""
    if named := os.environ.get("LLM_COURSE_COMMIT"):
        return named
    command = ["git", "describe", "--always", "--dirty"]
    try:
        found = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()
