"""n-gram models against numbers worked by hand, the papers' formulas in plain Python, and the laws of chance."""

import math
from collections import Counter
from itertools import product

import pytest
import torch

from lib.ngram import AddK, KneserNey, perplexity, sample
from lib.ngram_counts import UNKNOWN, NGramCounts

TEXTS = ["abracadabra", "a barbarian", "", "cab"]
START = "^"


def padded_grams(texts, n, k):
    """The k-grams that end in a token, in plain Python, with n - 1 start marks before each text."""
    for text in texts:
        marked = START * (n - 1) + text
        yield from (marked[i - k + 1 : i + 1] for i in range(n - 1, len(marked)))


def kneser_ney_by_the_formula(texts, n, V, D, context, token):
    """Chen and Goodman 1999: counts at the top, numbers of distinct left neighbours below, 1/V at the bottom."""

    def probability(k, history):
        if k == 0:
            return 1 / V
        if k == n:
            count = Counter(padded_grams(texts, n, k))
        else:
            count = Counter(gram[1:] for gram in set(padded_grams(texts, n, k + 1)))
        after = {gram: c for gram, c in count.items() if gram[:-1] == history}
        lower = probability(k - 1, history[1:])
        if not after:
            return lower
        return (max(after.get(history + token, 0) - D, 0) + D * len(after) * lower) / sum(after.values())

    return probability(n, (START * (n - 1) + context)[-(n - 1) :] if n > 1 else "")


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_counts_agree_with_a_plain_count(n):
    counts = NGramCounts(TEXTS, n)
    for k in range(1, n + 1):
        plain = Counter(gram for gram in padded_grams(TEXTS, n, k) if START not in gram)
        grams = {"".join(gram) for gram in product("abrcdin ", repeat=k)} if k < 4 else set(plain)
        assert {g: counts.count(g) for g in grams} == {g: plain[g] for g in grams}


def test_maximum_likelihood_by_hand():
    # After "a" come b, b, a, b; after "b" come a, a; at the start stand a, b.
    model = AddK(NGramCounts(["abab", "baab"], n=2), k=0.0)
    assert model.counts.tokens == ["a", "b", UNKNOWN]
    assert model.next_probs("a").tolist() == [1 / 4, 3 / 4, 0.0]
    assert model.next_probs("").tolist() == [0.5, 0.5, 0.0]
    assert model.log_probs("aba").exp().tolist() == pytest.approx([1 / 2, 3 / 4, 1.0])


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("k", [0.01, 1.0, 3.0])
def test_add_k_agrees_with_its_formula(n, k):
    model = AddK(NGramCounts(TEXTS, n), k=k)
    V = len(set("".join(TEXTS))) + 1
    grams = Counter(padded_grams(TEXTS, n, n))
    for context in ["", "a", "br", "zz", "nr"]:
        history = (START * (n - 1) + context)[-(n - 1) :] if n > 1 else ""
        total = sum(c for gram, c in grams.items() if gram[:-1] == history)
        wanted = [(grams[history + token] + k) / (total + k * V) for token in model.counts.tokens]
        assert model.next_probs(context).tolist() == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("D", [0.5, 0.75, 1.0])
def test_kneser_ney_agrees_with_its_formula(n, D):
    model = KneserNey(NGramCounts(TEXTS, n), discount=D)
    V = model.counts.V
    for context in ["", "a", "ab", "abr", "rba", "zab", "n", "nnn"]:
        wanted = [kneser_ney_by_the_formula(TEXTS, n, V, D, context, t) for t in model.counts.tokens]
        assert model.next_probs(context).tolist() == pytest.approx(wanted, rel=1e-12)


def test_kneser_ney_by_hand():
    # "ababac", n = 2, D = 1/2. Bigrams: ^a, ab, ab, ba, ba, ac. Left neighbours: a has ^ and b, b has a, c has a.
    # Unigrams, V = 4 with UNKNOWN: (2 - D)/4 + 3D/4/4 = 15/32, (1 - D)/4 + 3/32 = 7/32 for b and c, 3/32.
    # After a, seen 3 times with 2 followers: P(b) = (2 - D)/3 + 2D/3 * 7/32 = 55/96, P(a) = 1/3 * 15/32.
    model = KneserNey(NGramCounts(["ababac"], n=2), discount=0.5)
    probs = dict(zip(model.counts.tokens, model.next_probs("a").tolist(), strict=True))
    assert probs == pytest.approx({"b": 55 / 96, "a": 15 / 96, "c": 1 / 6 + 7 / 96, UNKNOWN: 3 / 96})
    assert model.next_probs("c").tolist() == pytest.approx([15 / 32, 7 / 32, 7 / 32, 3 / 32])


def test_a_word_with_one_left_neighbour_is_a_poor_guess_elsewhere():
    # The point of Kneser and Ney: "francisco" is frequent, yet only ever after "san".
    words = ["san", "francisco", "san", "francisco", "san", "francisco", "the", "glasses", "my", "glasses"]
    model = KneserNey(NGramCounts([words], n=2))
    p = dict(zip(model.counts.tokens, model.next_probs(["reading"]).tolist(), strict=True))
    assert words.count("francisco") > words.count("glasses")
    assert p["glasses"] > p["francisco"]


@pytest.mark.parametrize("smooth", [lambda c, n: AddK(c, n, 0.3), KneserNey])
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_probabilities_sum_to_one_after_seen_and_unseen_contexts(smooth, n):
    model = smooth(NGramCounts(TEXTS, 4), n)
    for context in ["", "a", "abra", "zzz", "dn ", "barbarian" * 3]:
        probs = model.next_probs(context)
        assert (probs > 0).all()
        assert float(probs.sum()) == pytest.approx(1, abs=1e-12)


