"""What stands in a block besides attention: norms, feed-forward networks, and self-attention that may rotate.

Dimension key: B batch, T tokens, D model width, F feed-forward width, H heads, K head width. Statistics of half-precision
input are taken in float32. Left out on purpose: dropout, mixtures of experts, fused kernels.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lib.attention import MultiHeadAttention, attend
from lib.positions import apply_rope
from lib.shapes import Float, Int

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": F.relu,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),  # GPT-2's; it differs by at most 0.0005
}


class LayerNorm(nn.Module):
    """Give each token's features mean 0 and variance 1, then a learned scale and shift.

    Its parameters: weight and bias, (D,). eps stands inside the root, as in torch.

    Reference: Ba, Kiros and Hinton 2016, equations 3 and 4.

    >>> LayerNorm(2, eps=0.0)(torch.tensor([1.0, 7.0])).tolist()
    [-1.0, 1.0]
    """

    def __init__(self, d_model: int, eps: float = 1e-5):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(d_model)), nn.Parameter(torch.zeros(d_model))
        self.eps = eps

    def forward(self, x: Float[Tensor, "*tokens D"]) -> Float[Tensor, "*tokens D"]:
        """Return x normalised over its last axis, in x's dtype. The variance is divided by D, not D - 1."""
        ### BEGIN SOLUTION
        wide = x.to(torch.promote_types(x.dtype, torch.float32))
        centred = wide - wide.mean(dim=-1, keepdim=True)
        scale = (centred.square().mean(dim=-1, keepdim=True) + self.eps).rsqrt()
        return (centred * scale * self.weight + self.bias).to(x.dtype)
        ### END SOLUTION


class RMSNorm(nn.Module):
    """Divide each token's features by their root mean square, then apply a learned scale; the mean stays.

    Its parameter: weight, (D,). Reference: Zhang and Sennrich 2019, equation 4.

    >>> RMSNorm(2, eps=0.0)(torch.tensor([1.0, 7.0]))  # the root mean square is 5
    tensor([0.2000, 1.4000], grad_fn=<MulBackward0>)
    """

    def __init__(self, d_model: int, eps: float = 1e-6):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(d_model)), eps

    def forward(self, x: Float[Tensor, "*tokens D"]) -> Float[Tensor, "*tokens D"]:
        """Return x divided by √(mean of x² + eps) over its last axis, times the weight, in x's dtype."""
        ### BEGIN SOLUTION
        wide = x.to(torch.promote_types(x.dtype, torch.float32))
        scale = (wide.square().mean(dim=-1, keepdim=True) + self.eps).rsqrt()
        return (wide * scale * self.weight).to(x.dtype)
        ### END SOLUTION


class FeedForward(nn.Module):
    """The same two-layer network for each token: up to F features, an activation, down again.

    Its parts: up and down, two linear layers. activation is "relu", "gelu" or "gelu_tanh"; ValueError else.

    Reference: Vaswani et al. 2017, equation 2.
    """

    def __init__(self, d_model: int, d_ff: int, activation: str = "gelu", bias: bool = True):
        super().__init__()
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation={activation!r} is none of {', '.join(ACTIVATIONS)}")
        self.up, self.down = nn.Linear(d_model, d_ff, bias=bias), nn.Linear(d_ff, d_model, bias=bias)
        self.activation = activation

    def forward(self, x: Float[Tensor, "*tokens D"]) -> Float[Tensor, "*tokens D"]:
        """Return what the network makes of each token by itself; ACTIVATIONS holds the functions."""
        ### BEGIN SOLUTION
        return self.down(ACTIVATIONS[self.activation](self.up(x)))
        ### END SOLUTION


class SwiGLU(nn.Module):
    """A gated feed-forward network: SiLU(gate(x)) decides how much of up(x) goes down again.

    Its parts: gate, up and down, three linear layers. Three matrices of width 8D/3 have as many weights as two of 4D.

    Reference: Shazeer 2020, equation 6.
    """

    def __init__(self, d_model: int, d_ff: int, bias: bool = False):
        super().__init__()
        self.gate, self.up = nn.Linear(d_model, d_ff, bias=bias), nn.Linear(d_model, d_ff, bias=bias)
        self.down = nn.Linear(d_ff, d_model, bias=bias)

    def forward(self, x: Float[Tensor, "*tokens D"]) -> Float[Tensor, "*tokens D"]:
        """Return what the network makes of each token by itself."""
        ### BEGIN SOLUTION
        return self.down(F.silu(self.gate(x)) * self.up(x))
        ### END SOLUTION


class SelfAttention(MultiHeadAttention):
    """Multi-head attention of a sequence to itself; with a rope_base its queries and keys are rotated (RoPE)."""

    def __init__(
        self,
        d_model: int,
        n_heads: int,
        n_kv_heads: int | None = None,
        bias: bool = True,
        rope_base: float | None = None,
    ):
        super().__init__(d_model, n_heads, n_kv_heads, bias)
        if rope_base is not None and self.d_head % 2:
            raise ValueError(f"a head has the width {self.d_head}; with rope_base it must be even")
        self.rope_base = rope_base

    def forward(  # type: ignore[override]  # what it reads is x itself, so there is no context
        self,
        x: Float[Tensor, "B T D"],
        mask: Tensor | None = None,
        positions: Int[Tensor, "..."] | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Return what each token reads from the others. positions, (T,) or (B, T), count from 0 if none are given."""
        if self.rope_base is None:
            return super().forward(x, mask=mask)
        positions = torch.arange(x.shape[1], device=x.device) if positions is None else positions
        q, k, v = (
            project(x).unflatten(-1, (-1, self.d_head)).transpose(1, 2)
            for project in (self.query, self.key, self.value)
        )
        q, k = apply_rope(q, positions, self.rope_base), apply_rope(k, positions, self.rope_base)
        shared = self.n_heads // self.n_kv_heads
        k, v = k.repeat_interleave(shared, dim=1), v.repeat_interleave(shared, dim=1)
        return self.out(attend(q, k, v, mask).transpose(1, 2).flatten(start_dim=2))
