"""Nothing is lost but what is said to be; against torch's pad_sequence, plain lists and numbers worked by hand."""

import random

import pytest
import torch
from torch.nn.utils.rnn import pad_sequence

from lib.packing import batch_indices, collate, pack


def lists(seed: int, count: int, longest: int = 9) -> list[list[int]]:
    source = random.Random(seed)
    return [[source.randrange(50) for _ in range(source.randrange(longest))] for _ in range(count)]


def test_packed_rows_are_the_stream_without_its_remainder():
    documents = lists(1, 40)
    stream = [token for document in documents for token in [*document, 50]]
    for context in (1, 2, 7, 64, len(stream), len(stream) + 1):
        rows = pack(documents, context, end=50)
        whole = len(stream) // context
        assert rows.shape == (whole, context)
        assert rows.dtype == torch.int64
        assert rows.flatten().tolist() == stream[: whole * context]


def test_packing_at_the_edges():
    assert pack([[1, 2], [3], [4, 5, 6]], 4, 0).tolist() == [[1, 2, 0, 3], [0, 4, 5, 6]]
    assert pack([[], [1]], 1, 9).tolist() == [[9], [1], [9]]
    assert pack([[]], 1, 9).tolist() == [[9]]
    assert pack([], 3, 9).shape == (0, 3)
    with pytest.raises(ValueError, match="context=0 must be at least 1"):
        pack([[1]], 0, 9)


def test_a_padded_batch_is_torchs():
    for seed in range(5):
        examples = lists(seed, 8)
        ids, keep = collate(examples, pad=7)  # a token as well
        tensors = [torch.tensor(example, dtype=torch.int64) for example in examples]
        torch.testing.assert_close(ids, pad_sequence(tensors, batch_first=True, padding_value=7))
        assert keep.sum(dim=1).tolist() == [len(example) for example in examples]
        assert [row[real].tolist() for row, real in zip(ids, keep, strict=True)] == examples


def test_collating_at_the_edges():
    ids, keep = collate([[]], pad=0)
    assert ids.shape == keep.shape == (1, 0)
    assert (ids.dtype, keep.dtype) == (torch.int64, torch.bool)
    assert collate([[5]], pad=0)[0].tolist() == [[5]]
    with pytest.raises(ValueError, match="there is no example"):
        collate([], pad=0)


@pytest.mark.parametrize(
    ("N", "batch", "bucket"), [(100, 8, 3), (96, 8, 3), (5, 8, 50), (1, 1, 1), (0, 4, 2), (30, 1, 4)]
)
def test_every_index_is_in_one_batch(N, batch, bucket):
    lengths = [len(one) for one in lists(2, N)]
    u = torch.rand(N, generator=torch.Generator().manual_seed(N))
    batches = batch_indices(lengths, batch, u, bucket)
    assert sorted(i for one in batches for i in one) == list(range(N))
    sizes = sorted((len(one) for one in batches), reverse=True)
    assert sizes == [batch] * (N // batch) + [N % batch] * (N % batch > 0)
    assert all([lengths[i] for i in one] == sorted(lengths[i] for i in one) for one in batches)


def test_order_by_hand():
    """u sorts to 1 3 4 0 2. The first bucket's lengths 1 9 4 3 sort to 1 0 4 3; u[0] > u[1] puts its second half first."""
    u = torch.tensor([0.5, 0.1, 0.9, 0.3, 0.4])
    assert batch_indices([3, 1, 2, 9, 4], 2, u, bucket=2) == [[4, 3], [1, 0], [2]]
    assert batch_indices([1, 1, 1, 1], 2, torch.tensor([0.4, 0.3, 0.2, 0.1]), 2) == [[1, 0], [3, 2]]


def test_buckets_save_padding_and_leave_the_order_to_chance():
    source = random.Random(4)
    lengths = [source.randrange(1, 400) for _ in range(3200)]
    u = torch.rand(3200, generator=torch.Generator().manual_seed(4))

    def padding(bucket: int) -> float:
        batches = batch_indices(lengths, 32, u, bucket)
        return 1 - sum(lengths) / sum(len(one) * max(lengths[i] for i in one) for one in batches)

    assert padding(bucket=1) > 0.4
    assert padding(bucket=50) < 0.05
    means = [sum(lengths[i] for i in one) / 32 for one in batch_indices(lengths, 32, u)]
    assert means != sorted(means)


def test_bad_sizes_are_refused():
    for batch, bucket, count in ((0, 1, 2), (1, 0, 2), (1, 1, 3)):
        with pytest.raises(ValueError, match=f"and u have 2 numbers, not {count}"):
            batch_indices([1, 2], batch, torch.rand(count), bucket)
