"""Requests that come one after the other: all schedules that the figure of chapter 16 shows, and what they cost."""

from collections.abc import Sequence

from lib.scheduling import schedule

LENGTHS = [24, 3, 6, 12, 2, 30, 5, 9, 4, 18, 3, 8]  # steps of each request: its prompt gives the first token
ARRIVALS = [0, 0, 0, 2, 3, 5, 8, 8, 9, 12, 14, 15]  # in which step it comes
STEP, ROW = 0.060, 0.005  # seconds of a step, and more for each text in it: about what chapter 16 measures
SLOTS = range(1, 9)

Block = tuple[int, int, int]  # slot, first step, step behind the last


def costs(blocks: Sequence[Block], arrivals: Sequence[int]) -> dict[str, float]:
    """Return the seconds until all is done, the mean wait from arrival to the first step, and tokens a second.

    A request gives a token in each of its steps. A step in which nobody is served costs as much as an empty one.

    >>> costs([(0, 0, 2), (0, 2, 3)], [0, 0])  # 3 steps of 0.065 s; the second request waits for two of them
    {'seconds': 0.195, 'wait': 0.065, 'rate': 15.384615}
    """
    last = max(end for _, _, end in blocks)
    clock = [0.0]  # when each step begins
    for step in range(last):
        clock.append(clock[-1] + STEP + ROW * sum(start <= step < end for _, start, end in blocks))
    waits = [clock[start] - clock[came] for (_, start, _), came in zip(blocks, arrivals, strict=True)]
    tokens = sum(end - start for _, start, end in blocks)
    found = {"seconds": clock[-1], "wait": sum(waits) / len(waits), "rate": tokens / clock[-1]}
    return {name: round(value, 6) for name, value in found.items()}


def figure_data(slots: int = 3, continuous: bool = False) -> dict:
    """Return what assets/scheduler.js draws: the schedules with 1 to 8 slots, static and continuous."""
    schedules = []
    for count in SLOTS:
        for mode in (False, True):
            blocks = schedule(LENGTHS, ARRIVALS, count, mode)
            known = {"slots": count, "continuous": mode, "blocks": blocks}
            schedules.append(known | costs(blocks, ARRIVALS))
    start = {"slots": slots, "continuous": continuous}
    return {"lengths": LENGTHS, "arrivals": ARRIVALS, "schedules": schedules} | start
