"""How a model learns where a token stands: sinusoids, a learned table, rotation (RoPE), a linear bias (ALiBi).

Dimension key: B batch, H heads, T query tokens, S key tokens, D model width, K head width.
Positions count from 0, RoPE pairs are (x[2i], x[2i+1]). Angles are taken in float64: near 1,000,000 float32
steps by 0.06. Left out on purpose: angles scaled for longer contexts, learned distances (T5).
"""

import torch
from torch import Tensor, nn

from lib.shapes import Float


def sinusoidal(T: int, D: int, base: float = 10000.0, offset: int = 0) -> Float[Tensor, "T D"]:
    """Return the float32 table of sines and cosines to be added to T token vectors.

    Row t stands for position p = offset + t. Column 2i holds sin(p / base^(2i/D)), column 2i+1 the cosine
    of the same angle. With an odd D the last column is a sine without its cosine.

    Raises ValueError when T or offset is negative, D is less than 1 or base is not positive.
    Reference: Vaswani et al. 2017, section 3.5.

    >>> sinusoidal(1, 4, base=4.0, offset=2)  # the angles 2 and 2 / √4 = 1
    tensor([[ 0.9093, -0.4161,  0.8415,  0.5403]])
    """
    _check_at_least(0, T=T, offset=offset)
    _check_at_least(1, D=D)
    if not base > 0:
        raise ValueError(f"base={base} must be greater than 0")
    ### BEGIN SOLUTION
    positions = torch.arange(offset, offset + T, dtype=torch.float64)
    angles = positions[:, None] / base ** (torch.arange(0, D, 2, dtype=torch.float64) / D)
    table = torch.empty(T, D, dtype=torch.float32)
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles[:, : D // 2].cos()
    return table
    ### END SOLUTION


class LearnedPositions(nn.Module):
    """One learned vector for each of max_len positions, as in GPT-2 and BERT.

    Reference: Gehring et al. 2017, section 3.1; Radford et al. 2018, section 3.1.
    """

    def __init__(self, max_len: int, d_model: int) -> None:
        super().__init__()
        _check_at_least(1, max_len=max_len, d_model=d_model)
        self.table = nn.Embedding(max_len, d_model)

    def forward(self, x: Float[Tensor, "B T D"], offset: int = 0) -> Float[Tensor, "B T D"]:
        """Return x plus the table's rows offset to offset + T - 1.

        Raises ValueError when offset is negative or offset + T exceeds max_len: no such row was learned.
        """
        ### BEGIN SOLUTION
        T, max_len = x.shape[-2], self.table.num_embeddings
        if offset < 0 or offset + T > max_len:
            asked = f"offset={offset} and T={T} ask for positions {offset} to {offset + T - 1}"
            raise ValueError(f"{asked}; max_len={max_len} allows 0 to {max_len - 1}")
        return x + self.table.weight[offset : offset + T]
        ### END SOLUTION


def rope_angles(
    positions: Tensor, K: int, base: float = 10000.0, dtype: torch.dtype = torch.float32
) -> Float[Tensor, "... {K}//2"]:
    """Return the angle p * base^(-2i/K), in radians, by which pair i of a head turns at position p.

    Positions may have any shape and lie between two tokens. The product is taken in float64, then rounded.

    Raises ValueError when K is odd or base is not positive.
    Reference: Su et al. 2021, section 3.2.2.

    >>> rope_angles(torch.tensor([0, 3]), 4, base=100.0)  # pair 0 turns by p, pair 1 by p / 10
    tensor([[0.0000, 0.0000],
            [3.0000, 0.3000]])
    """
    if not base > 0:
        raise ValueError(f"base={base} must be greater than 0")
    ### BEGIN SOLUTION
    if K % 2:
        raise ValueError(f"K={K} must be even: rotations need pairs")
    exponents = torch.arange(0, K, 2, dtype=torch.float64, device=positions.device) / K
    return (positions.to(torch.float64)[..., None] * base**-exponents).to(dtype)
    ### END SOLUTION


def apply_rope(
    x: Float[Tensor, "B H T K"], positions: Tensor, base: float = 10000.0
) -> Float[Tensor, "B H T K"]:
    """Turn each pair (x[2i], x[2i+1]) of a query or key by angle i of its position.

    positions is (T,) or (B, T), in any order; the result has x's dtype.
    The score of a turned query and a turned key depends on the difference of their positions alone.

    Raises ValueError when K is odd or positions is neither (T,) nor (B, T).
    Reference: Su et al. 2021, sections 3.2.2 and 3.4.2.

    >>> apply_rope(torch.tensor([[[[1.0, 0.0]]]]), torch.tensor([2]))  # (cos 2, sin 2)
    tensor([[[[-0.4161,  0.9093]]]])
    """
    ### BEGIN SOLUTION
    B, _, T, K = x.shape
    if positions.shape not in ((T,), (B, T)):
        raise ValueError(f"positions has shape {tuple(positions.shape)}; it must be {(T,)} or {(B, T)}")
    angles = rope_angles(positions.to(x.device), K, base, torch.float64).unsqueeze(-3)  # all heads alike
    wide = torch.promote_types(x.dtype, torch.float32)
    cos, sin = angles.cos().to(wide), angles.sin().to(wide)
    first, second = x[..., 0::2].to(wide), x[..., 1::2].to(wide)
    turned = torch.stack([first * cos - second * sin, first * sin + second * cos], dim=-1)
    return turned.flatten(-2).to(x.dtype)
    ### END SOLUTION


def interleaved_to_split(weight: Tensor, n_heads: int) -> Tensor:
    """Reorder a query or key projection's rows from interleaved pairs to split halves.

    weight is (H*K, D), or a bias (H*K,); so is the result. In each head pair i moves from rows 2i, 2i+1 to
    rows i, i + K/2. A model whose RoPE turns (x[i], x[i + K/2]), as GPT-NeoX and transformers do, then has
    the attention scores of one that turns (x[2i], x[2i+1]). A key counts its own heads.

    Raises ValueError when the rows are not n_heads heads of an even width.

    >>> interleaved_to_split(torch.arange(12), n_heads=2).tolist()  # two heads of width 6
    [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]
    """
    _check_rows(weight, n_heads)
    ### BEGIN SOLUTION
    return weight.unflatten(0, (n_heads, -1, 2)).transpose(1, 2).reshape(weight.shape)
    ### END SOLUTION


def split_to_interleaved(weight: Tensor, n_heads: int) -> Tensor:
    """Undo `interleaved_to_split`: pair i moves from rows i, i + K/2 of each head to rows 2i, 2i+1.

    Raises ValueError when the rows are not n_heads heads of an even width.

    >>> split_to_interleaved(torch.tensor([0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]), n_heads=2).tolist()
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    """
    _check_rows(weight, n_heads)
    ### BEGIN SOLUTION
    return weight.unflatten(0, (n_heads, 2, -1)).transpose(1, 2).reshape(weight.shape)
    ### END SOLUTION


def alibi_slopes(n_heads: int) -> Float[Tensor, " H"]:
    """Return each head's slope in float32, by how much a score falls with each token of distance.

    For a power of two n the slopes are 2^(-8/n), 2^(-16/n), ..., 2^-8. Another number of heads takes those
    of the nearest smaller power of two, then the first, third, fifth, ... of twice that number.

    Raises ValueError when n_heads is less than 1.
    Reference: Press, Smith and Lewis 2022, section 3; the rule for other numbers is in the authors' code.

    >>> alibi_slopes(6).tolist()  # four of 2^-2 to 2^-8, then the first and the third of eight
    [0.25, 0.0625, 0.015625, 0.00390625, 0.5, 0.125]
    """
    _check_at_least(1, n_heads=n_heads)
    ### BEGIN SOLUTION
    power = 1 << (n_heads.bit_length() - 1)
    exponents = [8 * h / power for h in range(1, power + 1)] + [4 * h / power for h in range(1, 2 * power, 2)]
    return torch.tensor([2**-e for e in exponents[:n_heads]], dtype=torch.float32)
    ### END SOLUTION


def alibi_bias(n_heads: int, T: int, S: int) -> Float[Tensor, "H T S"]:
    """Return in float32 what is to be added to the scores q kᵀ / √K: -slope * |i - j|.

    j counts the S key positions. The queries are the last T of them: query t stands at i = S - T + t.
    Keys after the query fall off like those before it; hiding them is the causal mask's job.

    Raises ValueError when T is negative, S < T or n_heads is less than 1.
    Reference: Press, Smith and Lewis 2022, section 3.

    >>> alibi_bias(1, 2, 3) * 256  # one head of slope 1/256; the queries stand at 1 and 2
    tensor([[[-1., -0., -1.],
             [-2., -1., -0.]]])
    """
    _check_at_least(0, T=T)
    ### BEGIN SOLUTION
    if S < T:
        raise ValueError(f"S={S} keys cannot hold T={T} queries; S must be at least T")
    distance_TS = (torch.arange(S - T, S)[:, None] - torch.arange(S)).abs()
    return -alibi_slopes(n_heads)[:, None, None] * distance_TS
    ### END SOLUTION


def _check_at_least(least: int, **arguments: int) -> None:
    for name, value in arguments.items():
        if value < least:
            raise ValueError(f"{name}={value} must be at least {least}")


def _check_rows(weight: Tensor, n_heads: int) -> None:
    _check_at_least(1, n_heads=n_heads)
    if len(weight) % (2 * n_heads):
        raise ValueError(f"weight has {len(weight)} rows; it must be a multiple of 2 * n_heads={2 * n_heads}")
