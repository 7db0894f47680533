"""speculate with two drafts: greedy it writes what the model writes alone, drawn it keeps the distribution.

The chi-square test has fresh numbers in every run and is held to the 1 - 1e-6 quantile: it would accuse a right
program once in a million runs.
"""

import pytest
import torch

from lib.decoding import Decoding
from lib.drafts import DraftModel, lookup_guesser, probabilities, speculate
from lib.generation import generate_batch
from tests.lib.cached_decoder import CachedDecoder
from tests.support.seeds import fresh_seeds, to_repeat

GREEDY = Decoding(temperature=0)
PROMPT = [3, 1, 4, 1, 5]


class Table:
    """A model whose next token depends on the last one alone."""

    n_layers = 1

    def __init__(self, probs, context=1000):
        self.logits, self.context, self.read = probs.log(), context, 0

    def __call__(self, tokens, cache=None, positions=None, mask=None):
        cache.append(0, *[torch.zeros(1, 1, tokens.shape[1], 1)] * 2)
        self.read += tokens.shape[1]
        return self.logits[tokens]


@pytest.mark.parametrize("gamma", [0, 1, 4])
@pytest.mark.parametrize("smaller", [True, False])
def test_greedy_it_writes_what_the_model_writes_alone(gamma, smaller):
    model = CachedDecoder()
    guess = DraftModel(CachedDecoder(n_layers=1, seed=1), GREEDY) if smaller else lookup_guesser(31)
    alone = generate_batch(model, [PROMPT], 20, pad=0)[0]
    model.read = 0
    made, passes = speculate(model, guess, PROMPT, 20, gamma=gamma, decoding=GREEDY)
    assert made == alone
    assert passes <= 20
    assert model.read <= 5 + 20 + passes * gamma


def test_a_draft_that_is_the_model_itself_saves_all_passes_that_can_be_saved():
    model = CachedDecoder()
    made, passes = speculate(model, DraftModel(CachedDecoder(), GREEDY), PROMPT, 20, gamma=4, decoding=GREEDY)
    assert (len(made), passes) == (20, 4)


def test_a_text_that_repeats_itself_is_looked_up():
    cycle = torch.eye(5).roll(1, dims=1).clamp(1e-9)
    made, passes = speculate(
        Table(cycle), lookup_guesser(5), [0, 1, 2, 3, 4, 0], 16, gamma=7, decoding=GREEDY
    )
    assert made == [(i + 1) % 5 for i in range(16)]
    assert passes <= 4


def test_it_ends_before_a_stop_token_among_the_guesses():
    model = CachedDecoder()
    alone = generate_batch(model, [PROMPT], 20, pad=0)[0]
    stop = next(token for token in alone[6:] if token not in alone[:6])
    wanted = alone[: alone.index(stop)]
    for settings in ({"stop": {stop}, "decoding": GREEDY}, {"decoding": Decoding(temperature=0, eos=stop)}):
        made, _ = speculate(model, DraftModel(CachedDecoder(), GREEDY), PROMPT, 20, **settings)
        assert made == wanted


def test_the_drawn_texts_have_the_models_distribution():
    seeds = fresh_seeds(1)
    generator = torch.Generator().manual_seed(int(seeds[0], 16) % 2**63)
    p = torch.tensor([[0.5, 0.3, 0.2], [0.1, 0.3, 0.6], [0.3, 0.4, 0.3]])
    q = torch.tensor([[0.2, 0.7, 0.1], [0.3, 0.1, 0.6], [0.3, 0.3, 0.4]])
    guess, counts, rounds = DraftModel(Table(q), generator=generator), torch.zeros(3, 3), 300
    for _ in range(rounds):
        made, _ = speculate(Table(p), guess, [0], 3, gamma=2, generator=generator)
        counts[tuple(made[1:])] += 1
    wanted = rounds * torch.einsum("i,ij,jk->jk", p[0], p, p)
    assert wanted.min() > 5
    half = ((counts - wanted) ** 2 / wanted).sum().double() / 2
    chance = torch.special.gammaincc(
        torch.tensor(4.0, dtype=torch.float64), half
    )  # 9 cells, 8 degrees of freedom
    assert chance > 1e-6, to_repeat(seeds)


def test_probabilities_are_those_after_all_filters_over_the_text_of_each_place():
    rows = probabilities(torch.zeros(2, 3), [0, 1], Decoding(penalty=2.0, top_k=2))
    assert rows.tolist() == [[0.5, 0.5, 0.0]] * 2  # a logit of 0 knows no penalty
    rows = probabilities(torch.ones(2, 3), [0, 1], Decoding(penalty=2.0, top_k=1))
    assert rows.tolist() == [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


def test_a_draft_forgets_what_was_refused_and_reads_the_rest_once():
    small = CachedDecoder(seed=1)
    draft = DraftModel(small, GREEDY)
    first, q = draft([1, 2, 3], 3)
    assert (len(first), q.shape, small.read) == (3, (3, 31), 5)
    again, _ = draft([1, 2, 3, first[0], 30], 2)
    assert again == DraftModel(CachedDecoder(seed=1), GREEDY)([1, 2, 3, first[0], 30], 2)[0]
    assert small.read == 5 + 1 + 1


def test_a_draft_with_a_short_context_guesses_less_and_then_nothing():
    draft = DraftModel(CachedDecoder(context=6), GREEDY)
    assert len(draft([1] * 5, 4)[0]) == 2
    assert draft([1] * 7, 4)[0] == []
    model = CachedDecoder(seed=2)
    made, _ = speculate(model, draft, PROMPT, 10, decoding=GREEDY)
    assert made == generate_batch(model, [PROMPT], 10, pad=0)[0]


def test_bad_input_is_refused():
    model, guess = CachedDecoder(context=8), lookup_guesser(31)
    with pytest.raises(ValueError, match="the prompt has 0 tokens, at least 1; gamma=4"):
        speculate(model, guess, [], 3)
    with pytest.raises(ValueError, match="gamma=-1 must not be negative"):
        speculate(model, guess, [1], 3, gamma=-1)
    with pytest.raises(ValueError, match="max_new_tokens=-2 must not be negative"):
        speculate(model, guess, [1], -2)
    with pytest.raises(ValueError, match="a prompt of 5 tokens and 5 new ones do not fit"):
        speculate(model, guess, [1] * 5, 5)
    assert len(speculate(model, guess, [1] * 5, 4)[0]) == 4
    assert speculate(model, guess, [1], 0) == ([], 0)
