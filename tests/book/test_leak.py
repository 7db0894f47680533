"""The recorded runs on reviews are those that the code would do, and a split by groups leaks nothing."""

import pytest
import torch

from book.cells import leak

pytestmark = pytest.mark.part("chapter data")


def test_the_record_holds_every_run_that_the_code_names():
    record = leak.read_record()
    assert record["seeds"] == [0, 1, 2, 3, 4]
    assert record["chosen"] == leak.CHOSEN
    assert len(record["runs"]) == 5
    assert list(record["deleted"]) == [str(size) for size in leak.SIZES]
    assert {len(found) for found in record["deleted"].values()} == {5}
    assert all(
        list(run) == ["lines", "groups", "without copies"] for run in [*record["runs"], record["everything"]]
    )


def test_a_run_is_decided_by_its_seed_and_memory_wins_only_where_lines_are_split():
    one, other, third = (leak.run(seed, chosen=600) for seed in (0, 0, 1))
    assert one == other != third
    for found in (one, third):
        assert found["groups"]["leaked"] == found["without copies"]["leaked"] == 0
        assert 0.6 < found["lines"]["leaked"] < 0.9
        assert found["lines"]["right"] > found["groups"]["right"] + 0.1  # over 0.25 in the record
        assert found["groups"]["unseen"] == found["groups"]["right"]


def test_the_features_are_counts_of_characters_and_pairs_and_know_no_neighbour():
    X = leak.features(["好书", "书好", "好书", "书", "好"])
    torch.testing.assert_close(X.norm(dim=1), torch.ones(5))
    assert torch.equal(X[0], X[2])
    assert (X > 0).sum(dim=1).tolist() == [3, 3, 3, 1, 1]  # a text of two characters has one pair
    assert (X[0] @ X[1]).item() == pytest.approx(2 / 3, abs=1e-6)


def test_the_nearest_row_is_found_in_pieces_as_at_once():
    X = torch.nn.functional.normalize(torch.randn(1500, 8, generator=torch.Generator().manual_seed(0)), dim=1)
    train, test = torch.arange(300), torch.arange(300, 1500)
    assert torch.equal(leak.nearest(X, train, test), (X[test] @ X[train].T).argmax(dim=1))


def test_a_classifier_learns_from_few_reviews_and_its_score_is_decided_by_the_seed():
    one, other = (leak.delete(0, 50, copies=1, test=300) for _ in range(2))
    assert one == other
    assert all(0.45 < score < 0.75 for score in one)
