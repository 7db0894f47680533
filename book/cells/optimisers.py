"""The small GPT of the chapter on optimisation, and how it is trained; `python -m book.cells.optimisers` records runs.

What takes minutes is recorded in optimisers.json, with its settings, and the page shows it as recorded.
"""

import json
import platform
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

import torch
from torch import Tensor, nn

from lib.characters import alphabet_of, encode
from lib.corpora import shakespeare
from lib.losses import next_token_loss
from lib.muon import Muon
from lib.optim import SGD, Adam, AdamW, clip_grad_norm, cosine_with_warmup, decay_groups
from lib.optimizer import Optimizer
from lib.transformer import GPT, BlockConfig, ModelConfig

RECORD = Path(__file__).with_suffix(".json")
T, BATCH, STEPS = 32, 16, 200  # characters in a window, windows in a batch, batches in a run
BETAS, DECAY = (0.9, 0.95), 0.1
OUTSIDE = (
    0.006  # the rate of all that is no hidden matrix, where the hidden matrices have their own optimiser
)

Maker = Callable[[GPT, float], list[Optimizer]]  # from a model and a rate


@cache
def characters() -> tuple[str, Tensor, Tensor]:
    """Return the alphabet of Shakespeare's plays, the text to train on, and every tenth play, which is held out."""
    plays = list(shakespeare().values())
    alphabet = alphabet_of(plays)
    seen = [play for n, play in enumerate(plays) if n % 10 != 9]
    return alphabet, encode("".join(seen), alphabet), encode("".join(plays[9::10]), alphabet)


def small_gpt(seed: int) -> GPT:
    """Return a GPT of 29,000 parameters that nobody has trained."""
    torch.manual_seed(seed)
    block = BlockConfig(d_model=32, n_heads=2)
    return GPT(ModelConfig(block=block, vocab_size=len(characters()[0]), n_layers=2, context=T))


def draw_batches(seed: int, steps: int = STEPS, size: int = BATCH) -> list[Tensor]:
    """Return batches of tokens (size, T) from random places of the text."""
    text, generator = characters()[1], torch.Generator().manual_seed(seed)
    starts = torch.randint(len(text) - T, (steps, size, 1), generator=generator)
    return list(text[starts + torch.arange(T)])


def train(
    model: nn.Module,
    optimizers: Sequence[Optimizer],
    batches: Sequence[Tensor],
    clip: float = 1.0,
    warmup: int | None = None,
) -> Iterator[float]:
    """Do a step for each batch and yield its loss; warm-up is a twentieth of the steps."""
    total = len(batches)
    warmup = total // 20 if warmup is None else warmup
    groups = [group for optimizer in optimizers for group in optimizer.param_groups]
    peaks = [group["lr"] for group in groups]
    for step, tokens in enumerate(batches):
        share = cosine_with_warmup(step, peak=1.0, warmup=warmup, total=total, floor=0.1)
        for group, peak in zip(groups, peaks, strict=True):
            group["lr"] = share * peak
        model.zero_grad()
        loss = next_token_loss(model(tokens), tokens)
        loss.backward()
        clip_grad_norm(model.parameters(), clip)
        for optimizer in optimizers:
            optimizer.step()
        yield loss.item()


@torch.no_grad()
def held_out_loss(model: nn.Module) -> float:
    """Return the mean loss in nats a character on 500 windows of held-out text."""
    tokens = characters()[2][: 500 * T].view(500, T)
    return next_token_loss(model(tokens), tokens).item()


def hidden_matrices(model: nn.Module) -> list[Tensor]:
    """Return the matrices inside the blocks: neither embeddings nor head, nor any vector."""
    return [p for name, p in model.named_parameters() if "blocks" in name and p.ndim == 2]


def with_adamw_outside(model: nn.Module, inside: Optimizer) -> list[Optimizer]:
    """Return the optimiser of the hidden matrices, and AdamW for all else."""
    taken, groups = {id(p) for p in hidden_matrices(model)}, decay_groups(model, DECAY)
    for group in groups:
        group["params"] = [p for p in group["params"] if id(p) not in taken]
    return [inside, AdamW(groups, lr=OUTSIDE, betas=BETAS)]


