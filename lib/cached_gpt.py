"""A GPT with the weights and the logits of `lib.transformer.GPT` that reads a text piece by piece, made for speed.

Dimension key: B batch, T new tokens, S tokens in all, D model width, H heads, G key/value heads, K head width, N tokens
of all rows, V vocabulary. To write one token is to read every weight once, so its speed is at best that of memory. What
else a token costs is kept small: few products, torch's own kernels, one rotation for queries and keys of all heads.

Left out on purpose: gradients at this speed (lib.fused has them), weights of fewer bits.
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lib.attention import causal_mask
from lib.config import ModelConfig
from lib.joined import Joined
from lib.kv_cache import KVCache
from lib.layers import ACTIVATIONS, RMSNorm, SwiGLU
from lib.positions import rope_angles, sinusoidal
from lib.shapes import Bool, Float, Int
from lib.transformer import GPT


@dataclass
class Pass:
    """What all blocks share while some tokens are read: the cache, what may be seen, how far queries and keys turn."""

    cache: KVCache | None
    mask: Bool[Tensor, "..."] | None
    is_causal: bool
    turns: Tensor | None  # complex numbers of length 1, (B, 1, T, K / 2)
    batch: int
    layer: int = -1

    def turn(self, x_BHTK: Float[Tensor, "B H T K"]) -> Float[Tensor, "B H T K"]:
        """Rotate queries and keys: a pair of numbers is a complex number, and a product with another turns it."""
        if self.turns is None:
            return x_BHTK
        wide = torch.promote_types(x_BHTK.dtype, torch.float32)
        pairs = torch.view_as_complex(x_BHTK.to(wide).unflatten(-1, (-1, 2)))
        return torch.view_as_real(pairs * self.turns).flatten(-2).to(x_BHTK.dtype)

    def append(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Return all keys and values of the next layer."""
        self.layer += 1
        return (k, v) if self.cache is None else self.cache.append(self.layer, k, v)


