"""causal_mask and padding_mask: who may look where, and what is refused."""

import pytest
import torch
import torch.nn.functional as F

from lib.attention import attend, causal_mask, padding_mask


def random_qkv(T, K=8):
    draw = torch.Generator().manual_seed(0)
    return [torch.randn(2, 3, T, K, generator=draw) for _ in range(3)]


@pytest.mark.parametrize(("T", "S"), [(1, 1), (4, 4), (3, 5), (1, 6)])
def test_query_t_sees_the_keys_up_to_its_own_position(T, S):
    want = [[s <= S - T + t for s in range(S)] for t in range(T)]
    mask = causal_mask(T, S)
    assert mask.dtype == torch.bool
    assert mask.tolist() == want


def test_without_a_number_of_keys_the_causal_mask_is_square():
    assert torch.equal(causal_mask(4), causal_mask(4, 4))


def test_fewer_keys_than_queries_are_refused():
    with pytest.raises(ValueError, match="S=3 keys cannot hold T=4 queries; S must be at least T"):
        causal_mask(4, 3)


def test_the_causal_mask_agrees_with_torch():
    q, k, v = random_qkv(6)
    want = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    torch.testing.assert_close(attend(q, k, v, causal_mask(6)), want, rtol=1e-6, atol=1e-6)


def test_continuing_a_text_equals_reading_it_whole():
    q, k, v = random_qkv(6)
    whole = attend(q, k, v, causal_mask(6))
    torch.testing.assert_close(
        attend(q[:, :, 4:], k, v, causal_mask(2, 6)), whole[:, :, 4:], rtol=1e-6, atol=1e-6
    )


def test_the_padding_mask_counts_from_no_token_to_all():
    mask = padding_mask(torch.tensor([0, 2, 3]), 3)
    assert (mask.dtype, mask.shape) == (torch.bool, (3, 1, 1, 3))
    assert mask[:, 0, 0].tolist() == [[False] * 3, [True, True, False], [True] * 3]


def test_the_padding_mask_has_a_column_for_every_key_where_no_sequence_is_full():
    assert padding_mask(torch.tensor([1, 2]), 4)[:, 0, 0].tolist() == [
        [True] + [False] * 3,
        [True, True, False, False],
    ]


@pytest.mark.parametrize("lengths", [[1, 4], [-1, 2]])
def test_a_length_outside_the_sequence_is_refused(lengths):
    with pytest.raises(
        ValueError, match=rf"lengths=\[{lengths[0]}, {lengths[1]}\] must lie between 0 and S=3"
    ):
        padding_mask(torch.tensor(lengths), 3)
