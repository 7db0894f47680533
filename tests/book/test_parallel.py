"""book.cells.parallel works out what workers send and when they wait: by hand, and by the rules that a schedule keeps."""

import pytest
import torch

from book.cells.parallel import (
    all_gather,
    all_reduce,
    broadcast,
    idle_share,
    most_held,
    reduce_scatter,
    start,
    systolic,
    timeline,
)

pytestmark = pytest.mark.part("chapter distributed")


def test_collectives_of_two_ranks_by_hand():
    assert start(2) == [[1, 2], [10, 20]]
    assert broadcast(start(2)) == [[1, 2], [1, 2]]
    assert all_gather([[1, None], [None, 20]]) == [[1, 20], [1, 20]]
    assert reduce_scatter(start(2)) == [[11, None], [None, 22]]
    assert all_reduce(start(2)) == [[11, 22], [11, 22]]


@pytest.mark.parametrize("alternate", [False, True])
@pytest.mark.parametrize(("stages", "micro"), [(1, 1), (1, 3), (2, 1), (2, 5), (4, 2), (4, 9)])
def test_a_pipeline_does_each_task_once_and_none_before_what_it_needs(stages, micro, alternate):
    tasks = timeline(stages, micro, alternate)
    ends = {(task.stage, task.micro, task.backward): task.end for task in tasks}
    assert len(ends) == len(tasks) == 2 * stages * micro
    for stage, i, backward, begin, end in tasks:
        assert end - begin == (2 if backward else 1)
        needed = [(stage, i, False)] if backward else []
        needed.append((stage + 1, i, True) if backward else (stage - 1, i, False))
        assert all(begin >= ends[task] for task in needed if 0 <= task[0] < stages)
    for stage in range(stages):
        own = sorted(task[3:] for task in tasks if task.stage == stage)
        assert all(end <= begin for (_, end), (begin, _) in zip(own, own[1:], strict=False))


def test_two_stages_and_two_micro_batches_by_hand():
    """Forward 0-1, 1-2 in stage 0 and 1-2, 2-3 in stage 1; back 3-5, 5-7 there and 5-7, 7-9 in stage 0: 12 of 18 at work."""
    assert idle_share(timeline(2, 2)) == pytest.approx(1 / 3)
    assert max(task.end for task in timeline(2, 2)) == 9


def test_alternating_stages_wait_as_long_and_keep_less():
    slow, quick = timeline(4, 9), timeline(4, 9, alternate=True)
    assert idle_share(slow) == pytest.approx(idle_share(quick))
    assert (most_held(slow), most_held(quick)) == (9, 4)


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 3, 3), (5, 2, 4), (2, 4, 1)])
def test_a_systolic_array_multiplies(shape):
    """Row t of the product leaves column n after tick t + n + K - 1."""
    T, K, N = shape
    generator = torch.Generator().manual_seed(sum(shape))
    x, W = (torch.randint(-9, 10, size, generator=generator) for size in [(T, K), (K, N)])
    ticks = list(systolic(x.tolist(), W.tolist()))
    assert len(ticks) == T + K + N - 2
    product = [[ticks[t + n + K - 1][1][K - 1][n] for n in range(N)] for t in range(T)]
    assert product == (x @ W).tolist()
