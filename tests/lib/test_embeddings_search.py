"""The search by cosine is NumPy's, and an analogy is a sum of directions."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from lib import embeddings


def generator(seed):
    return torch.Generator().manual_seed(seed)


def by_cosine(vectors, query, exclude=()):
    """Rank by NumPy's cosine, of a row of zeros 0, equals by id."""
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(query)
    cosines = np.divide(vectors @ query, lengths, out=np.zeros(len(vectors)), where=lengths > 0)
    return [int(i) for i in np.lexsort((np.arange(len(vectors)), -cosines)) if i not in exclude]


@pytest.mark.parametrize("exclude", [(), (3,), (0, 7, 7)])
def test_nearest_ranks_by_cosine_whatever_the_lengths(exclude):
    random = generator(8)
    lengths = 10 ** torch.linspace(-3, 3, 9, dtype=torch.float64)[torch.randperm(9, generator=random)]
    vectors = lengths.unsqueeze(1) * torch.randn(9, 4, dtype=torch.float64, generator=random)
    query = 50 * torch.randn(4, dtype=torch.float64, generator=random)
    vectors[5] = 0
    expected = by_cosine(vectors.numpy(), query.numpy(), exclude)
    for k in (1, 4, len(expected)):
        assert embeddings.nearest(vectors, query, k, exclude).tolist() == expected[:k]


def test_equals_go_to_the_smaller_id_and_zeros_before_what_points_away():
    vectors = torch.tensor([[-1.0, 0.0], [0.0, 0.0], [2.0, 0.0], [0.0, 0.0], [8.0, 0.0]] * 9)
    found = embeddings.nearest(vectors, torch.tensor([3.0, 0.0]), 45).tolist()
    assert [i % 5 for i in found] == [2, 4] * 9 + [1, 3] * 9 + [0] * 9
    assert all(sorted(found[a:b]) == found[a:b] for a, b in ((0, 18), (18, 36), (36, 45)))
    assert embeddings.nearest(vectors, torch.zeros(2), 3).tolist() == [0, 1, 2]


def test_a_search_refuses_what_it_cannot_find():
    vectors = torch.eye(3)
    for k in (0, -1, 3):
        with pytest.raises(ValueError, match=f"k={k} must lie from 1 to 2, the rows that may be found"):
            embeddings.nearest(vectors, vectors[0], k, exclude=[1, 1])
    with pytest.raises(ValueError, match="id -1 is none of the 3 rows"):
        embeddings.nearest(vectors, vectors[0], 1, exclude=[-1])
    with pytest.raises(ValueError, match="k=1 must lie from 1 to 0"):
        embeddings.analogy(vectors, 0, 1, 2)
    with pytest.raises(ValueError, match="ids has 3; an id must lie from 0 to 2"):
        embeddings.analogy(vectors, 0, 1, 3, exclude_inputs=False)


@pytest.mark.parametrize("exclude_inputs", [True, False])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_an_analogy_adds_directions_whatever_the_lengths(exclude_inputs, dtype):
    for seed in range(20):
        random = generator(seed)
        vectors = torch.randn(12, 5, dtype=torch.float64, generator=random)
        vectors *= 10 ** (4 * torch.rand(12, 1, dtype=torch.float64, generator=random) - 2)
        a, b, c = torch.randperm(12, generator=random)[:3].tolist()
        units = (vectors / vectors.norm(dim=1, keepdim=True)).numpy()
        expected = by_cosine(units, units[b] - units[a] + units[c], (a, b, c) if exclude_inputs else ())
        found = embeddings.analogy(vectors.to(dtype), a, b, c, 3, exclude_inputs)
        assert found.tolist() == expected[:3]


def test_an_analogy_by_hand():
    vectors = torch.tensor(
        [[1.0, 0, 0], [1, 0, 1], [0, 1, 0], [0, 1, 1], [0, 0, 1]]
    )  # man king woman queen crown
    assert embeddings.analogy(vectors, 0, 1, 2).tolist() == [3]
    query = F.normalize(vectors[1], dim=0) - vectors[0] + vectors[2]
    assert F.cosine_similarity(query, vectors[3], dim=0).item() == pytest.approx(0.959, abs=5e-4)
