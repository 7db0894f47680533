"""What a training run is told, and what it tells: its config, a step's result, a record of each step, the history.

Steps count from 0. Losses are means over target tokens, in nats.
"""

import math
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from lib.precision import PRECISIONS


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """How to train. Raises ValueError for what does not fit together."""

    steps: int
    lr: float  # at the peak; a cosine takes it down to a tenth of that
    warmup: int = 0  # steps of a straight rise before the peak
    accumulate: int = 1  # micro-batches that make one step
    clip: float | None = 1.0  # the longest gradient; None clips nothing
    decay: float = 0.1  # AdamW's, of matrices alone
    eval_every: int = 0  # steps between two evaluations; the last step is evaluated too; 0: never
    patience: int | None = None  # evaluations in a row that may be no better; then training stops
    checkpoint_every: int = 0  # steps between two checkpoints; the last step has one too; 0: none
    checkpoint: str | None = None  # the file that they replace one after the other
    precision: str = "float32"  # of PRECISIONS; float32 means: as the weights are
    compile: bool = False  # torch.compile; the first step takes a minute or so
    log_every: int = (
        10  # steps between two looks at a GPU, which has to be waited for; a CPU is read at each step
    )

    def __post_init__(self) -> None:
        for name, least in {
            "steps": 1,
            "accumulate": 1,
            "log_every": 1,
            "warmup": 0,
            "eval_every": 0,
        }.items():
            _check(getattr(self, name) >= least, self, name, f"be at least {least}")
        _check(0 < self.lr < math.inf, self, "lr", "be positive")
        _check(self.warmup <= self.steps, self, "warmup", f"not be more than steps={self.steps}")
        _check(self.clip is None or self.clip > 0, self, "clip", "be positive, or None")
        _check(self.decay >= 0, self, "decay", "not be negative")
        _check(self.patience is None or self.patience >= 1, self, "patience", "be at least 1, or None")
        _check(
            self.patience is None or self.eval_every > 0, self, "patience", "have an eval_every of 1 or more"
        )
        _check(self.checkpoint_every >= 0, self, "checkpoint_every", "not be negative")
        named = bool(self.checkpoint) or not self.checkpoint_every
        _check(named, self, "checkpoint_every", "have a checkpoint, the name of a file")
        _check(self.precision in PRECISIONS, self, "precision", f"be one of {', '.join(PRECISIONS)}")

    def evaluates_after(self, step: int) -> bool:
        """Return True if an evaluation follows this step."""
        return self._due(self.eval_every, step)

    def saves_after(self, step: int) -> bool:
        """Return True if a checkpoint follows this step."""
        return self._due(self.checkpoint_every, step)

    def _due(self, every: int, step: int) -> bool:
        return every > 0 and ((step + 1) % every == 0 or step + 1 == self.steps)


@dataclass(frozen=True)
class Step:
    """What one optimiser step did. Its numbers may be tensors of a GPU, which float() and bool() wait for."""

    loss: Tensor | float  # before the step
    norm: Tensor | float  # of the whole gradient, unscaled and before clipping
    skipped: Tensor | bool  # True: something was inf or NaN, and the weights stand where they stood


@dataclass(frozen=True)
class Record:
    """A step as it is logged."""

    step: int
    loss: float
    norm: float
    lr: float
    tokens: int  # targets that counted in this step
    held_out: float | None = None  # the loss of an evaluation after this step
    skipped: bool = False


@dataclass
class History:
    """What a run leaves behind besides the weights: the records of this call, and the best evaluation."""

    device: str
    precision: str
    records: list[Record] = field(default_factory=list)
    best: float = math.inf  # the lowest held-out loss, the first of equal ones
    best_step: int | None = None
    best_weights: dict[str, Any] | None = None  # copies, kept if the config has patience
    bad: int = 0  # evaluations since the best one
    stopped: bool = False  # True: patience ran out

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint needs to go on: all but the records."""
        return {name: getattr(self, name) for name in ("best", "best_step", "best_weights", "bad", "stopped")}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from what `state` returned."""
        for name, value in state.items():
            setattr(self, name, value)


def _check(right: bool, config: TrainConfig, name: str, wanted: str) -> None:
    if not right:
        raise ValueError(f"{name}={getattr(config, name)!r} must {wanted}")
