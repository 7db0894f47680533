"""A GPT with the weights and the logits of `lib.transformer.GPT`, made for speed.

Attention is torch's one kernel, which is told that it is causal and so needs no mask, and never holds a (T, T) matrix;
queries, keys and values come from one matrix product. Left out on purpose: a key/value cache, padding at this speed.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from lib.config import ModelConfig
from lib.layers import SelfAttention
from lib.positions import apply_rope
from lib.shapes import Float, Int
from lib.transformer import GPT


class CausalSelfAttention(SelfAttention):
    """Self-attention in which a token sees itself and what came before, unless a mask says otherwise."""

    def forward(  # type: ignore[override]  # as in SelfAttention
        self,
        x: Float[Tensor, "B T D"],
        mask: Tensor | None = None,
        positions: Int[Tensor, "..."] | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Return what each token reads from those before it."""
        if mask is not None or positions is not None:
            return super().forward(x, mask, positions)
        parts = (self.query, self.key, self.value)
        bias = None if self.query.bias is None else torch.cat([part.bias for part in parts])
        together = F.linear(x, torch.cat([part.weight for part in parts]), bias)
        q, k, v = (
            one.unflatten(-1, (-1, self.d_head)).transpose(1, 2)
            for one in together.split([part.out_features for part in parts], dim=-1)
        )
        if self.rope_base is not None:
            places = torch.arange(x.shape[1], device=x.device)
            q, k = apply_rope(q, places, self.rope_base), apply_rope(k, places, self.rope_base)
        shared = self.n_heads // self.n_kv_heads
        if shared > 1:
            k, v = k.repeat_interleave(shared, dim=1), v.repeat_interleave(shared, dim=1)
        mixed_BHTK = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out(mixed_BHTK.transpose(1, 2).flatten(start_dim=2))


class FusedGPT(GPT):
    """GPT with fast attention. From the same seed it has the same weights, and each loads the other's.

    narrow lets the sum that runs through the blocks have autocast's 16 bits too: it is what most of a small model's
    time goes into, and it loses digits. Without autocast it changes nothing.
    """

    def __init__(self, config: ModelConfig, narrow: bool = False):
        super().__init__(config)
        self.narrow, one = narrow, config.block
        for block in self.encoder.blocks:
            fast = CausalSelfAttention(one.d_model, one.n_heads, one.n_kv_heads, one.bias, one.rope_base)
            fast.load_state_dict(block.get_submodule("attention").state_dict())
            block.attention = fast

    def forward(
        self, tokens: Int[Tensor, "B T"], lengths: Int[Tensor, " B"] | None = None
    ) -> Float[Tensor, "B T V"]:
        """Return the logits of what follows each token; with lengths as slowly as GPT does."""
        if lengths is not None:
            return super().forward(tokens, lengths)
        x = self.embed(tokens)
        if self.narrow and torch.is_autocast_enabled(x.device.type):
            x = x.to(torch.get_autocast_dtype(x.device.type))
        return self.head(self.encoder(x))
