"""The small GPT of the chapter on the training loop, and what its loss says when one promise of the loop is broken.

`python -m book.cells.loop_mistakes` trains it with each mistake from several seeds (minutes on one core) and writes
book/cells/loop_mistakes.json; the page shows that file.
"""

import json
import platform
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from lib.characters import alphabet_of, encode
from lib.corpora import shakespeare
from lib.optim import decay_groups
from lib.training import Batch, TrainConfig, batches_of, train, windows_of
from lib.transformer import GPT, BlockConfig, ModelConfig

RECORD = Path(__file__).with_suffix(".json")
T, B = 32, 16  # characters of a window, windows of a step
SEEDS = range(10)
CONFIG = TrainConfig(steps=200, lr=3e-3, warmup=10, accumulate=2, eval_every=200)


@cache
def characters() -> tuple[str, Tensor, Tensor]:
    """Return the alphabet of Shakespeare's plays, 35 plays to train on, and the last three, which are held out."""
    plays = list(shakespeare().values())
    alphabet = alphabet_of(plays)
    return alphabet, encode("".join(plays[:-3]), alphabet), encode("".join(plays[-3:]), alphabet)


def small_gpt(seed: int, dtype: torch.dtype = torch.float32) -> GPT:
    """Return a GPT of 16,352 parameters that nobody has trained."""
    torch.manual_seed(seed)
    block = BlockConfig(d_model=32, n_heads=2)
    config = ModelConfig(block=block, vocab_size=len(characters()[0]), n_layers=1, context=T)
    return GPT(config).to(dtype)


def held_out() -> list[Batch]:
    """Return 20,000 characters of the held-out plays, in windows."""
    return windows_of(characters()[2][:20_001], 64, T)


class NeverZeroed(torch.optim.Optimizer):
    """Old gradients stay: a base that comes before an optimiser's own."""

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Do nothing."""


class NeverZeroedAdamW(NeverZeroed, torch.optim.AdamW):
    """AdamW on old gradients and new."""


class ConstantRate(torch.optim.AdamW):
    """The schedule is not heard."""

    def step(self, closure: Any = None) -> Any:
        """Step at the peak's rate."""
        for group in self.param_groups:
            group["lr"] = CONFIG.lr
        return super().step(closure)


def grouped(kind: Callable[..., Any]) -> Callable[[nn.Module], Any]:
    """Return what makes an optimiser of this kind as the loop would."""
    return lambda model: kind(decay_groups(model, CONFIG.decay), lr=CONFIG.lr, betas=(0.9, 0.95))


OPTIMIZERS: dict[str, Callable[[nn.Module], Any]] = {
    "L2 inside Adam": grouped(torch.optim.Adam),
    "gradients never zeroed": grouped(NeverZeroedAdamW),
    "norms and biases decayed too": lambda model: torch.optim.AdamW(
        model.parameters(), lr=CONFIG.lr, betas=(0.9, 0.95), weight_decay=CONFIG.decay
    ),
    "constant rate": grouped(ConstantRate),
}
CONFIGS = {
    "no clipping": replace(CONFIG, clip=None),
    "clipped at 0.001": replace(CONFIG, clip=1e-3),
    "no warm-up": replace(CONFIG, warmup=0),
}
NAMES = ["right", "input is the target", "same batch each step", "gradients summed over micro-batches"]
NAMES += [*OPTIMIZERS, *CONFIGS]


def run(name: str, seed: int) -> float:
    """Return the held-out loss after training with the mistake of this name, or with none for "right"."""
    model = small_gpt(seed)
    batches = batches_of(characters()[1], B // CONFIG.accumulate, T, seed)
    data = batches
    if name == "input is the target":
        data = lambda i: (batches(i)[0],) * 2  # noqa: E731
    if name == "same batch each step":
        data = lambda i: batches(i % CONFIG.accumulate)  # noqa: E731
    if name == "gradients summed over micro-batches":
        for parameter in model.parameters():
            parameter.register_hook(lambda gradient: gradient * CONFIG.accumulate)
    optimizer = OPTIMIZERS[name](model) if name in OPTIMIZERS else None
    history = train(model, data, CONFIGS.get(name, CONFIG), held_out=held_out(), optimizer=optimizer)
    return history.best


def main() -> None:
    """Train them all, and write down what came out."""
    torch.set_num_threads(1)
    losses = {}
    for name in NAMES:
        losses[name] = [round(run(name, seed), 4) for seed in SEEDS]
        print(f"{name:38} {min(losses[name]):.3f} to {max(losses[name]):.3f}", file=sys.stderr, flush=True)
    record = {
        "command": "python -m book.cells.loop_mistakes",
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "torch": torch.__version__,
        "processor": platform.machine(),
        "losses": losses,
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
