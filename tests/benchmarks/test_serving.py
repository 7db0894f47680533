"""The load on a server is measured as it is: every token counted, waiting seen where there is one slot, not where there are more."""

import asyncio
from dataclasses import replace

import pytest

from benchmarks.serving import HEADER, measure, percentile, row
from tests.serve.conftest import SMALL, served_alone


def load_of(slots, in_flight):
    with served_alone(replace(SMALL, slots=slots)) as (model, raw):
        model.seconds = 0.02
        return asyncio.run(measure(raw.address, "scripted", in_flight, rounds=1, tokens=4))  # a word each


def test_a_queue_shows_in_the_time_to_the_first_token_and_a_batch_in_the_tokens_a_second():
    queue, batch = load_of(1, 3), load_of(3, 3)
    for load in (queue, batch):
        assert (load.tokens, len(load.first), len(load.between)) == (12, 3, 9)
    assert max(queue.first) > 2 * 4 * 0.02, "the last has waited for two answers"
    assert len(row(1, 3, queue)) == len(HEADER)
    assert row(1, 3, queue)[:3] == [1, 3, round(12 / queue.seconds, 1)]
    assert queue.seconds > 3 * 4 * 0.02


@pytest.mark.parametrize(("percent", "value"), [(1, 1), (50, 10), (95, 19), (100, 20)])
def test_a_percentile_is_a_value_that_was_measured(percent, value):
    assert percentile([*range(20, 0, -1)], percent) == value