def test_the_probabilities_of_all_texts_of_one_length_sum_to_one():
    model = KneserNey(NGramCounts(["aab", "ba"], n=3))
    total = sum(model.log_probs(text).sum().exp() for text in product(model.counts.tokens, repeat=4))
    assert float(total) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("smooth", [AddK, KneserNey])
@pytest.mark.parametrize("n", [1, 2, 4])
def test_log_probs_and_next_probs_tell_the_same(smooth, n):
    model = smooth(NGramCounts(TEXTS, n))
    text = "barcadz "
    one_by_one = [
        model.next_probs(text[:i])[model.counts.encode(token)].log() for i, token in enumerate(text)
    ]
    torch.testing.assert_close(model.log_probs(text), torch.cat(one_by_one), rtol=0, atol=1e-12)


@pytest.mark.parametrize("smooth", [AddK, KneserNey])
def test_counting_further_than_needed_changes_nothing(smooth):
    far, near = NGramCounts(TEXTS, 5), NGramCounts(TEXTS, 2)
    torch.testing.assert_close(smooth(far, 2).log_probs("radar"), smooth(near).log_probs("radar"))


def test_an_n_gram_model_cannot_see_beyond_n_minus_1_tokens():
    model = KneserNey(NGramCounts(TEXTS, 3))
    assert torch.equal(model.next_probs("abrac"), model.next_probs("zzzac"))
    assert not torch.equal(model.next_probs("abrac"), model.next_probs("abrab"))


def test_the_perplexity_of_a_uniform_model_is_the_vocabulary_size():
    model = AddK(NGramCounts(["abcd"], n=1), k=1e12)
    assert perplexity(model, ["dcba", "aa"]) == pytest.approx(5, rel=1e-9)


def test_perplexity_is_taken_over_tokens_not_over_texts():
    model = AddK(NGramCounts(["aaab"], n=1), k=0.0)
    assert perplexity(model, ["a", "ab", ""]) == pytest.approx((3 / 4 * 3 / 4 * 1 / 4) ** (-1 / 3))


def test_without_smoothing_an_unseen_n_gram_makes_perplexity_infinite():
    counts = NGramCounts(["abab"], n=2)
    assert perplexity(AddK(counts, k=0.0), ["abb"]) == math.inf
    assert perplexity(KneserNey(counts), ["abbz"]) < math.inf


def test_words_and_numbers_are_tokens_too():
    words = [["to", "be", "or", "not", "to", "be"]]
    assert NGramCounts(words, n=2).count(["to", "be"]) == 2
    assert NGramCounts([(3, 1, 3, 1)], n=3).count((3, 1, 3)) == 1


def test_tokens_outside_the_vocabulary_count_as_unknown():
    counts = NGramCounts(["abcd"], n=1, vocabulary="ab")
    assert counts.tokens == ["a", "b", UNKNOWN]
    assert counts.count("a") == 1
    assert counts.count("c") == counts.count("z") == counts.count(UNKNOWN) == 2
    assert counts.encode("azb").tolist() == [0, 2, 1]


def test_samples_have_the_model_s_frequencies():
    # Chi-square with 3 degrees of freedom: above 16.27 in one of 1000 right samplers; the seed is fixed.
    model = AddK(NGramCounts(["aaaaaabbbc"], n=1), k=0.5)
    drawn = Counter(sample(model, 4000, torch.Generator().manual_seed(0)))
    expected = {t: 4000 * p for t, p in zip(model.counts.tokens, model.next_probs().tolist(), strict=True)}
    assert set(drawn) <= set(expected)
    assert sum((drawn[token] - mean) ** 2 / mean for token, mean in expected.items()) < 16.27


def test_each_sampled_token_follows_the_ones_before_it():
    model = AddK(NGramCounts(["abcabcabc"], n=3), k=0.0)
    generator = torch.Generator().manual_seed(0)
    assert "".join(sample(model, 7, generator)) == "abcabca"
    assert "".join(sample(model, 4, generator, context="zzab")) == "cabc"
    assert sample(model, 0, generator) == []


def test_the_same_generator_gives_the_same_sample():
    model = KneserNey(NGramCounts(TEXTS, n=2))
    first, again, other = (sample(model, 50, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: NGramCounts(["ab"], n=0), "n=0 must be at least 1"),
        (lambda: NGramCounts("ab", n=1), "texts is one string"),
        (lambda: NGramCounts([], n=1), "texts hold no token"),
        (lambda: NGramCounts(["", ""], n=1), "texts hold no token"),
        (lambda: NGramCounts(["ab"], n=1).count("ab"), "gram='ab' has 2 tokens; these counts hold 1 to 1"),
        (lambda: NGramCounts(["ab"], n=1).count(""), "gram='' has 0 tokens"),
        (lambda: AddK(NGramCounts(["ab"], n=2), n=3), "n=3 must lie between 1 and the 2"),
        (lambda: KneserNey(NGramCounts(["ab"], n=2), n=0), "n=0 must lie between 1 and the 2"),
        (lambda: AddK(NGramCounts(["ab"], n=1), k=-1), "k=-1 must not be negative"),
        (lambda: KneserNey(NGramCounts(["ab"], n=1), discount=0), "discount=0 must lie above 0"),
        (lambda: KneserNey(NGramCounts(["ab"], n=1), discount=1.5), "discount=1.5 must lie above 0"),
        (lambda: AddK(NGramCounts(["ab"], n=2), k=0.0).next_probs("z"), "context='z' was never seen"),
        (lambda: perplexity(AddK(NGramCounts(["ab"], n=1)), "ab"), "texts is one string"),
        (lambda: perplexity(AddK(NGramCounts(["ab"], n=1)), [""]), "texts hold no token"),
    ],
)
def test_bad_input_is_refused_with_its_name_and_value(call, message):
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        call()
