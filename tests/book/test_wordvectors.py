"""The recorded runs of the chapter on embeddings are those that its code names, and what it counts is what it says."""

import pytest
import torch

from book.cells import wordvectors
from lib.word2vec import build_vocabulary

pytestmark = pytest.mark.part("chapter embeddings")


@pytest.fixture(scope="module")
def plays():
    return wordvectors.spoken_plays()


def test_the_record_holds_all_pairs_of_runs_and_lists_for_each_word_and_seed():
    record = wordvectors.read_record()
    runs = {"skip-gram": 5, "skip-gram, long": 3, "counts and SVD": 3, "GloVe": 3}
    assert list(runs) == wordvectors.KINDS
    pairs = {f"{kind} | {kind}": n * (n - 1) // 2 for kind, n in runs.items()}
    pairs |= {f"{a} | {b}": runs[a] * runs[b] for a in runs for b in list(runs)[list(runs).index(a) + 1 :]}
    assert {name: len(found) for name, found in record["agreement"].items()} == pairs
    assert all(0 < share < 1 for found in record["agreement"].values() for share in found)
    assert min(record["agreement"]["counts and SVD | counts and SVD"]) > 0.8  # the sketch hardly matters
    assert record["seeds"] == [0, 1, 2, 3, 4]
    for found in record["neighbours"].values():
        assert list(found) == wordvectors.WORDS
        assert all(len(lists) == 3 and {len(words) for words in lists} == {5} for lists in found.values())


def test_headings_names_and_directions_are_left_out_and_what_is_said_stays(monkeypatch):
    lines = [
        "ACT I",
        "SCENE I. Elsinore.",
        "BERNARDO",
        "Who's there?",
        "Enter Ghost",
        "FIRST LORD",
        "O, ACT now!",
    ]
    monkeypatch.setattr(wordvectors, "shakespeare", lambda: {"hamlet": "\n".join(lines)})
    assert wordvectors.spoken_plays() == [["who's", "there", "o", "act", "now"]]


def test_the_plays_have_as_many_words_as_were_counted(plays):
    assert len(plays) == 38
    assert sum(map(len, plays)) == 851_616


def test_the_record_is_of_the_vocabulary_that_the_page_has(plays):
    words = build_vocabulary((word for play in plays for word in play), wordvectors.MIN_COUNT)
    assert len(words) == wordvectors.read_record()["words"] == 3_343


def test_a_table_agrees_with_itself_and_with_its_rotation_and_not_with_chance():
    generator = torch.Generator().manual_seed(0)
    table, other = torch.randn(2, 1000, 20, generator=generator)
    turn, _ = torch.linalg.qr(torch.randn(20, 20, generator=generator))
    assert wordvectors.agreement(table, table) == 1
    assert wordvectors.agreement(table, 3 * table @ turn) > 0.999
    assert wordvectors.agreement(table, other) < 0.03  # 10 of 999 by chance


def test_a_word_is_not_its_own_neighbour_and_the_nearest_comes_first():
    table = torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [-1.0, 0.0]])
    assert wordvectors.neighbours(table, slice(0, 2), k=2).tolist() == [[1, 2], [0, 2]]
    assert wordvectors.around("a", ["a", "b", "c", "d"], table, k=3) == ["b", "c", "d"]


def test_glove_learns_and_its_seed_decides():
    ids = torch.arange(60) % 12
    counts = torch.zeros(12, 12)
    counts[ids[:-1], ids[1:]] = counts[ids[1:], ids[:-1]] = 5.0
    one, again, other = (wordvectors.glove(counts, seed, steps=5) for seed in (0, 0, 1))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    assert one.shape == (12, wordvectors.WIDTH)


def test_the_map_holds_its_share_and_the_words_that_it_draws():
    generator = torch.Generator().manual_seed(0)
    words = [*wordvectors.MAP_WORDS, *(f"word{n}" for n in range(30))]
    vectors = torch.randn(len(words), 8, generator=generator)
    data = wordvectors.analogy_map(words, vectors)
    places = torch.tensor(data["places"])
    assert len(data["words"]) == len(set(data["words"])) == len(places) == 40
    unit = torch.nn.functional.normalize(vectors[:40], dim=-1)
    total = (unit - unit.mean(dim=0)).square().sum()
    assert places.square().sum() / total == pytest.approx(data["share"], abs=2e-3)
    assert all(len(lists["all"]) == len(lists["others"]) == 5 for lists in data["answers"].values())
