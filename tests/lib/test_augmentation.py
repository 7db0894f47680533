"""Words that stay stay in order; exchanged words are the same words."""

from collections import Counter

import pytest
import torch

from lib.augmentation import delete_words, swap_words

WORDS = ["to", "be", "or", "not", "to", "be", "that", "is", "the", "question"]


def test_words_are_left_out_by_their_own_number():
    u = torch.linspace(0, 0.9, 10)
    assert delete_words(WORDS, u, 0.0) == WORDS
    assert delete_words(WORDS, u, 0.25) == WORDS[3:]
    assert delete_words(WORDS, u.flip(0), 0.25) == WORDS[:7]


def test_one_word_is_always_left():
    assert delete_words(WORDS, torch.linspace(0, 0.9, 10), 1.0) == ["question"]
    assert delete_words([], torch.empty(0), 0.5) == []


def test_the_share_left_out_is_the_one_asked_for():
    """The binomial's sixth standard deviation: a right program fails once in 10⁸ draws."""
    words = ["w"] * 20_000
    left = len(delete_words(words, torch.rand(20_000, generator=torch.Generator().manual_seed(1)), 0.1))
    assert abs(left / 20_000 - 0.9) < 6 * (0.09 / 20_000) ** 0.5


def test_exchanges_keep_the_words():
    u = torch.rand(7, 2, generator=torch.Generator().manual_seed(2))
    swapped = swap_words(WORDS, u)
    assert Counter(swapped) == Counter(WORDS)
    assert swapped != WORDS
    assert swap_words(WORDS, u[:0]) == WORDS
    assert swap_words([], u) == []
    # float32 just below 1, times 10 in float32, would be 10
    assert swap_words(WORDS, torch.tensor([[0.0, 1 - 2**-24]]))[0] == "question"


def test_bad_random_numbers_are_refused():
    with pytest.raises(ValueError, match="u has 2 numbers; it must have one for each of the 10 words"):
        delete_words(WORDS, torch.rand(2), 0.1)
    for value in (1.0, -0.1):
        with pytest.raises(ValueError, match="from 0 to below 1"):
            swap_words(WORDS, torch.tensor([[0.0, value]]))
