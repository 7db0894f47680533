"""book.cells.memory counts what torch operations allocate, checked by hand: a float32 takes 4 bytes."""

import torch

from book.cells.memory import Memory


def test_alive_peak_and_largest_by_hand():
    x = torch.zeros(10)
    with Memory() as memory:
        y = torch.cat([x, x]).exp()  # 80 bytes, then 80 more; the first 80 are given back
        z = y[:5] + 1  # the view takes nothing, the sum 20
    assert (memory.alive, memory.peak, memory.largest) == (100, 160, 80)
    del y, z
    assert memory.alive == 0


def test_what_was_there_before_and_work_in_place_count_nothing():
    x = torch.zeros(10)
    with Memory() as memory:
        x.add_(1).view(2, 5).transpose(0, 1).mul_(2)
    assert (memory.alive, memory.peak, memory.largest) == (0, 0, 0)
