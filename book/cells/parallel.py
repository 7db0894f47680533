"""What several workers send each other and when they wait, worked out in one process, and drawn.

Rows are ranks. Rank r begins with the numbers 1, 2, 3, 4 times 10 to the r, so that the digits of a sum say who is in it.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Table = list[list[int | None]]  # one row a rank, one column a chunk; None: nothing yet
COLOURS = ["C0", "C1", "C2", "C3"]


def start(world: int = 4) -> Table:
    """Return what each rank begins with: start(2) is [[1, 2], [10, 20]]."""
    return [[(chunk + 1) * 10**rank for chunk in range(world)] for rank in range(world)]


def sums(table: Table) -> list[int]:
    """Return the sum of each chunk over all ranks."""
    return [sum(number or 0 for number in column) for column in zip(*table, strict=True)]


def broadcast(table: Table) -> Table:
    return [list(table[0]) for _ in table]


def all_gather(table: Table) -> Table:
    """Rank r gives chunk r to all."""
    return [[table[chunk][chunk] for chunk in range(len(table))] for _ in table]


def reduce_scatter(table: Table) -> Table:
    """Rank r gets the sum of chunk r."""
    total = sums(table)
    return [[total[c] if c == rank else None for c in range(len(total))] for rank in range(len(table))]


def all_reduce(table: Table) -> Table:
    return [list(sums(table)) for _ in table]


class Task(NamedTuple):
    """One micro-batch in one stage of a pipeline, forward or backward."""

    stage: int
    micro: int
    backward: bool
    begin: int
    end: int


FORWARD, BACKWARD = 1, 2  # units of time for one micro-batch; the way back has twice as many products


def orders(stages: int, micro: int, alternate: bool) -> list[list[tuple[int, bool]]]:
    """Return what each stage does one after the other: (micro-batch, backward?).

    GPipe does all forward passes first; alternate is 1F1B, where a stage goes back as soon as it can.
    """
    found = []
    for stage in range(stages):
        ahead = min(micro, stages - stage) if alternate else micro
        forward = [(i, False) for i in range(micro)]
        order = forward[:ahead]
        for i in range(micro):
            order += [(i, True), *forward[ahead + i : ahead + i + 1]]
        found.append(order)
    return found


def timeline(stages: int, micro: int, alternate: bool = False) -> list[Task]:
    """Return when each task begins and ends if every stage begins as soon as it has what it needs."""
    waiting = orders(stages, micro, alternate)
    ends: dict[tuple[int, int, bool], int] = {}
    free, done = [0] * stages, []
    while any(waiting):
        for stage, order in enumerate(waiting):
            while order:
                i, backward = order[0]
                needs = [(stage, i, False)] if backward else []
                if 0 <= (neighbour := stage + (1 if backward else -1)) < stages:
                    needs.append((neighbour, i, backward))
                if any(task not in ends for task in needs):
                    break
                begin = max([free[stage], *(ends[task] for task in needs)])
                order.pop(0)
                free[stage] = begin + (BACKWARD if backward else FORWARD)
                ends[stage, i, backward] = free[stage]
                done.append(Task(stage, i, backward, begin, free[stage]))
    return done


def idle_share(tasks: list[Task]) -> float:
    """Return the share of all stages' time in which they wait."""
    stages, length = 1 + max(task.stage for task in tasks), max(task.end for task in tasks)
    return 1 - sum(task.end - task.begin for task in tasks) / (stages * length)


def most_held(tasks: list[Task]) -> int:
    """Return how many micro-batches a stage has gone forward with and not yet back, at most."""
    changes = sorted((task.end, task.stage, -1 if task.backward else 1) for task in tasks)
    held, most = dict.fromkeys((task.stage for task in tasks), 0), 0
    for _, stage, change in changes:
        held[stage] += change
        most = max(most, held[stage])
    return most


def systolic(x: list[list[int]], W: list[list[int]]) -> Iterator[tuple[Table, Table]]:
    """Yield, tick by tick, the input and the partial sum in each cell of an array that holds W.

    Row k of the array is fed with feature k, one tick after row k - 1; inputs go right, sums go down.
    """
    rows, columns = len(W), len(W[0])
    inputs: Table = [[None] * columns for _ in range(rows)]
    leaving: Table = [[None] * columns for _ in range(rows)]
    for tick in range(len(x) + rows + columns - 2):
        for k in range(rows):
            arrives = x[tick - k][k] if 0 <= tick - k < len(x) else None
            inputs[k] = [arrives, *inputs[k][:-1]]
        above: Table = [[0] * columns, *leaving[:-1]]
        leaving = [[_add(inputs[k][n], W[k][n], above[k][n]) for n in range(columns)] for k in range(rows)]
        yield [list(row) for row in inputs], leaving


def _add(number: int | None, weight: int, above: int | None) -> int | None:
    """Return the sum that leaves a cell of the array, if a number is in it."""
    return None if number is None else (above or 0) + number * weight


def boxes(
    axes: Axes, table: Table, colour: Callable[[int, int], str], at: float = 0, bold: set | None = None
) -> None:
    """Draw a table of numbers as boxes, row 0 on top; those in bold, a set of (row, column), get a frame."""
    for r, row in enumerate(table):
        for c, number in enumerate(row):
            box = partial(plt.Rectangle, (at + c, -r), 0.92, 0.84)
            axes.add_patch(box(facecolor="none", edgecolor="#000000", alpha=0.2))
            if number is not None:
                axes.add_patch(box(facecolor=colour(r, c), alpha=0.28))
                if bold and (r, c) in bold:
                    axes.add_patch(box(facecolor="none", edgecolor="#000000"))
                axes.text(at + c + 0.46, 0.42 - r, str(number), ha="center", va="center", fontsize=8)


def panels(rows: int, columns: int, size: tuple[float, float], label: str) -> tuple[Figure, list[Axes]]:
    """Return a figure with words, and its panels without axes."""
    figure, grid = plt.subplots(rows, columns, figsize=size, label=label, squeeze=False)
    flat = list(grid.flat)
    for axes in flat:
        axes.axis("off")
    return figure, flat
