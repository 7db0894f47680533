"""Lines of equal loss over a plane, for the figures that draw a path on them."""

from collections.abc import Callable, Sequence

import torch
from matplotlib.figure import Figure
from torch import Tensor


def contour_lines(
    loss: Callable[[tuple[Tensor, Tensor]], Tensor],
    frame: tuple[float, float, float, float],
    levels: Sequence[float],
) -> list[list[list[float]]]:
    """Return lines of points (x, y), to three decimals, on which the loss has one of the rising levels.

    The frame is the least and the largest x, then y.
    """
    left, right, bottom, top = frame
    across, up = torch.linspace(left, right, 121).double(), torch.linspace(bottom, top, 121).double()
    x, y = torch.meshgrid(across, up, indexing="xy")
    found = Figure().subplots().contour(x, y, loss((x, y)), levels=levels)
    return [line.round(3).tolist() for level in found.allsegs for line in level if len(line) > 1]
