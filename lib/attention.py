"""Scaled dot-product and multi-head attention (Vaswani et al. 2017, section 3.2).

Dimension key: B batch, H heads, G key/value heads, T query tokens, S key tokens, D model width, K head width,
Kv width of a head's values (usually K).
Masks are boolean and True means "may look". Left out on purpose: dropout, KV cache, fused kernels.
"""

import math

import torch
from torch import Tensor, nn

from lib.shapes import Bool, Float, Int


def causal_mask(T: int, S: int | None = None) -> Bool[Tensor, "T S"]:
    """Return the mask that lets a query look at itself and at what came before.

    S counts the keys (default T). With S > T the queries are the last T of the S positions, as they
    are when a model continues a text whose earlier keys it has kept.

    Raises ValueError when S < T: the first queries would have no position.

    >>> causal_mask(2, 4).int().tolist()  # queries 2 and 3 of the positions 0, 1, 2, 3
    [[1, 1, 1, 0], [1, 1, 1, 1]]
    """
    ### BEGIN SOLUTION
    S = T if S is None else S
    if S < T:
        raise ValueError(f"S={S} keys cannot hold T={T} queries; S must be at least T")
    return torch.ones(T, S, dtype=torch.bool).tril(diagonal=S - T)
    ### END SOLUTION


def padding_mask(lengths: Int[Tensor, " B"], S: int) -> Bool[Tensor, "B 1 1 S"]:
    """Return the mask that hides the padding after each sequence's last real token.

    lengths are the numbers of real tokens of the sequences, all of them from 0 to S. The two axes of
    size 1 stand for heads and queries, so that the mask broadcasts to (B, H, T, S).

    Raises ValueError when a length is negative or larger than S.

    >>> padding_mask(torch.tensor([1, 3]), 3)[:, 0, 0].int().tolist()
    [[1, 0, 0], [1, 1, 1]]
    """
    ### BEGIN SOLUTION
    if ((lengths < 0) | (lengths > S)).any():
        raise ValueError(f"lengths={lengths.tolist()} must lie between 0 and S={S}")
    real = torch.arange(S, device=lengths.device) < lengths[:, None]
    return real[:, None, None, :]
    ### END SOLUTION


def attend(
    q: Float[Tensor, "B H T K"],
    k: Float[Tensor, "B H S K"],
    v: Float[Tensor, "B H S Kv"],
    mask: Tensor | None = None,
) -> Float[Tensor, "B H T Kv"]:
    """Mix the values by how well each query matches each key: softmax(q kᵀ / √K) v.

    The result has q's dtype. mask is boolean, True = may look, and broadcasts to (B, H, T, S); a query
    that may look at nothing gets zeros. Half-precision scores and their softmax are taken in float32:
    bfloat16 keeps 2 to 3 digits.

    Raises ValueError when mask is not boolean.
    Reference: Vaswani et al. 2017, equation 1.

    >>> q, k = torch.zeros(1, 1, 1, 2), torch.zeros(1, 1, 2, 2)  # equal scores: the mean of the values
    >>> attend(q, k, torch.tensor([[[[2.0, 4.0], [6.0, 8.0]]]])).tolist()
    [[[[4.0, 6.0]]]]
    """
    _check_mask(mask)
    ### BEGIN SOLUTION
    wide = torch.promote_types(q.dtype, torch.float32)
    scores_BHTS = q.to(wide) @ k.to(wide).transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is None:
        return scores_BHTS.softmax(dim=-1).to(v.dtype) @ v
    # The lowest finite score, not -inf: a row of -inf alone has softmax 0/0, and so have its gradients.
    scores_BHTS = scores_BHTS.masked_fill(~mask, torch.finfo(scores_BHTS.dtype).min)
    weights_BHTS = scores_BHTS.softmax(dim=-1).masked_fill(~mask, 0.0)
    return weights_BHTS.to(v.dtype) @ v
    ### END SOLUTION


