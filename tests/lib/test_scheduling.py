"""Schedules by hand, against a simulation pass by pass, and what continuous batching promises."""

import random

import pytest

from lib.scheduling import schedule


def simulated(lengths, arrivals, slots, continuous):
    """Go pass by pass: each free slot, from the lowest, takes who has waited longest."""
    result, left = [None] * len(lengths), list(lengths)
    slot_of, now = [None] * slots, 0
    while None in result or any(i is not None for i in slot_of):
        if continuous or not any(i is not None for i in slot_of):
            for slot in range(slots):
                came = [i for i in range(len(lengths)) if result[i] is None and arrivals[i] <= now]
                if slot_of[slot] is None and came:
                    i = min(came, key=lambda i: (arrivals[i], i))
                    slot_of[slot], result[i] = i, (slot, now, now + lengths[i])
        now += 1
        for slot, i in enumerate(slot_of):
            if i is not None:
                left[i] -= 1
                slot_of[slot] = i if left[i] else None
    return result


@pytest.mark.parametrize("continuous", [True, False])
@pytest.mark.parametrize("seed", range(20))
def test_the_schedule_is_that_of_a_simulation_pass_by_pass(seed, continuous):
    rng = random.Random(seed)
    n, slots = rng.randrange(1, 12), rng.randrange(1, 5)
    lengths = [rng.randrange(1, 9) for _ in range(n)]
    arrivals = [rng.randrange(0, 15) for _ in range(n)]
    assert schedule(lengths, arrivals, slots, continuous) == simulated(lengths, arrivals, slots, continuous)


def test_by_hand():
    lengths, arrivals = [5, 2, 3, 1], [0, 0, 1, 9]
    assert schedule(lengths, arrivals, 2, True) == [(0, 0, 5), (1, 0, 2), (1, 2, 5), (0, 9, 10)]
    assert schedule(lengths, arrivals, 2, False) == [(0, 0, 5), (1, 0, 2), (0, 5, 8), (0, 9, 10)]
    assert schedule([2, 1], [3, 0], 1, True) == [(0, 3, 5), (0, 0, 1)]
    assert schedule([], [], 1, True) == []


def test_with_one_slot_both_are_the_same_and_with_many_nobody_waits():
    lengths, arrivals = [4, 1, 3, 2], [0, 2, 2, 7]
    assert schedule(lengths, arrivals, 1, True) == schedule(lengths, arrivals, 1, False)
    assert [start for _, start, _ in schedule(lengths, arrivals, 4, True)] == arrivals


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="2 lengths and 1 arrivals"):
        schedule([1, 2], [0], 1, True)
    with pytest.raises(ValueError, match="slots=0 must be at least 1"):
        schedule([1], [0], 0, True)
    with pytest.raises(ValueError, match="lengths hold 0; each must be at least 1"):
        schedule([1, 0], [0, 0], 1, True)
    with pytest.raises(ValueError, match="arrivals hold -1; none may be negative"):
        schedule([1, 1], [0, -1], 1, True)
