"""A small decoder with a cache, of its own making: rotary positions, grouped-query heads, any number of layers."""

import torch
from torch import nn

from lib.attention import attend
from lib.positions import apply_rope


class CachedDecoder(nn.Module):
    """Reads tokens (B, T) after what the cache holds; counts in `read` the tokens that each layer was given."""

    def __init__(self, vocab=31, n_layers=2, heads=4, shared=2, width=8, context=64, seed=0):
        super().__init__()
        torch.manual_seed(seed)
        self.n_layers, self.context, self.heads, self.shared, self.read = n_layers, context, heads, shared, 0
        D = heads * width
        self.embed = nn.Embedding(vocab, D)
        self.project = nn.ModuleList(nn.Linear(D, D + 2 * shared * width) for _ in range(n_layers))
        self.out = nn.ModuleList(nn.Linear(D, D) for _ in range(n_layers))
        self.head = nn.Linear(D, vocab)

    def forward(self, tokens, cache=None, positions=None, mask=None):
        B, T = tokens.shape
        before = 0 if cache is None else cache.length
        self.read += T
        if positions is None:
            positions = (before + torch.arange(T)).expand(B, T)
        if mask is None:
            mask = torch.ones(T, before + T, dtype=torch.bool).tril(before)
        x = self.embed(tokens)
        for i in range(self.n_layers):
            parts = self.project[i](x).unflatten(-1, (self.heads + 2 * self.shared, -1)).transpose(1, 2)
            q, k, v = parts.split([self.heads, self.shared, self.shared], dim=1)
            q, k = apply_rope(q, positions, 100.0), apply_rope(k, positions, 100.0)
            if cache is not None:
                k, v = cache.append(i, k, v)
            k, v = (y.repeat_interleave(self.heads // self.shared, dim=1) for y in (k, v))
            x = x + self.out[i](attend(q, k, v, mask).transpose(1, 2).flatten(2))
        return self.head(x)
