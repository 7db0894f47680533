"""No group on both sides, shares as near as groups allow, and test text that is found in the training text."""

import random

import pytest
import torch

from lib.splits import contaminated, split_by_group, words_of


def test_no_group_is_divided_and_nothing_is_lost():
    source = random.Random(1)
    for seed in range(30):
        groups = source.choices("abcdefghij", k=60)
        u = torch.rand(len(set(groups)), generator=torch.Generator().manual_seed(seed))
        parts = split_by_group(groups, [0.7, 0.2, 0.1], u)
        assert sorted(i for part in parts for i in part) == list(range(60))
        assert all(part == sorted(part) for part in parts)
        names = [{groups[i] for i in part} for part in parts]
        assert not names[0] & names[1] | names[0] & names[2] | names[1] & names[2]
        largest = max(groups.count(group) for group in groups)
        assert all(abs(len(p) - s * 60) <= largest for p, s in zip(parts, [0.7, 0.2, 0.1], strict=True))


def test_a_split_by_hand():
    """Of shares 7.5 and 2.5, b and c leave the first 4.5 to fill, a overfills it, and d is left for the second.

    Of 5 and 5 the first takes b, the second c and, lacking 4 against 3, a.
    """
    groups = [*"aaaaaa", *"bb", "c", "d"]
    u = torch.tensor([0.5, 0.1, 0.2, 0.9])
    assert split_by_group(groups, [0.75, 0.25], u) == [[0, 1, 2, 3, 4, 5, 6, 7, 8], [9]]
    assert split_by_group(groups, [0.5, 0.5], u) == [[6, 7, 9], [0, 1, 2, 3, 4, 5, 8]]


def test_single_texts_get_their_shares_exactly():
    u = torch.rand(40, generator=torch.Generator().manual_seed(2))
    assert [len(part) for part in split_by_group(range(40), [0.5, 0.25, 0.25], u)] == [20, 10, 10]
    assert split_by_group(range(40), [1.0], u) == [list(range(40))]
    assert split_by_group(range(40), [1.0, 0.0], u)[1] == []
    assert split_by_group([], [0.5, 0.5], u[:0]) == [[], []]


def test_bad_shares_and_random_numbers_are_refused():
    u = torch.rand(2)
    for shares in ([0.5, 0.4], [1.2, -0.2], []):
        with pytest.raises(ValueError, match="must not be negative and must sum to 1"):
            split_by_group(["a", "b"], shares, u)
    with pytest.raises(ValueError, match="u has 2 numbers; it must have one for each of the 1 groups"):
        split_by_group(["a", "a"], [1.0], u)


def test_words_are_without_case_and_punctuation():
    assert words_of("“Don't!” – said THE Ärztin,\nNo. 7") == ["don", "t", "said", "the", "ärztin", "no", "7"]
    assert words_of("… !") == []


def test_contamination_is_that_of_all_pairs_of_runs():
    source = random.Random(3)
    for n in (1, 2, 3):
        train, test = (
            [" ".join(source.choices("abcd", k=source.randrange(7))) for _ in range(20)] for _ in "ab"
        )
        for text, found in zip(test, contaminated(train[:4], test, n), strict=True):
            words = text.split()
            runs = [f" {' '.join(words[i : i + n])} " for i in range(max(1, len(words) - n + 1))]
            assert found == any(run in f" {other} " for run in runs for other in train[:4] if words)


def test_contamination_at_the_edges():
    train = ["one two three four five", "six seven"]
    asked = {
        "zero THREE,\nfour: five": True,  # at the end, over a line end, in capitals
        "two three zero four five": False,  # twice n - 1
        "five six seven": False,  # over the end of a text
        "six, seven": True,  # shorter than n
        "seven six": False,
        "": False,
    }
    assert contaminated(train, list(asked), n=3) == list(asked.values())
    assert contaminated([], ["one two three"], n=3) == [False]
    assert contaminated(train, []) == []
    with pytest.raises(ValueError, match="n=0 words must be at least 1"):
        contaminated(train, train, 0)
