"""The step that is taken apart: each of its sixteen walks is that of a loop in torch's own words."""

from itertools import product

import pytest
import torch
from torch.nn.functional import cross_entropy

from book.cells import one_step
from lib.batches import numbered

pytestmark = pytest.mark.part("chapter training")


def rate(step):
    """Return what the schedule gives: half, then the peak, then a half cosine down to a tenth."""
    if step < 2:
        return one_step.RATE * (step + 1) / 2
    share = torch.tensor((step - 2) / 8).double()
    return one_step.RATE * (0.1 + 0.45 * (1 + torch.cos(torch.pi * share)).item())


def walk(zero, mean, clip, schedule, seed=0):
    """Return the points of ten steps."""
    odds = torch.tensor(one_step.START, dtype=torch.float64, requires_grad=True)
    optimizer, data, points = (
        torch.optim.SGD([odds]),
        numbered(one_step.drawn, seed),
        [odds.tolist()],
    )
    for step in range(10):
        if zero:
            optimizer.zero_grad()
        for x, y in data(step):
            logits = torch.stack([torch.zeros(x.numel()).double(), odds[x[0]]], dim=-1)
            (cross_entropy(logits, y[0], reduction="sum") / (10 if mean else 1)).backward()
        if clip:
            torch.nn.utils.clip_grad_norm_([odds], one_step.CLIP)
        optimizer.param_groups[0]["lr"] = rate(step) if schedule else one_step.RATE
        optimizer.step()
        points.append(odds.tolist())
    return points


@pytest.mark.parametrize("kept", list(product((True, False), repeat=4)))
def test_a_walk_is_that_of_a_plain_loop(kept):
    torch.testing.assert_close(
        torch.tensor(one_step.path(kept)), torch.tensor(walk(*kept)), atol=1e-4, rtol=1e-4
    )


def test_the_lowest_loss_is_the_entropy_of_what_follows():
    p = one_step.B_AFTER
    entropy = -(p * p.log() + (1 - p) * (1 - p).log()).mean()
    assert one_step.expected_loss(p.logit()).item() == pytest.approx(entropy.item(), abs=1e-12)
    assert one_step.above_lowest(p.logit().tolist()) == pytest.approx(0, abs=1e-12)


def test_contours_are_lines_of_equal_loss_within_the_frame():
    data = one_step.figure_data()
    left, right, bottom, top = data["frame"]
    for line in data["contours"]:
        points = torch.tensor(line, dtype=torch.float64)
        losses = one_step.expected_loss(points)
        assert min(abs(losses.mean() - level) for level in one_step.LEVELS) < 1e-3
        assert losses.max() - losses.min() < 2e-3
        assert left <= points[:, 0].min() <= points[:, 0].max() <= right
        assert bottom <= points[:, 1].min() <= points[:, 1].max() <= top
