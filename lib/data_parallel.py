"""The training loop on several workers: the steps of `lib.training.train`, in parts that different workers compute.

What the lead alone does, such as an evaluation, all learn of, so that all stop at the same step. Left out on purpose: parts of
unlike cost, a model that does not fit into one worker.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch import distributed as dist

from lib.batches import Batch, check_held_out
from lib.checkpoint import load
from lib.exchange import Exchange
from lib.optim import cosine_with_warmup
from lib.process_group import Group
from lib.reports import explained
from lib.run import Run
from lib.training import _note, evaluate, train_step
from lib.training_config import History, Record, Step, TrainConfig


class ParallelRun(Run):
    """A run of which the lead alone writes the checkpoints; they say what a step was, and whence randomness came."""

    def __init__(
        self, group: Group, model: nn.Module, config: TrainConfig, optimizer: Any, on_step: Any, unused: bool
    ):
        super().__init__(model, config, optimizer, on_step if group.lead else None)
        self.group, self.parts = group, config.accumulate * group.world
        self.exchange = Exchange(group, self.forward, self.scaler, unused)
        self.seed = self.agreed(torch.initial_seed())

    def start(self, resume: dict[str, Any] | str | Path | None) -> int:
        """Return the first step. Raises ValueError for a checkpoint of a run whose steps had more or fewer micro-batches."""
        if self.group.lead and isinstance(resume, str | Path):
            resume = load(resume)
        state = self.agreed(resume if self.group.lead else None)
        parts = (state or {}).get("micro_batches", self.parts)
        if parts != self.parts:
            raise ValueError(
                f"the checkpoint's steps have {parts} micro-batches, and this run's {self.parts}, accumulate="
                f"{self.config.accumulate} on each of {self.group.world} workers: change accumulate so that they are as many"
            )
        self.seed = (state or {}).get("seed", self.seed)
        return super().start(state)

    def keep(self, done: int) -> None:
        """Write the config's checkpoint, if it names one and this is the lead."""
        if self.group.lead:
            super().keep(done)

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint has besides: also what a step is, and whence the randomness comes."""
        return super().state() | {"micro_batches": self.parts, "seed": self.seed}

    def agreed(self, value: Any) -> Any:
        """Return the lead's value."""
        values = [value]
        if self.group.world > 1:
            dist.broadcast_object_list(values, src=0, device=torch.device("cpu"))
        return values[0]

    def step(self, step: int, rate: float, data: Callable[[int], Batch]) -> tuple[Step, Tensor]:
        """Take a step with its own randomness on each worker; return its result and the number of its targets."""
        group, accumulate = self.group, self.config.accumulate
        torch.manual_seed(random.Random(f"{self.seed} {step} {group.rank}").getrandbits(63))
        for one in self.optimizer.param_groups:
            one["lr"] = rate
        own = [data((step * accumulate + k) * group.world + group.rank) for k in range(accumulate)]
        micro_batches, count = self.exchange.begin(own)
        with explained(step, micro_batches):
            result = train_step(
                self.exchange.forward,
                micro_batches,
                self.optimizer,
                self.config.clip,
                self.config.precision,
                self.exchange,
            )
        return replace(result, loss=self.exchange.loss), count


def train_data_parallel(
    model: nn.Module,
    data: Callable[[int], Batch],
    config: TrainConfig,
    group: Group,
    on_step: Callable[[Record], object] | None = None,
    *,
    held_out: Iterable[Batch] | None = None,
    optimizer: Any = None,
    resume: dict[str, Any] | str | Path | None = None,
    unused: bool = False,
) -> History:
    """Train as `lib.training.train` does, with all workers of the group; each calls this, and all end with the same weights.

    Micro-batch k of step s on worker r is data((s · accumulate + k) · world + r), so a step has accumulate · world of them, and
    is the step of one process with that accumulate. All begin with the lead's weights. The lead alone evaluates, calls on_step
    and writes checkpoints; the others learn what an evaluation gave, and all stop at the same step.

    resume is the lead's to say: it reads the checkpoint and hands it to the others. It may be of another number of workers if
    accumulate · world is the same; dropout then draws other numbers. One that `train` wrote does not say, and is believed.

    unused says that a loss may not depend on all weights, as with a mixture of experts; without it DDP refuses such a model.

    Raises what `train` raises, FloatingPointError on all workers at the same step; ValueError for a checkpoint of another
    accumulate · world.
    """
    check_held_out(held_out, config.eval_every > 0)
    run = ParallelRun(group, model, config, optimizer, on_step, unused)
    for step in range(run.start(resume), config.steps):
        rate = cosine_with_warmup(
            step, peak=config.lr, warmup=config.warmup, total=config.steps, floor=config.lr / 10
        )
        result, count = run.step(step, rate, data)
        run.reports.add(step, result, rate, count)
        if config.evaluates_after(step):
            run.reports.read()
            lead = evaluate(run.forward, held_out or (), config.precision) if group.lead else 0.0
            _note(run, run.agreed(lead))
        run.end_step(step)
        if run.history.stopped:
            break
    run.reports.finish()
    if run.history.best_weights is not None:
        model.load_state_dict(run.history.best_weights)
    return run.history
