"""attend_in_blocks: any block size gives the same, and no (T, S) matrix is ever held."""

import pytest
import torch
import torch.nn.functional as F

from book.cells.memory import Memory
from lib.attention import attend, attend_in_blocks, causal_mask, padding_mask


def random_qkv(T, S, K=8):
    draw = torch.Generator().manual_seed(0)
    return [torch.randn(1, 1, n, K, generator=draw) for n in (T, S, S)]


@pytest.mark.parametrize("block", [1, 2, 3, 6, 7, 8, 64])
@pytest.mark.parametrize("mask", [None, causal_mask(5, 7) & padding_mask(torch.tensor([0, 4]), 7)])
def test_every_block_size_gives_the_values_and_gradients_of_torch(block, mask):
    inputs = [(3 * x.double().expand(2, -1, -1, -1)).requires_grad_() for x in random_qkv(5, 7)]
    got = attend_in_blocks(*inputs, mask, block=block)
    want = F.scaled_dot_product_attention(*inputs, attn_mask=mask)
    torch.testing.assert_close(got, want, rtol=1e-13, atol=1e-13)
    upstream = torch.linspace(-1, 1, got.numel(), dtype=got.dtype).view_as(got)
    of_got, of_want = (torch.autograd.grad(out, inputs, upstream) for out in (got, want))
    torch.testing.assert_close(of_got, of_want, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("block", [0, -3])
def test_a_block_without_keys_is_refused(block):
    with pytest.raises(ValueError, match=f"block={block} must be at least 1"):
        attend_in_blocks(*random_qkv(5, 7), block=block)


def memory_of(function, *inputs, **options):
    with torch.no_grad(), Memory() as memory:
        function(*inputs, **options)
    return memory


@pytest.mark.parametrize("masked", [False, True])
def test_blocks_never_hold_a_matrix_of_all_scores(masked):
    T, S, block = 256, 512, 32
    q, k, v = random_qkv(T, S)
    mask = causal_mask(T, S) if masked else None
    assert memory_of(attend, q, k, v, mask).largest == T * S * 4  # the recorder does see such a matrix
    assert memory_of(attend_in_blocks, q, k, v, mask, block=block).largest == T * block * 4


def test_memory_of_blocks_does_not_grow_with_the_number_of_keys():
    few, many = (memory_of(attend_in_blocks, *random_qkv(64, S), block=16).peak for S in (128, 2048))
    assert few == many
    small, large = (memory_of(attend, *random_qkv(64, S)).peak for S in (128, 2048))
    assert large > 12 * small  # 16 times the keys
