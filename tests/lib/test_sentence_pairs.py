"""Pairs of halves by hand and in large numbers, what is hidden in them, and that a batch follows from its generator."""

import pytest
import torch

from lib.characters import Characters
from lib.sentence_pairs import (
    SPECIALS,
    Specials,
    assemble,
    bert_batch,
    bert_batches_of,
    sentence_pairs,
)

# Every token says where it is from: 1000 · document + place.
DOCUMENTS = [1000 * d + torch.arange(n) for d, n in enumerate((8, 12, 9, 300))]
LENGTH = 4
PLACES = [(d, i) for d, document in enumerate(DOCUMENTS) for i in range(len(document) - 2 * LENGTH + 1)]


def generator(seed):
    return torch.Generator().manual_seed(seed)


def where(halves):
    """Return document and place of each half, after a look whether it is one run of LENGTH tokens."""
    assert torch.equal(halves, halves[:, :1] + torch.arange(LENGTH))
    return [(token // 1000, token % 1000) for token in halves[:, 0].tolist()]


def by_hand(coin, here, there):
    d, i = PLACES[int(here * len(PLACES))]
    if coin < 0.5:
        return (d, i), (d, i + LENGTH)
    others = [place for place in PLACES if place[0] != d]
    e, j = others[int(there * len(others))]
    return (d, i), (e, j + LENGTH)


@pytest.mark.parametrize("seed", range(5))
def test_pairs_are_those_that_u_names(seed):
    u = torch.rand(2000, 3, generator=generator(seed), dtype=torch.float64)
    first, second, is_next = sentence_pairs(DOCUMENTS, LENGTH, u)
    assert list(zip(where(first), where(second), strict=True)) == [by_hand(*row) for row in u.tolist()]
    assert torch.equal(is_next, u[:, 0] < 0.5)
    assert {first.dtype, second.dtype} == {torch.int64}


def test_the_ends_of_u_are_the_first_and_the_last_place():
    almost = 1 - 2**-53
    edge = torch.tensor([0.5, almost, 0.0, 0.0], dtype=torch.float64)
    u = torch.stack([edge, edge, torch.tensor([0.0, almost, almost, 0.0])], dim=1)
    first, second, _ = sentence_pairs(DOCUMENTS, LENGTH, u)
    found = list(zip(where(first), where(second), strict=True))
    assert found[1:] == [((3, 292), (2, 5)), ((0, 0), (0, 4)), ((0, 0), (0, 4))]
    last = torch.tensor([[0.9, 0.0, almost], [0.9, 0.0, 0.0]], dtype=torch.float64)
    assert where(sentence_pairs(DOCUMENTS, LENGTH, last)[1]) == [(3, 296), (1, 4)]


def test_a_false_half_is_from_another_document_and_a_true_one_follows():
    u = torch.rand(10_000, 3, generator=generator(0))
    first, second, is_next = sentence_pairs(DOCUMENTS, LENGTH, u)
    same = first[:, 0] // 1000 == second[:, 0] // 1000
    assert torch.equal(same, is_next)
    assert torch.equal(second[is_next], first[is_next] + LENGTH)


def test_no_pair_is_refused():
    with pytest.raises(ValueError, match="u has no row; it needs one for each pair"):
        sentence_pairs(DOCUMENTS, LENGTH, torch.zeros(0, 3))


@pytest.mark.parametrize(
    ("documents", "length"),
    [([], 1), ([torch.arange(9)], 2), ([torch.arange(9), torch.arange(5)], 3), (DOCUMENTS, 0)],
)
def test_too_few_or_too_short_documents_are_refused(documents, length):
    with pytest.raises(ValueError, match="there must be at least two, each of at least 2 · length tokens"):
        sentence_pairs(documents, length, torch.rand(2, 3))


@pytest.mark.parametrize("context", [8, 10])
def test_halves_are_laid_out_as_in_bert(context):
    first, second = torch.tensor([[1, 2, 3], [4, 5, 6]]), torch.tensor([[6, 5], [1, 1]])
    tokens, segments, maskable = assemble(first, second, 20, 21, 22, context)
    pad = [22] * (context - 8)
    assert tokens.tolist() == [[20, 1, 2, 3, 21, 6, 5, 21, *pad], [20, 4, 5, 6, 21, 1, 1, 21, *pad]]
    assert segments.tolist() == [[0] * 5 + [1] * 3 + [0] * len(pad)] * 2
    assert maskable.int().tolist() == [[0, 1, 1, 1, 0, 1, 1, 0, *[0] * len(pad)]] * 2


def test_assemble_refuses():
    half = torch.tensor([[1, 2]])
    with pytest.raises(ValueError, match="halves of 2 and 2 tokens with three specials are more than"):
        assemble(half, half, 7, 8, 9, context=6)
    for special in (7, 8, 9):
        with pytest.raises(ValueError, match=r"a half holds one of the ids \[7, 8, 9\], which are special"):
            assemble(half, torch.tensor([[1, special]]), 7, 8, 9, context=7)


SPECIAL = Specials(5000, 5001, 5002, 5003)


def test_specials_have_the_ids_of_the_vocabulary():
    vocabulary = Characters("abc", SPECIALS)
    assert Specials.of(vocabulary) == Specials(cls=4, sep=5, pad=6, mask=7)
    assert min(Specials.of(vocabulary)) == vocabulary.unknown_id + 1
    with pytest.raises(ValueError, match=r"special='\[CLS\]' is none of"):
        Specials.of(Characters("abc"))


def test_what_is_hidden_is_a_character_and_what_stands_there_instead_is_no_other_special():
    one = bert_batch(DOCUMENTS, 12, SPECIAL, generator(1), batch=4000)
    tokens, labels = one["tokens"], one["labels"]
    assert tokens.shape == labels.shape == one["segments"].shape == (4000, 12)
    hidden = labels != -100
    places = torch.tensor([False, *[True] * 4, False, *[True] * 4, False, False])
    assert not hidden[:, ~places].any()
    assert (tokens[:, ~places] == torch.tensor([5000, 5001, 5001, 5002])).all()
    assert hidden[:, places].double().mean().item() == pytest.approx(0.15, abs=0.012)  # six deviations
    assert labels[hidden].max() < 5000
    assert torch.isin(tokens[hidden], torch.tensor([5000, 5001, 5002])).sum() == 0
    assert (tokens[hidden] == 5003).double().mean().item() == pytest.approx(0.8, abs=0.035)
    assert one["lengths"].tolist() == [11] * 4000
    whole = torch.where(hidden, labels, tokens)  # with the holes filled they are the pairs
    same = whole[:, 1] // 1000 == whole[:, 6] // 1000
    assert torch.equal(same, one["is_next"])
    assert 0.45 < one["is_next"].double().mean() < 0.55


def test_another_share_hides_another_share():
    one = bert_batch(DOCUMENTS, 11, SPECIAL, generator(2), batch=2000, share=0.4)
    assert (one["labels"] != -100).double().mean().item() * 11 / 8 == pytest.approx(0.4, abs=0.025)


def test_a_batch_follows_from_seed_and_number_alone():
    data = bert_batches_of(DOCUMENTS, 11, SPECIAL, batch=3, seed=4)
    a, b, other = data(7), data(8), bert_batches_of(DOCUMENTS, 11, SPECIAL, batch=3, seed=5)(7)
    again = data(7)
    assert all(torch.equal(a[name], again[name]) for name in a)
    assert not torch.equal(a["tokens"], b["tokens"])
    assert not torch.equal(a["tokens"], other["tokens"])


def test_batches_refuse_before_the_first_is_asked_for():
    with pytest.raises(ValueError, match="give no pairs of length=5"):
        bert_batches_of(DOCUMENTS, 13, SPECIAL)
    with pytest.raises(ValueError, match="which are special"):
        bert_batches_of(DOCUMENTS, 11, Specials(3001, 3002, 3003, 3004), batch=2000)