class FastBlock:
    """What a block of lib.blocks does, with its weights, in few steps."""

    def __init__(self, block: Any):
        self.norm1, self.norm2, self.norm_first = block.norm1, block.norm2, block.norm_first
        self.attention, self.network = block.attention, block.feed_forward
        self.query_key_value = Joined(self.attention.query, self.attention.key, self.attention.value)
        gated = isinstance(self.network, SwiGLU)
        self.up = Joined(self.network.gate, self.network.up) if gated else Joined(self.network.up)
        self.out, self.down = Joined(self.attention.out), Joined(self.network.down)

    def __call__(self, x: Float[Tensor, "N D"], now: Pass) -> Float[Tensor, "N D"]:
        """Return the tokens after both sublayers, as the block would."""
        if self.norm_first:
            x = x + self.attend(normalise(self.norm1, x), now)
            return x + self.feed(normalise(self.norm2, x))
        x = normalise(self.norm1, x + self.attend(x, now))
        return normalise(self.norm2, x + self.feed(x))

    def attend(self, x: Float[Tensor, "N D"], now: Pass) -> Float[Tensor, "N D"]:
        """Return what each new token reads from all tokens."""
        H, G, K = self.attention.n_heads, self.attention.n_kv_heads, self.attention.d_head
        shape = (now.batch, len(x) // now.batch, H + 2 * G, K)
        heads_BHTK = self.query_key_value(x).view(shape).transpose(1, 2)
        turned, v = heads_BHTK.split([H + G, G], dim=1)
        q, k = now.turn(turned).split([H, G], dim=1)
        k, v = now.append(k, v)
        mixed_BHTK = F.scaled_dot_product_attention(
            q, k, v, now.mask, is_causal=now.is_causal, enable_gqa=H > G
        )
        return self.out(mixed_BHTK.transpose(1, 2).reshape(x.shape))

    def feed(self, x: Float[Tensor, "N D"]) -> Float[Tensor, "N D"]:
        """Return what the network makes of each token."""
        if not isinstance(self.network, SwiGLU):
            return self.down(ACTIVATIONS[self.network.activation](self.up(x)))
        gate, up = self.up(x).chunk(2, dim=-1)
        return self.down(F.silu(gate) * up)


class CachedGPT(GPT):
    """GPT that goes on where a cache ends. From the same seed it has the same weights, and each loads the other's.

    With last_only it returns the logits of each row's last token alone, (B, 1, V), which is what generation asks for.
    Under torch.inference_mode or torch.no_grad it is fast; else autograd follows it, as slowly as GPT.
    """

    encoder: Any
    head: Any

    def __init__(self, config: ModelConfig, last_only: bool = False):
        super().__init__(config)
        self._join(last_only)

    @classmethod
    def of(cls, gpt: GPT, last_only: bool = False) -> "CachedGPT":
        """Return a model with the parts of a loaded one, not copies: both have the same weights from now on."""
        model = cls.__new__(cls)
        nn.Module.__init__(model)
        model.embed, model.encoder, model.head = gpt.embed, gpt.encoder, gpt.head
        model._join(last_only)
        return model.train(gpt.training)

    def _join(self, last_only: bool) -> None:
        # They belong to the parts: if two models of one GPT joined its weights, each would undo what the other did.
        if not hasattr(self.encoder, "fast_blocks"):
            self.encoder.fast_blocks = [FastBlock(block) for block in self.encoder.blocks]
            self.head.joined = Joined(self.head)
        self.last_only, self.n_layers, self.context = last_only, len(self.encoder.blocks), self.embed.context
        if self.embed.kind == "sinusoidal":
            self.sinusoids = sinusoidal(self.context, self.embed.table.embedding_dim)

    def forward(  # type: ignore[override]  # a text that is read in pieces has no padding at its end
        self,
        tokens: Int[Tensor, "B T"],
        cache: KVCache | None = None,
        positions: Int[Tensor, "B T"] | None = None,
        mask: Bool[Tensor, "B 1 T S"] | None = None,
    ) -> Float[Tensor, "B T2 V"]:
        """Return the logits of what follows each new token; the cache gets its keys and values.

        Positions count on from the cache's length where none are given. mask says which of the S = length + T tokens a
        new one may look at; without a mask it looks at all before it, and at itself.

        Raises ValueError when the S tokens are more than the context, a token or position is out of range, or the cache
        has another number of layers.
        """
        if cache is not None and len(cache.keys) != self.n_layers:
            raise ValueError(f"the cache has {len(cache.keys)} layers; the model has {self.n_layers}")
        start, T = 0 if cache is None else cache.length, tokens.shape[1]
        if start + T > self.context:
            raise ValueError(f"S={start} + {T} tokens are more than context={self.context}")
        if positions is None:
            positions = torch.arange(start, start + T, device=tokens.device)[None]
        x_BTD = self._embed(tokens, positions)
        now = Pass(
            cache, *self._seen(mask, start, T), self._turns(positions, x_BTD.dtype), max(len(tokens), 1)
        )
        x = x_BTD.flatten(0, 1)
        for block in self.encoder.fast_blocks:
            x = block(x, now)
        x_BTD = x.view_as(x_BTD)[:, -1:] if self.last_only else x.view_as(x_BTD)
        logits = self.head.joined(normalise(self.encoder.norm, x_BTD.flatten(0, 1)))
        return logits.unflatten(0, x_BTD.shape[:2])

    def _seen(self, mask: Tensor | None, start: int, T: int) -> tuple[Tensor | None, bool]:
        """Return the mask that attention is given, and whether it is causal without one."""
        if mask is not None:
            # One that sees nothing looks at all: nobody asks for it, and a mean over nothing may not be a number.
            return mask | ~mask.any(dim=-1, keepdim=True), False
        if start == 0 or T == 1:
            return None, T > 1
        return causal_mask(T, start + T).to(self.head.weight.device), False

    def _embed(self, tokens: Int[Tensor, "B T"], positions: Int[Tensor, "..."]) -> Float[Tensor, "B T D"]:
        embed = self.embed
        embed._check(tokens)
        x, D = embed.table(tokens), embed.table.embedding_dim
        if embed.kind == "none":
            return x
        looked_at = positions.is_cpu and positions.numel()  # the answer of a GPU would have to be waited for
        if looked_at and not 0 <= positions.min() <= positions.max() < self.context:
            given = f"positions go from {positions.min()} to {positions.max()}"
            raise ValueError(f"{given}; context={self.context} allows 0 to {self.context - 1}")
        if embed.places is not None:
            return x + embed.places.table(positions)
        return x * math.sqrt(D) + self.sinusoids.to(x)[positions]

    def _turns(self, positions: Int[Tensor, "..."], dtype: torch.dtype) -> Tensor | None:
        first = self.encoder.fast_blocks[0].attention
        if first.rope_base is None:
            return None
        angles = rope_angles(positions, first.d_head, first.rope_base, torch.float64).unsqueeze(1)
        turns = torch.polar(torch.ones_like(angles), angles)
        return turns.to(torch.promote_types(dtype, torch.float32).to_complex())


def normalise(norm: nn.Module, x: Float[Tensor, "N D"]) -> Float[Tensor, "N D"]:
    """Return what a norm of lib.layers returns, RMSNorm by torch's kernel."""
    if isinstance(norm, RMSNorm):
        return F.rms_norm(x, x.shape[-1:], norm.weight, norm.eps)
    return norm(x)
