"""The recorded runs of the chapter on optimisation are those that its code would do, and their rates were searched."""

import math

import pytest
import torch

from book.cells import optimisers

pytestmark = pytest.mark.part("chapter optimisation")


def test_the_record_holds_every_run_that_the_code_names():
    record = optimisers.read_record()
    assert {name: list(rates) for name, rates in record["sweep"].items()} == {
        name: [str(rate) for rate in rates] for name, (_, rates) in optimisers.SWEEP.items()
    }
    assert {name: list(rates) for name, rates in record["long"].items()} == {
        name: [str(rate) for rate in rates] for name, rates in optimisers.LONG.items()
    }
    assert all(list(found) == ["0", "10", "40"] for found in record["warmup"].values())
    assert record["seeds"] == [0, 1, 2]


@pytest.mark.parametrize("part", ["sweep", "long"])
def test_no_best_rate_stands_at_the_edge_of_those_that_were_tried(part):
    for name, rates in optimisers.read_record()[part].items():
        best = min(rates, key=lambda rate: sum(rates[rate]))
        assert best not in (list(rates)[0], list(rates)[-1]), name


def test_a_run_is_decided_by_its_seed_and_learns():
    one, other, third = (optimisers.run(optimisers.muon_inside, 0.02, seed, steps=20) for seed in (0, 0, 1))
    assert one == other != third
    assert max(one, third) < math.log(80) - 0.5  # 80 characters, all as likely, before training


def test_the_hidden_matrices_have_one_optimiser_and_all_else_has_another():
    model = optimisers.small_gpt(0)
    inside, outside = optimisers.muon_inside(model, 0.02)
    groups = [id(p) for optimizer in (inside, outside) for p in optimizer.state]
    assert sorted(groups) == sorted(id(p) for p in model.parameters())
    assert {p.ndim for p in inside.state} == {2}
    assert model.head.weight in outside.state


def test_batches_are_decided_by_their_seed_alone():
    torch.manual_seed(1)
    one = optimisers.draw_batches(seed=5, steps=3)
    torch.manual_seed(2)
    assert all(torch.equal(a, b) for a, b in zip(one, optimisers.draw_batches(seed=5, steps=3), strict=True))
    assert not torch.equal(one[0], one[1])