def attend_in_blocks(
    q: Float[Tensor, "B H T K"],
    k: Float[Tensor, "B H S K"],
    v: Float[Tensor, "B H S Kv"],
    mask: Tensor | None = None,
    block: int = 64,
) -> Float[Tensor, "B H T Kv"]:
    """Return what `attend` returns without ever holding a (T, S) matrix of scores.

    Keys and values are read `block` at a time. A running maximum m, a running sum of exponentials and
    a running weighted sum of values are kept for each query; when a block raises m, what was summed
    before is scaled down by exp(m_old - m_new).

    Raises ValueError when mask is not boolean or block is less than 1.
    Reference: Milakov and Gimelshein 2018; Dao et al. 2022, section 3.1.

    >>> q, k, v = torch.zeros(1, 1, 1, 2), torch.zeros(1, 1, 3, 2), torch.arange(6.0).view(1, 1, 3, 2)
    >>> attend_in_blocks(q, k, v, block=2).tolist()  # equal scores: the mean of the values
    [[[[2.0, 3.0]]]]
    """
    _check_mask(mask)
    if block < 1:
        raise ValueError(f"block={block} must be at least 1")
    ### BEGIN SOLUTION
    wide = torch.promote_types(q.dtype, torch.float32)
    lowest = torch.finfo(wide).min
    mask = torch.ones(1, 1, dtype=torch.bool, device=q.device) if mask is None else mask
    mask = mask.expand(*mask.shape[:-1], k.shape[-2])
    m = q.new_full((*q.shape[:-1], 1), lowest, dtype=wide)
    total = torch.zeros_like(m)
    mixed = v.new_zeros((*q.shape[:-1], v.shape[-1]), dtype=wide)
    for start in range(0, k.shape[-2], block):
        keys = slice(start, start + block)
        scores = q.to(wide) @ k[..., keys, :].to(wide).transpose(-2, -1) / math.sqrt(q.shape[-1])
        scores = scores.to(wide).masked_fill(~mask[..., keys], lowest)
        m_new = torch.maximum(m, scores.amax(dim=-1, keepdim=True))
        shrink, weights = (m - m_new).exp(), (scores - m_new).exp()
        weights = weights.masked_fill(~mask[..., keys], 0.0)
        total = total * shrink + weights.sum(dim=-1, keepdim=True)
        mixed = mixed * shrink + weights @ v[..., keys, :].to(wide)
        m = m_new
    return (mixed / total.masked_fill(total == 0, 1.0)).to(v.dtype)
    ### END SOLUTION


class MultiHeadAttention(nn.Module):
    """Attention in n_heads subspaces at once (Vaswani et al. 2017, section 3.2.2).

    Every head projects the whole input; head h owns the features h*K to (h+1)*K of each projection,
    with K = d_model // n_heads. With n_kv_heads < n_heads several query heads share one key/value head
    (grouped-query attention, Ainslie et al. 2023): query head h uses key/value head h // (H // G).

    Raises ValueError when n_heads does not divide d_model or n_kv_heads does not divide n_heads.

    >>> MultiHeadAttention(8, n_heads=4, n_kv_heads=2).key.weight.shape  # 2 heads of width 2
    torch.Size([4, 8])
    """

    def __init__(self, d_model: int, n_heads: int, n_kv_heads: int | None = None, bias: bool = True):
        super().__init__()
        n_kv_heads = n_heads if n_kv_heads is None else n_kv_heads
        if n_heads < 1 or d_model % n_heads:
            raise ValueError(f"n_heads={n_heads} must divide d_model={d_model}")
        if n_kv_heads < 1 or n_heads % n_kv_heads:
            raise ValueError(f"n_kv_heads={n_kv_heads} must divide n_heads={n_heads}")
        self.n_heads, self.n_kv_heads, self.d_head = n_heads, n_kv_heads, d_model // n_heads
        self.query = nn.Linear(d_model, d_model, bias=bias)
        self.key = nn.Linear(d_model, n_kv_heads * self.d_head, bias=bias)
        self.value = nn.Linear(d_model, n_kv_heads * self.d_head, bias=bias)
        self.out = nn.Linear(d_model, d_model, bias=bias)

    def forward(
        self,
        x: Float[Tensor, "B T D"],
        context: Float[Tensor, "B S D"] | None = None,
        mask: Tensor | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Return what each token of x reads from the tokens of context, or from x itself.

        mask is boolean, True = may look, and broadcasts to (B, H, T, S).
        """
        ### BEGIN SOLUTION
        source = x if context is None else context
        q = self.query(x).unflatten(-1, (self.n_heads, self.d_head)).transpose(1, 2)
        k = self.key(source).unflatten(-1, (self.n_kv_heads, self.d_head)).transpose(1, 2)
        v = self.value(source).unflatten(-1, (self.n_kv_heads, self.d_head)).transpose(1, 2)
        shared = self.n_heads // self.n_kv_heads
        k, v = k.repeat_interleave(shared, dim=1), v.repeat_interleave(shared, dim=1)
        mixed_BHTK = attend(q, k, v, mask)
        return self.out(mixed_BHTK.transpose(1, 2).flatten(start_dim=2))
        ### END SOLUTION


def _check_mask(mask: Tensor | None) -> None:
    if mask is not None and mask.dtype != torch.bool:
        raise ValueError(f"mask has dtype {mask.dtype}; it must be boolean, True = may look")
