"""What `lib.training.train` carries from step to step besides the model, and its way into a checkpoint and back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from lib.checkpoint import capture, copied, load, restore, save
from lib.devices import where
from lib.optim import decay_groups
from lib.precision import LossScaler
from lib.reports import Reports
from lib.training_config import History, Record, TrainConfig


class Run:
    """The optimizer, the scaler of a run in float16, the history and the reports of one call of `train`.

    forward is the model, compiled if the config asks for it; both have the same weights.
    """

    def __init__(
        self,
        model: nn.Module,
        config: TrainConfig,
        optimizer: Any = None,
        on_step: Callable[[Record], object] | None = None,
    ):
        self.model, self.config = model, config
        self.optimizer = default_optimizer(model, config) if optimizer is None else optimizer
        self.scaler = LossScaler() if config.precision == "float16" else None
        self.forward: Any = torch.compile(model) if config.compile else model
        self.history = History(str(where(model)), config.precision)
        every = 1 if self.history.device == "cpu" else config.log_every
        self.reports = Reports(self.history, on_step, every, self.scaler)

    def start(self, resume: dict[str, Any] | str | Path | None) -> int:
        """Return the first step to be done: 0, or where a checkpoint or its file goes on."""
        if resume is None:
            return 0
        state = resume if isinstance(resume, dict) else load(resume)
        done = restore(state, self.model, self.optimizer)
        self.history.load(copied(state.get("history", {}), "history"))
        if self.scaler is not None and state.get("scaler"):
            self.scaler.load(state["scaler"])
        return self.config.steps if self.history.stopped else done

    def end_step(self, step: int) -> None:
        """Write a checkpoint if one is due, and send the records. One is written as well when on_step fails."""
        if self.config.saves_after(step) or self.history.stopped:
            self.reports.read()
            self.keep(step + 1)
        self.reports.send(on_error=lambda: self.keep(step + 1))

    def keep(self, done: int) -> None:
        """Write the config's checkpoint, if it names one; `done` steps are done."""
        if self.config.checkpoint:
            save(capture(self.model, self.optimizer, done, **self.state()), self.config.checkpoint)

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint has besides the model, the optimizer and the step."""
        scaler = None if self.scaler is None else self.scaler.state()
        return {"history": self.history.state(), "scaler": scaler}


def default_optimizer(model: nn.Module, config: TrainConfig) -> torch.optim.AdamW:
    """Return AdamW with GPT-3's betas and decay for matrices alone, in one kernel for all parameters."""
    groups = decay_groups(model, config.decay)
    return torch.optim.AdamW(groups, lr=config.lr, betas=(0.9, 0.95), fused=True)
