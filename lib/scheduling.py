"""Who is served when: requests of different lengths, and a model that goes on with so many texts in one pass.

Time is counted in passes. Left out on purpose: what it costs to read a prompt, and that a pass over more texts takes
a little longer.
"""

from collections.abc import Sequence


def schedule(
    lengths: Sequence[int], arrivals: Sequence[int], slots: int, continuous: bool
) -> list[tuple[int, int, int]]:
    """Return for each request its slot and the passes (start, end), end not included, in which it is served.

    lengths are the passes that each needs, arrivals those before which it came. Who came first goes first; of those
    that came together the first in the list; into the free slot of the lowest number. Continuous batching fills a
    slot as soon as its request has ended. Static batching waits until all slots are free, then takes whoever is
    waiting, and fills none of them before all have ended.

    Raises ValueError when lengths and arrivals are not equally many, a length is less than 1, an arrival is negative, or
    slots is less than 1.
    Reference: Yu et al. 2022 (iteration-level scheduling).

    >>> schedule([4, 1, 2], [0, 0, 0], slots=2, continuous=True)
    [(0, 0, 4), (1, 0, 1), (1, 1, 3)]
    >>> schedule([4, 1, 2], [0, 0, 0], slots=2, continuous=False)
    [(0, 0, 4), (1, 0, 1), (0, 4, 6)]
    """
    _check_requests(lengths, arrivals, slots)
    served: dict[int, tuple[int, int, int]] = {}
    free_at = [0] * slots  # the pass with which a slot can take somebody
    waiting = sorted(range(len(lengths)), key=lambda i: arrivals[i])
    while waiting:
        start = max(min(free_at) if continuous else max(free_at), arrivals[waiting[0]])
        free = [slot for slot in range(slots) if free_at[slot] <= start]
        came = [i for i in waiting if arrivals[i] <= start]
        for slot, i in zip(free, came, strict=False):
            free_at[slot] = start + lengths[i]
            served[i] = (slot, start, free_at[slot])
        waiting = [i for i in waiting if i not in served]
    return [served[i] for i in range(len(lengths))]


def _check_requests(lengths: Sequence[int], arrivals: Sequence[int], slots: int) -> None:
    if len(lengths) != len(arrivals):
        raise ValueError(
            f"there are {len(lengths)} lengths and {len(arrivals)} arrivals; they must be equally many"
        )
    if slots < 1:
        raise ValueError(f"slots={slots} must be at least 1")
    if min(lengths, default=1) < 1:
        raise ValueError(f"lengths hold {min(lengths)}; each must be at least 1")
    if min(arrivals, default=0) < 0:
        raise ValueError(f"arrivals hold {min(arrivals)}; none may be negative")
