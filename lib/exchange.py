"""What makes the step of `lib.training.train_step` that of all workers: their gradients meet, and all learn what became of it.

Torch's DistributedDataParallel (DDP) averages the gradients while they are computed. What is more than that, workers have to
agree on: how many targets count, and whether the loss is finite.
"""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.nn.parallel import DistributedDataParallel

from lib.batches import Batch, check_some, count_targets
from lib.precision import LossScaler
from lib.process_group import Group


class Exchange(LossScaler):
    """Stands between a step and its gradients, where a scaler stands, and makes the step that of all workers.

    A worker's loss is a mean over its own targets. Times world · own targets / all targets it is what DDP, which takes plain
    means, averages to the mean over all targets. Gradients travel once a step, with the last micro-batch.
    """

    def __init__(
        self, group: Group, model: nn.Module, scaler: LossScaler | None = None, unused: bool = False
    ):
        self.group, self.scaler, self.forward = group, scaler, model
        if group.world > 1:
            ids = [group.device] if group.device.type == "cuda" else None
            self.forward = DistributedDataParallel(model, device_ids=ids, find_unused_parameters=unused)

    def begin(self, micro_batches: Sequence[Batch]) -> tuple[list[Batch], Tensor]:
        """Return this worker's micro-batches, and how many targets count for all workers.

        Raises ValueError when no worker has any.
        """
        own = count_targets(micro_batches)
        count = self._total(own.clone())
        check_some(count.cpu())  # the next line waits for the number anyway
        self.weight = int(own) / int(count)
        self.loss = torch.zeros((), device=self.group.device)
        self.left = len(micro_batches)
        self._send_with_the_last()
        return list(micro_batches) if own else _with_a_target(micro_batches), count

    def scaled(self, loss: Tensor) -> Tensor:
        """Return the loss to call backward on."""
        self.loss = self.loss + loss.detach() * self.weight
        self.left -= 1
        self._send_with_the_last()
        loss = loss * self.weight * self.group.world
        return loss if self.scaler is None else self.scaler.scaled(loss)

    def unscale(self, parameters: Iterable[Tensor]) -> bool:
        """Unscale the averaged gradients; where the loss of all workers is not finite, no gradient is."""
        parameters = list(parameters)
        finite = self.scaler is None or self.scaler.unscale(parameters)
        self.loss = self._total(self.loss)
        if not self.loss.isfinite():
            for p in parameters:
                p.grad = torch.full_like(p, torch.nan)
        return finite

    def update(self, finite: bool) -> None:
        """Hand on how a step went."""
        if self.scaler is not None:
            self.scaler.update(finite)

    def _total(self, x: Tensor) -> Tensor:
        if self.group.world > 1:
            dist.all_reduce(x)
        return x

    def _send_with_the_last(self) -> None:
        if isinstance(self.forward, DistributedDataParallel):
            self.forward.require_backward_grad_sync = self.left == 1  # as its no_sync does


def _with_a_target(micro_batches: Sequence[Batch]) -> list[Batch]:
    """Return micro-batches without a target with one, which weighs nothing: a mean needs it."""
    (x, y), *rest = micro_batches
    y = y.clone()
    y[(0,) * y.ndim] = 0
    return [(x, y), *rest]
