"""What a training loop says on its way: records of its steps, and errors that say what to change.

To read a number from a GPU is to wait for it, so the results of some steps are kept there and read in one go.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from lib.batches import Batch
from lib.gradients import is_finite
from lib.precision import LossScaler
from lib.training_config import History, Record, Step


class Reports:
    """Steps that wait to be read, and records that wait to be sent to on_step and the history."""

    def __init__(
        self,
        history: History,
        on_step: Callable[[Record], object] | None,
        every: int,
        scaler: LossScaler | None = None,
    ):
        self.history, self.on_step, self.every, self.scaler = history, on_step, every, scaler
        self.waiting: list[tuple[Step, Record]] = []
        self.unsent: list[Record] = []

    def add(self, step: int, result: Step, lr: float, tokens: Tensor) -> None:
        """Take a step's result; read all that wait when there are `every` of them.

        Raises FloatingPointError for a loss that is inf or NaN, and for such a gradient if no scaler will mend it.
        """
        self.waiting.append((result, Record(step, 0.0, 0.0, lr, int(tokens))))
        if len(self.waiting) >= self.every:
            self.read()

    def read(self) -> None:
        """Read the steps that wait. Raises FloatingPointError as `add` does."""
        results = [result for result, _ in self.waiting]
        numbers = (_numbers([getattr(one, name) for one in results]) for name in ("loss", "norm", "skipped"))
        for (_, empty), loss, norm, skipped in zip(self.waiting, *numbers, strict=True):
            record = replace(empty, loss=loss, norm=norm, skipped=bool(skipped))
            _check_finite(record, self.scaler)
            self.unsent.append(record)
        self.waiting.clear()

    def held_out(self, loss: float) -> None:
        """Add an evaluation to the record of the last step."""
        self.read()
        self.unsent[-1] = replace(self.unsent[-1], held_out=loss)

    def send(self, on_error: Callable[[], object]) -> None:
        """Hand what was read to the history and to on_step. If on_step fails, call on_error before the error goes on."""
        while self.unsent:
            record = self.unsent.pop(0)
            self.history.records.append(record)
            if self.on_step is not None:
                try:
                    self.on_step(record)
                except BaseException:
                    on_error()
                    raise

    def finish(self) -> None:
        """Read and send what is left."""
        self.read()
        self.send(on_error=lambda: None)


@contextmanager
def explained(step: int, micro_batches: list[Batch]) -> Iterator[None]:
    """Say what to change where the memory did not suffice."""
    try:
        yield
    except RuntimeError as error:
        if isinstance(error, torch.OutOfMemoryError) or "allocate memory" in str(error):
            shape = tuple(micro_batches[0][0].shape)
            raise torch.OutOfMemoryError(
                f"out of memory at step {step} with micro-batches of {shape}. Halve the batch and double accumulate, which"
                " makes the same step; or take precision='bfloat16', a shorter context or a smaller model"
            ) from error
        raise


def _check_finite(record: Record, scaler: LossScaler | None) -> None:
    mended = scaler is not None and scaler.scale >= 1  # below 1 it is no longer the scale that makes inf
    if is_finite(record.loss) and (mended or is_finite(record.norm)):
        return
    what = "the gradient's norm" if is_finite(record.loss) else "loss"
    raise FloatingPointError(
        f"{what} is {record.norm if is_finite(record.loss) else record.loss} at step {record.step}, lr {record.lr:g}:"
        " the weights stand as before that step's update. Try a lower lr, a longer warmup or clip=1.0, and look whether"
        " this step's batch, or the model's output for it, has inf or NaN"
    )


def _numbers(values: list[Any]) -> list[float]:
    """Return tensors of one kind as numbers, read in one go; numbers as they are."""
    if values and all(isinstance(value, Tensor) for value in values):
        return torch.stack(values).tolist()
    return [float(value) for value in values]
