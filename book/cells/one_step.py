"""One step, taken apart: what the loop's train_step does to two weights when some of its four lines are left out.

The model gives, for each of two letters, the log-odds that the next letter is b. So its loss is a bowl over a plane.
"""

from collections.abc import Callable
from itertools import product
from typing import Any

import torch
from torch import Tensor, nn

from book.cells.contours import contour_lines
from book.cells.loop_mistakes import NeverZeroed
from lib.batches import Batch, numbered
from lib.optim import cosine_with_warmup
from lib.training import train_step

LINES = ("zero", "mean", "clip", "schedule")  # what can be left out, in the order of the step
B_AFTER = torch.tensor([0.8, 0.3], dtype=torch.float64)  # the chance of b after a, and after b
LOWEST = B_AFTER.logit()  # the weights with the lowest loss
START = (-2.0, 1.5)
STEPS, RATE, CLIP = 10, 8.0, 0.15
COUNTS = (2, 8)  # targets of the micro-batches
FRAME = (-3.0, 4.0, -3.0, 2.2)  # the least and the largest of the first weight, then of the second
LEVELS = (0.57, 0.6, 0.66, 0.75, 0.9, 1.1, 1.4)
CODE = [  # what is always there, and what can be left out
    ["", "optimizer.zero_grad()"],
    ["for x, y in micro_batches:"],
    ["    loss = summed_loss(x, y)", " / n"],
    ["    loss.backward()"],
    ["", f"clip_grad_norm(weights, {CLIP})"],
    ["", "set_rate(schedule(step))"],
    ["optimizer.step()"],
]


class LogOdds(nn.Module):
    """A model of two letters, with one weight for each letter that was read."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(START, dtype=torch.float64))

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (B, T, 2) of a and b after the letters x (B, T)."""
        odds = self.weight[x]
        return torch.stack([torch.zeros_like(odds), odds], dim=-1)


class NeverZeroedSGD(NeverZeroed, torch.optim.SGD):
    """SGD on old gradients and new."""


def drawn(generator: torch.Generator) -> list[Batch]:
    """Return the micro-batches (1, T) of a step: letters, and the letters after them."""
    x = torch.randint(2, (sum(COUNTS),), generator=generator)
    y = torch.bernoulli(B_AFTER[x], generator=generator).long()
    return list(zip(x[None].split(COUNTS, dim=1), y[None].split(COUNTS, dim=1), strict=True))


def path(kept: tuple[bool, ...], seed: int = 0) -> list[list[float]]:
    """Return the weights (STEPS + 1, 2) before the first step and after each one, with only the kept of LINES."""
    zero, mean, clip, schedule = kept
    model, data = LogOdds(), numbered(drawn, seed)
    if not mean:
        model.weight.register_hook(lambda gradient: gradient * sum(COUNTS))
    kind: Callable[..., Any] = torch.optim.SGD if zero else NeverZeroedSGD
    optimizer = kind(model.parameters(), lr=RATE)
    points = [model.weight.tolist()]
    for step in range(STEPS):
        if schedule:
            rate = cosine_with_warmup(step, peak=RATE, warmup=2, total=STEPS, floor=RATE / 10)
            optimizer.param_groups[0]["lr"] = rate
        train_step(model, data(step), optimizer, CLIP if clip else None)
        points.append(model.weight.tolist())
    return points


def expected_loss(weights: Tensor) -> Tensor:
    """Return the loss (...) of the weights (..., 2) over endless text in which both letters come equally often."""
    return (nn.functional.softplus(weights) - B_AFTER * weights).mean(dim=-1)


def above_lowest(weights: list[float]) -> float:
    """Return the expected loss of two weights, less the lowest that there is."""
    chosen, lowest = expected_loss(torch.stack([torch.tensor(weights, dtype=torch.float64), LOWEST]))
    return (chosen - lowest).item()


def figure_data() -> dict[str, Any]:
    """Return what the figure `onestep` shows: the code, the bowl, and the path of each of the 16 settings."""
    paths = {
        "".join(str(int(on)) for on in kept): path(kept) for kept in product((True, False), repeat=len(LINES))
    }
    return {
        "lines": CODE,
        "axes": ["log-odds of b after a", "log-odds of b after b"],
        "frame": FRAME,
        "contours": contour_lines(lambda point: expected_loss(torch.stack(point, dim=-1)), FRAME, LEVELS),
        "lowest": LOWEST.tolist(),
        "paths": paths,
        "above": {kept: above_lowest(points[-1]) for kept, points in paths.items()},
    }
