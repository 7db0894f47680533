"""A small model with a cache that is worth asking, since its weights are drawn large."""

import torch

from lib.cached_gpt import CachedGPT
from lib.transformer import BlockConfig, ModelConfig


class CachedDecoder(CachedGPT):
    """A CachedGPT of whose text each token depends on all before it; counts in `read` the tokens that a row has given it."""

    def __init__(self, vocab=31, n_layers=2, context=64, seed=0, rotary=True):
        block = BlockConfig(
            d_model=32, n_heads=4, n_kv_heads=2, d_ff=48, norm="rms", rope_base=100.0 if rotary else None
        )
        config = ModelConfig(
            block=block,
            vocab_size=vocab,
            n_layers=n_layers,
            context=context,
            positions="none" if rotary else "learned",
            tied=False,
        )
        torch.manual_seed(seed)
        super().__init__(config)
        with torch.no_grad():
            for parameter in self.parameters():
                if parameter.ndim == 2:
                    parameter.mul_(12)
        self.read = 0

    def forward(self, tokens, *given, **named):
        self.read += tokens.shape[1]
        return super().forward(tokens, *given, **named)