def sgd(model: nn.Module, rate: float) -> list[Optimizer]:
    return [SGD(model.parameters(), lr=rate)]


def sgd_with_momentum(model: nn.Module, rate: float) -> list[Optimizer]:
    return [SGD(model.parameters(), lr=rate, momentum=0.9)]


def adam(model: nn.Module, rate: float) -> list[Optimizer]:
    return [Adam(model.parameters(), lr=rate, betas=BETAS)]


def adam_with_l2(model: nn.Module, rate: float) -> list[Optimizer]:
    return [Adam(decay_groups(model, DECAY), lr=rate, betas=BETAS)]


def adamw(model: nn.Module, rate: float) -> list[Optimizer]:
    return [AdamW(decay_groups(model, DECAY), lr=rate, betas=BETAS)]


def adamw_inside(model: nn.Module, rate: float) -> list[Optimizer]:
    inside = AdamW(hidden_matrices(model), lr=rate, betas=BETAS, weight_decay=DECAY)
    return with_adamw_outside(model, inside)


def muon_inside(model: nn.Module, rate: float) -> list[Optimizer]:
    return with_adamw_outside(model, Muon(hidden_matrices(model), lr=rate, weight_decay=DECAY))


SWEEP: dict[str, tuple[Maker, list[float]]] = {
    "SGD": (sgd, [0.3, 1.0, 3.0]),
    "SGD, momentum 0.9": (sgd_with_momentum, [0.1, 0.3, 1.0, 3.0]),
    "Adam": (adam, [0.001, 0.003, 0.006, 0.01, 0.03]),
    "Adam with L2": (adam_with_l2, [0.003, 0.006, 0.01, 0.03]),
    "AdamW": (adamw, [0.001, 0.003, 0.006, 0.01, 0.03]),
    "AdamW, hidden matrices apart": (adamw_inside, [0.001, 0.003, 0.01, 0.03]),
    "Muon on hidden matrices": (muon_inside, [0.01, 0.02, 0.04, 0.08]),
}
LONG = {
    "AdamW": [0.003, 0.006, 0.01, 0.02],
    "Muon on hidden matrices": [0.01, 0.02, 0.04],
}  # five times as many steps
WARMUPS = [0, 10, 40]  # AdamW, at its best rate and at a large one


def run(make: Maker, rate: float, seed: int, steps: int = STEPS, **settings: Any) -> float:
    """Return the held-out loss after one run; seed decides the start and the batches."""
    model = small_gpt(seed)
    for _ in train(model, make(model, rate), draw_batches(seed, steps), **settings):
        pass
    return held_out_loss(model)


def record(seeds: Sequence[int] = (0, 1, 2)) -> dict[str, Any]:
    """Return the held-out losses of all runs, by seed; they take minutes."""

    def losses(make: Maker, rate: float, **settings: Any) -> list[float]:
        found = [round(run(make, rate, seed, **settings), 3) for seed in seeds]
        print(make.__name__, rate, settings, f"{mean(found):.3f}", found, flush=True)
        return found

    return {
        "command": "python -m book.cells.optimisers",
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "torch": torch.__version__.partition("+")[0],
        "seeds": list(seeds),
        "sweep": {
            name: {str(rate): losses(make, rate) for rate in rates} for name, (make, rates) in SWEEP.items()
        },
        "long": {
            name: {str(rate): losses(SWEEP[name][0], rate, steps=5 * STEPS) for rate in rates}
            for name, rates in LONG.items()
        },
        "warmup": {
            str(rate): {str(warmup): losses(adamw, rate, warmup=warmup) for warmup in WARMUPS}
            for rate in (OUTSIDE, 0.1)
        },
    }


def read_record() -> dict[str, Any]:
    """Return what `record` has returned, from the file."""
    return json.loads(RECORD.read_text("utf-8"))


if __name__ == "__main__":
    RECORD.write_text(json.dumps(record(), indent=1) + "\n", "utf-8")
