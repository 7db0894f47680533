"""Windows, the lines that a loss is held against, and filled holes, against plain loops and dictionaries."""

import math
from collections import Counter

import pytest
import torch

from lib import pretraining
from lib.config import BlockConfig, ModelConfig
from lib.pretraining import PretrainingBERT, baselines, bits_per_character, fill, windows
from lib.training import windows_of
from lib.transformer import BERT


def test_everything_is_found_in_one_place():
    assert all(hasattr(pretraining, name) for name in pretraining.__all__)


@pytest.mark.parametrize("N", [4, 5, 6, 7, 20])
@pytest.mark.parametrize("step", [1, 2, 3, 5])
def test_windows_are_slices(N, step):
    ids = torch.randint(9, (N,), dtype=torch.int32)
    expected = [ids[i : i + 4].tolist() for i in range(0, N - 3, step)]
    found = windows(ids, 3, step)
    assert found.tolist() == expected
    assert found.dtype == torch.int64


def test_windows_without_overlap_are_those_that_a_gpt_is_evaluated_on():
    ids = torch.randint(9, (50,))
    ((x, y),) = windows_of(ids, 100, 6)
    assert torch.equal(windows(ids, 6)[:, :-1], x)
    assert torch.equal(windows(ids, 6)[:, 1:], y)


@pytest.mark.parametrize(("N", "context", "step"), [(3, 3, None), (0, 1, None), (5, 0, None), (5, 2, 0)])
def test_windows_refuse(N, context, step):
    with pytest.raises(ValueError, match="a window of context=|must be at least 1"):
        windows(torch.zeros(N, dtype=torch.int64), context, step)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("k", [0.1, 1.0])
def test_lines_are_those_of_dictionaries(seed, k):
    generator = torch.Generator().manual_seed(seed)
    V = 7  # the last of them is in neither text for two seeds, and unseen pairs are in the second
    train = torch.randint(V - seed % 2, (60,), generator=generator).tolist()
    text = torch.randint(V - seed % 2, (40,), generator=generator).tolist()
    ones, firsts, pairs = Counter(train), Counter(train[:-1]), Counter(zip(train, train[1:], strict=False))
    unigram = [-math.log((ones[b] + k) / (len(train) + k * V)) for b in text[1:]]
    bigram = [
        -math.log((pairs[a, b] + k) / (firsts[a] + k * V)) for a, b in zip(text, text[1:], strict=False)
    ]
    found = baselines(torch.tensor(train), torch.tensor(text), V, k)
    assert list(found) == ["uniform", "unigram", "bigram"]
    assert list(found.values()) == pytest.approx([math.log(V), sum(unigram) / 39, sum(bigram) / 39])


def test_lines_refuse():
    fine = torch.tensor([0, 1, 2])
    for train, text, name in (
        (fine[:1], fine, "train"),
        (fine, fine[:0], "held_out"),
        (fine + 1, fine, "train"),
        (fine, fine - 1, "held_out"),
    ):
        with pytest.raises(ValueError, match=f"{name} must be two or more ids from 0 to V - 1 = 2"):
            baselines(train, text, V=3)
    with pytest.raises(ValueError, match=r"k=-0\.1 must not be negative"):
        baselines(fine, fine, V=3, k=-0.1)


def test_a_bit_is_a_choice_of_two():
    assert bits_per_character(math.log(8)) == pytest.approx(3)
    assert bits_per_character(0.0) == 0


CONFIG = ModelConfig(block=BlockConfig(d_model=8, n_heads=2), vocab_size=11, n_layers=1, context=6)


@pytest.mark.parametrize("make", [BERT, PretrainingBERT])
def test_holes_are_filled_in_the_order_of_their_probabilities(make):
    torch.manual_seed(0)
    model, tokens = make(CONFIG), torch.tensor([1, 10, 3, 10, 5])
    ids, probabilities = fill(model, tokens, 10, k=11)
    assert ids.dtype == torch.int64
    assert probabilities.dtype == torch.float32
    expected = model(tokens[None])[0, [1, 3]].softmax(dim=-1)
    torch.testing.assert_close(expected.gather(1, ids), probabilities)
    assert (probabilities.diff(dim=1) <= 0).all()
    torch.testing.assert_close(probabilities.sum(dim=1), torch.ones(2))
    some = fill(model, tokens, 10, k=3)
    assert torch.equal(some[0], ids[:, :3])
    assert torch.equal(some[1], probabilities[:, :3])
    assert not probabilities.requires_grad


def test_segments_are_read():
    torch.manual_seed(0)
    model, tokens = BERT(CONFIG).double(), torch.tensor([1, 10, 3])
    with torch.no_grad():
        model.segments.weight.normal_()
    segments = torch.tensor([0, 1, 1])
    ids, probabilities = fill(model, tokens, 10, 11, segments)
    expected = model(tokens[None], segments=segments[None])[0, 1].softmax(dim=-1).float()
    torch.testing.assert_close(expected[ids[0]], probabilities[0])
    assert not torch.allclose(probabilities, fill(model, tokens, 10, 11)[1])


def test_filling_refuses():
    model, tokens = BERT(CONFIG), torch.tensor([1, 10, 3])
    with pytest.raises(ValueError, match="tokens hold no mask_id=9"):
        fill(model, tokens, 9)
    for k in (0, 12):
        with pytest.raises(ValueError, match=f"k={k} must lie from 1 to V=11"):
            fill(model, tokens, 10, k)
