"""What is done with a batch before and after the model: a look at its numbers, the way to its device, the loss.

Dimension key: B batch, T tokens, V vocabulary. Targets are -100 where none is asked.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lib.checkpoint import unwrap
from lib.cross_entropy import IGNORED, describe, widen
from lib.devices import to_device
from lib.precision import autocast
from lib.shapes import Float, Int

Batch = tuple[Tensor, Tensor]  # x and y, both (B, T)
Drawn = TypeVar("Drawn")


def numbered(draw: Callable[[torch.Generator], Drawn], seed: int) -> Callable[[int], Drawn]:
    """Return data(i), what is drawn as the i-th batch, wherever one asks for it and in whatever order.

    Its generator is seeded by (seed, i), so there is no state to be kept.
    """

    def data(i: int) -> Drawn:
        number = random.Random(f"{seed} {i}").getrandbits(32)  # neighbours have nothing in common
        return draw(torch.Generator().manual_seed(number))

    return data


def windows_of(tokens: Int[Tensor, " N"], batch: int, context: int) -> list[Batch]:
    """Return all whole windows of a text one after the other, for an evaluation that is the same each time.

    Raises ValueError when there is none, or context or batch is less than 1.
    """
    count = (len(tokens) - 1) // context if context > 0 else 0
    if count < 1 or batch < 1:
        raise ValueError(
            f"{len(tokens)} tokens have no window of {context} and a next one, or batch={batch} is not positive"
        )
    x = tokens[: count * context].view(count, context).long()
    y = tokens[1 : count * context + 1].view(count, context).long()
    return list(zip(x.split(batch), y.split(batch), strict=True))


def count_targets(micro_batches: Sequence[Batch]) -> Tensor:
    """Return how many targets count in all. Raises ValueError for x and y of two shapes, or an empty batch."""
    if not micro_batches:
        raise ValueError("there is no micro-batch; a step needs at least one")
    for k, (x, y) in enumerate(micro_batches):
        if x.shape[:2] != y.shape[:2] or not y.numel():
            raise ValueError(
                f"micro-batch {k} has x {describe(x)} and y {describe(y)}; they must have one shape, and a batch of at"
                " least 1"
            )
    return torch.stack([(y != IGNORED).sum() for _, y in micro_batches]).sum()


def check_some(count: Tensor) -> None:
    """Refuse a step without a target; on a GPU the answer would have to be waited for, and the loss is NaN there."""
    if not count.is_cuda and not count:
        raise ValueError(f"no target counts: all are {IGNORED}, so there is no mean loss")


def check_held_out(batches: Iterable[Batch] | None, evaluates: bool) -> None:
    """Refuse batches that cannot be read at each evaluation, or that none would read."""
    if evaluates and (batches is None or iter(batches) is batches):
        got = "is missing" if batches is None else "can be read only once"
        raise ValueError(
            f"held_out {got}; with eval_every it must be a list of batches, such as windows_of(…)"
        )
    if batches is not None and not evaluates:
        raise ValueError("held_out is given, but eval_every=0 evaluates never: set it to a number of steps")


def check_tokens(x: Tensor, model: nn.Module) -> None:
    """Refuse tokens that no embedding of the model has a row for; on a GPU that would end the process."""
    if x.is_cuda or x.is_floating_point():
        return
    low, high = (one.item() for one in torch.aminmax(x))
    rows = [0]
    for module in model.modules():  # mostly one of the first is the one
        if isinstance(module, nn.Embedding):
            rows.append(module.num_embeddings)
            if low >= 0 and high < rows[-1]:
                return
    if len(rows) > 1:
        raise ValueError(
            f"tokens go from {low} to {high}, but the model's largest embedding has rows 0 to {max(rows) - 1}:"
            " its vocabulary must have more tokens than the largest of them"
        )


def check_targets(y: Tensor, V: int) -> None:
    """Refuse targets for which there is no logit; on a GPU that would end the process."""
    if y.is_cuda:
        return
    if y.dtype != torch.int64:
        raise ValueError(f"targets are {y.dtype}; they must be torch.int64")
    low, high = (one.item() for one in torch.aminmax(y))
    negative = y[(y < 0) & (y != IGNORED)] if low < 0 else y[:0]
    if high >= V or negative.numel():
        wrong = high if high >= V else negative[0].item()
        raise ValueError(
            f"targets has {wrong}; with V={V} logits a target must lie from 0 to {V - 1} or be {IGNORED}"
        )


def summed_loss(model: nn.Module, batch: Batch, device: torch.device, precision: str) -> Float[Tensor, ""]:
    """Return the sum of the losses of all targets that count, after a look at the batch's numbers.

    lib.cross_entropy's values by torch's one kernel, which waits for no GPU.
    """
    check_tokens(batch[0], model)
    x, y = to_device(batch[0], device), to_device(batch[1], device)
    with autocast(device, precision):
        logits = model(x)
    check_targets(batch[1], logits.shape[-1])
    loss = _token_loss if unwrap(model) is model else _compiled_token_loss()
    return loss(logits, y)


def _token_loss(logits: Tensor, y: Tensor) -> Tensor:
    flat = widen(logits).flatten(end_dim=-2)
    return F.cross_entropy(flat, y.flatten(), ignore_index=IGNORED, reduction="sum")


@cache
def _compiled_token_loss() -> Callable[[Tensor, Tensor], Tensor]:
    """Return the loss for a compiled model: eagerly it would hold the logits thrice in float32."""
    return torch.compile(_token_loss)
