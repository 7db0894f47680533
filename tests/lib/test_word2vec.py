"""Skip-gram's training: its gradients are autograd's, and it finds the words that share their neighbours."""

import math

import pytest
import torch

from lib import pmi, word2vec
from lib.embeddings import cooccurrence, nearest, negative_sampling_loss
from lib.word2vec import Word2VecConfig, train_word2vec

close = torch.testing.assert_close


def two_topics(seed=0, N=20_000):
    """Twelve words of two topics: six times the topic stays for each time that it changes."""
    random = torch.Generator().manual_seed(seed)
    topic = (torch.rand(N, generator=random) < 1 / 7).cumsum(0) % 2
    return topic * 6 + torch.randint(6, (N,), generator=random)


def all_near(vectors):
    return all(
        set(nearest(vectors, vectors[i], 6).tolist()) == set(range(i // 6 * 6, i // 6 * 6 + 6))
        for i in range(12)
    )


def test_the_gradients_are_autograds():
    random = torch.Generator().manual_seed(1)
    centre = torch.randn(3, 4, dtype=torch.float64, generator=random, requires_grad=True)
    others = torch.randn(3, 6, 4, dtype=torch.float64, generator=random, requires_grad=True)
    loss = 3 * negative_sampling_loss(centre, others[:, 0], others[:, 1:])
    close(
        word2vec.pair_gradients(centre.detach(), others.detach()), torch.autograd.grad(loss, (centre, others))
    )


def test_training_lowers_the_loss_and_finds_the_topics():
    config = Word2VecConfig(width=8, window=2, threshold=math.inf, epochs=2, batch_size=128)
    for seed in range(2):
        vectors, losses = train_word2vec(two_topics(seed, N=6_000), 12, config, seed)
        assert vectors.shape == (12, 8)
        assert losses[0] == pytest.approx(6 * math.log(2), rel=1e-6)  # contexts begin at zero
        assert losses[-1] < 0.95 * losses[0]
        assert all_near(vectors)


def test_the_seed_decides_the_vectors():
    config = Word2VecConfig(width=4, threshold=math.inf)
    one, same, other = (train_word2vec(two_topics(N=300), 12, config, seed)[0] for seed in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_frequent_words_are_thinned_as_the_paper_says():
    counts = torch.tensor([900, 99, 1])
    close(
        word2vec.keep_probs(counts, 1e-2), torch.tensor([math.sqrt(0.01 / 0.9), math.sqrt(0.01 / 0.099), 1.0])
    )
    assert word2vec.keep_probs(counts, math.inf).tolist() == [1, 1, 1]


def test_a_vocabulary_is_by_frequency_and_leaves_out_what_is_rare():
    tokens = ["b", "a", "c", "b", "a", "d", "b"]
    assert word2vec.build_vocabulary(tokens, 2) == ["b", "a"]
    assert word2vec.build_vocabulary(tokens) == ["b", "a", "c", "d"]
    assert word2vec.build_vocabulary([]) == []
    assert word2vec.encode_words(tokens, ["b", "a"]).tolist() == [0, 1, 0, 1, 0]
    assert word2vec.encode_words(tokens, []).shape == (0,)


def test_a_threshold_that_leaves_nothing_leaves_the_first_draws():
    vectors, losses = train_word2vec(torch.tensor([0, 1, 1]), 2, Word2VecConfig(width=3, threshold=1e-30))
    assert losses == []
    assert vectors.std() < 0.5


def test_what_cannot_be_trained_is_refused():
    with pytest.raises(ValueError, match="ids has 1 tokens; a pair needs 2"):
        train_word2vec(torch.tensor([0]), 3)
    for name in ("width", "window", "negatives", "threshold", "epochs", "batch_size", "lr"):
        with pytest.raises(ValueError, match=f"{name}=0 must be above 0"):
            Word2VecConfig(**{name: 0})


def test_pmi_is_the_definition_and_independent_words_have_none():
    counts = torch.tensor([[1.0, 2.0], [3.0, 6.0]], dtype=torch.float64)
    close(pmi.pmi(counts), torch.zeros(2, 2, dtype=torch.float64), atol=1e-12, rtol=0)
    counts = torch.tensor([[5.0, 0.0, 1.0], [0.0, 2.0, 4.0], [1.0, 4.0, 9.0]], dtype=torch.float64)
    found = pmi.pmi(counts, power=0.75)
    total, sums = 26.0, [6.0, 6.0, 14.0]
    noise = [s**0.75 / sum(t**0.75 for t in sums) for s in sums]
    for i in range(3):
        for j in range(3):
            x = counts[i, j].item()
            expected = math.log(x / total / (sums[i] / total * noise[j])) if x else -math.inf
            assert found[i, j].item() == pytest.approx(expected)


def test_a_word_that_never_occurred_has_no_nan():
    found = pmi.pmi(torch.tensor([[2.0, 0.0], [0.0, 0.0]]))
    assert found.tolist() == [[0, -math.inf], [-math.inf, -math.inf]]


def test_pmi_refuses_counts_that_are_none():
    with pytest.raises(ValueError, match="counts are all 0"):
        pmi.pmi(torch.zeros(2, 2))
    with pytest.raises(ValueError, match="counts has -1"):
        pmi.pmi(-torch.ones(2, 2))


def test_the_largest_singular_directions_are_numpys_and_find_the_topics():
    matrix = torch.randn(30, 4, generator=torch.Generator().manual_seed(0))
    matrix = matrix @ matrix.T
    vectors = pmi.svd_vectors(matrix, 4)
    close(vectors @ vectors.T, matrix, atol=1e-4, rtol=1e-4)
    state = torch.get_rng_state()
    counted = pmi.svd_vectors(pmi.pmi(cooccurrence(two_topics(), 12, 2)).clamp(min=0), 3)
    assert torch.equal(torch.get_rng_state(), state)
    assert all_near(counted)
