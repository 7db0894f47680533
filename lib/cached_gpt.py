"""A GPT with the weights and the logits of `lib.transformer.GPT` that reads a text piece by piece, made for speed.

Dimension key: B batch, T new tokens, S tokens in all, D model width, H heads, G key/value heads, K head width, N tokens
of all rows, V vocabulary. What is read once is kept in a cache: an object with `length`, the tokens it holds of each
row, and `append(layer, k, v)`, which returns all keys and values of that layer, the new ones last.

To write one token is to read every weight once, so its speed is that of memory. Queries, keys and values come from one
product, and so do a gate and what it gates. Matrices that widen their input are stored column by column: a product
with one row then reads memory in order, which took half the time where it was measured.

Left out on purpose: gradients at this speed (lib.fused has them), weights of fewer bits, a cache in pages.
"""

import math
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lib.attention import causal_mask
from lib.config import ModelConfig
from lib.layers import ACTIVATIONS, RMSNorm, SwiGLU
from lib.positions import rope_angles, sinusoidal
from lib.shapes import Bool, Float, Int
from lib.transformer import GPT


@runtime_checkable
class Cache(Protocol):
    """What the model asks of a cache; `lib.generation.KVCache` is one."""

    @property
    def length(self) -> int:
        """How many tokens of each row it holds."""

    def append(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Keep the new keys and values, (B, G, T, K), of a layer; return all of them, (B, G, S, K)."""


class Joined:
    """Linear layers that read the same input, as one product.

    Their weights become views of one matrix, so nothing is held twice, and what is written into them is written into
    it. Weights that were moved or exchanged since are joined again.
    """

    def __init__(self, *parts: nn.Linear):
        self.parts, self.sizes = parts, [part.out_features for part in parts]
        self.join()

    def join(self) -> None:
        """Store the weights together; by columns where there are more outputs than inputs, or as many."""
        # What is made in inference mode could never be trained; so is only what was made of its like.
        with torch.inference_mode(self.parts[0].weight.is_inference()), torch.no_grad():
            weight = torch.cat([part.weight for part in self.parts])
            self.weight = weight.t().contiguous().t() if len(weight) >= weight.shape[1] else weight
            self.views = self.weight.split(self.sizes)
            for part, view in zip(self.parts, self.views, strict=True):
                part.weight.data = view

    def __call__(self, x: Float[Tensor, "N D"]) -> Float[Tensor, "N D2"]:
        """Return the outputs of all layers, side by side."""
        if torch.is_grad_enabled():  # of the joined matrix autograd knows nothing
            return torch.cat([part(x) for part in self.parts], dim=-1)
        for part, view in zip(self.parts, self.views, strict=True):
            if part.weight.data_ptr() != view.data_ptr():
                self.join()
        out = x @ self.weight.t()
        return out if self.parts[0].bias is None else out + torch.cat([part.bias for part in self.parts])


class FastBlock:
    """What a block of lib.blocks does, with its weights, in few steps."""

    def __init__(self, block: Any):
        attention, network = block.attention, block.feed_forward
        self.block, self.attention, self.network = block, attention, network
        self.query_key_value = Joined(attention.query, attention.key, attention.value)
        gated = isinstance(network, SwiGLU)
        self.up = Joined(network.gate, network.up) if gated else Joined(network.up)
        self.out, self.down = Joined(attention.out), Joined(network.down)

    def __call__(self, x: Float[Tensor, "N D"], past: "Past", B: int) -> Float[Tensor, "N D"]:
        """Return the tokens after both sublayers, as the block would."""
        norm1, norm2 = self.block.norm1, self.block.norm2
        if self.block.norm_first:
            x = x + self.attend(normalise(norm1, x), past, B)
            return x + self.feed(normalise(norm2, x))
        x = normalise(norm1, x + self.attend(x, past, B))
        return normalise(norm2, x + self.feed(x))

    def attend(self, x: Float[Tensor, "N D"], past: "Past", B: int) -> Float[Tensor, "N D"]:
        """Return what each new token reads from all tokens."""
        H, G, K = self.attention.n_heads, self.attention.n_kv_heads, self.attention.d_head
        heads_BHTK = self.query_key_value(x).view(B, len(x) // max(B, 1), H + 2 * G, K).transpose(1, 2)
        turned, v = heads_BHTK.split([H + G, G], dim=1)
        q, k = past.turn(turned).split([H, G], dim=1)
        k, v = past.append(k, v)
        mixed_BHTK = F.scaled_dot_product_attention(
            q, k, v, past.mask, is_causal=past.is_causal, enable_gqa=H > G
        )
        return self.out(mixed_BHTK.transpose(1, 2).reshape(x.shape))

    def feed(self, x: Float[Tensor, "N D"]) -> Float[Tensor, "N D"]:
        """Return what the network makes of each token."""
        if not isinstance(self.network, SwiGLU):
            return self.down(ACTIVATIONS[self.network.activation](self.up(x)))
        gate, up = self.up(x).chunk(2, dim=-1)
        return self.down(F.silu(gate) * up)


@dataclass
class Past:
    """What all blocks share in one pass: the cache, what may be seen, and by how much queries and keys turn."""

    cache: Cache | None
    mask: Bool[Tensor, "B 1 T S"] | Bool[Tensor, "T S"] | None
    is_causal: bool
    turns: Tensor | None  # complex numbers of length 1, (B, 1, T, K / 2)
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


class CachedGPT(GPT):
    """GPT that goes on where a cache ends. From the same seed it has the same weights, and each loads the other's.

    Under torch.inference_mode or torch.no_grad it is fast; else autograd follows it, as slowly as GPT.
    """

    def __init__(self, config: ModelConfig):
        super().__init__(config)
        self._join()

    @classmethod
    def of(cls, gpt: GPT) -> "CachedGPT":
        """Return a model with the parts of a loaded one, not copies: both have the same weights from now on."""
        model = cls.__new__(cls)
        nn.Module.__init__(model)
        model.embed, model.encoder, model.head = gpt.embed, gpt.encoder, gpt.head
        model._join()
        return model.train(gpt.training)

    def _join(self) -> None:
        self.fast_blocks = [FastBlock(block) for block in self.encoder.blocks]
        self.scores = Joined(self.head)

    def forward(  # type: ignore[override]  # a text that is read in pieces has no padding at its end
        self,
        tokens: Int[Tensor, "B T"],
        cache: Cache | None = None,
        positions: Int[Tensor, "B T"] | None = None,
        mask: Bool[Tensor, "B 1 T S"] | None = None,
        last_only: bool = False,
    ) -> Float[Tensor, "B T2 V"]:
        """Return the logits of what follows each new token, or with last_only of what follows the last of each row.

        The cache gets the new keys and values. Positions count on from its length where none are given. mask says which
        of the S = length + T tokens a new one may look at; without a mask it looks at all before it, and at itself.

        Raises ValueError when the S tokens are more than the context, or a token or position is out of range.
        """
        start, (B, T) = 0 if cache is None else cache.length, tokens.shape
        if start + T > self.embed.context:
            raise ValueError(f"S={start} + {T} tokens are more than context={self.embed.context}")
        if positions is None:
            positions = torch.arange(start, start + T, device=tokens.device)[None]
        x_BTD = self._embed(tokens, positions)
        is_causal = mask is None and start == 0 and T > 1
        if mask is None and start and T > 1:
            mask = causal_mask(T, start + T).to(tokens.device)
        past = Past(cache, mask, is_causal, self._turns(positions, x_BTD.dtype))
        x = x_BTD.flatten(0, 1)
        for block in self.fast_blocks:
            x = block(x, past, B)
        x_BTD = x.view_as(x_BTD)[:, -1:] if last_only else x.view_as(x_BTD)
        scores = self.scores(normalise(self.encoder.norm, x_BTD.flatten(0, 1)))
        return scores.unflatten(0, x_BTD.shape[:2])

    def _embed(self, tokens: Int[Tensor, "B T"], positions: Int[Tensor, "..."]) -> Float[Tensor, "B T D"]:
        embed = self.embed
        embed._check(tokens)
        x, D, places = embed.table(tokens), embed.table.embedding_dim, embed.context
        if embed.kind == "none":
            return x
        if positions.is_cpu and positions.numel() and not 0 <= positions.min() <= positions.max() < places:
            given = f"positions go from {positions.min()} to {positions.max()}"
            raise ValueError(f"{given}; context={places} allows 0 to {places - 1}")
        if embed.places is not None:
            return x + embed.places.table(positions)
        return x * math.sqrt(D) + sinusoidal(places, D).to(x)[positions]

    def _turns(self, positions: Int[Tensor, "..."], dtype: torch.dtype) -> Tensor | None:
        first = self.fast_blocks[0].attention
        if first.rope_base is None:
            return None
        angles = rope_angles(positions, first.d_head, first.rope_base, torch.float64).unsqueeze(1)
        turns = torch.polar(torch.ones_like(angles), angles)
        return turns.to(torch.promote_types(dtype, torch.float32).to_complex())


def normalise(norm: nn.Module, x: Float[Tensor, "N D"]) -> Float[Tensor, "N D"]:
    """Return what a norm of lib.layers returns, by torch's kernel; another module is called."""
    if isinstance(norm, RMSNorm):
        return F.rms_norm(x, x.shape[-1:], norm.weight, norm.eps)
    return norm(x)
