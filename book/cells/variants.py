"""Blocks whose norms stand elsewhere than the library's, or that lack a part: chapter 6."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from lib.blocks import EncoderBlock, make_norm
from lib.transformer import GPT, BlockConfig, ModelConfig

VARIANTS: dict[str, tuple[str, tuple[str, ...]]] = {  # name: the wiring, the parts that are taken away
    "pre-norm": ("pre", ()),
    "post-norm": ("post", ()),
    "norms before and after": ("both", ()),
    "norm on the output": ("output", ()),
    "no norm": ("pre", ("norm1", "norm2")),
    "no feed-forward": ("pre", ("feed_forward",)),
    "no attention": ("pre", ("attention",)),
    "no residual": ("no residual", ()),
}


class Wired(EncoderBlock):
    """A block whose norms stand where `wiring` says."""

    def __init__(self, config: BlockConfig, wiring: str):
        super().__init__(config)
        self.wiring = wiring
        self.after1, self.after2 = (
            make_norm(config) if wiring == "both" else nn.Identity() for _ in range(2)
        )

    def forward(self, x: Tensor, mask: Tensor | None = None, positions: Tensor | None = None) -> Tensor:
        x = self.add(x, lambda x: self.attention(x, mask, positions), self.norm1, self.after1)
        return self.add(x, self.feed_forward, self.norm2, self.after2)

    def add(self, x: Tensor, f: Callable, norm: nn.Module, after: nn.Module) -> Tensor:
        """Return x after the sublayer f."""
        if self.wiring == "post":
            return norm(x + f(x))
        if self.wiring == "pre":
            return x + f(norm(x))
        if self.wiring == "both":
            return x + after(f(norm(x)))
        if self.wiring == "output":
            return x + norm(f(x))
        return f(norm(x))  # no residual


class Nothing(nn.Module):
    """Stands where a part was taken away: the sum gets zeros."""

    def forward(self, x: Tensor, *others: Tensor | None) -> Tensor:
        return torch.zeros_like(x)


def make_model(variant: str, sizes: dict, vocab_size: int, n_layers: int, context: int) -> GPT:
    """Return a GPT, initialised as the library does it, whose blocks are those of a variant."""
    wiring, missing = VARIANTS[variant]
    block = BlockConfig(norm_first=wiring != "post", **sizes)
    model = GPT(ModelConfig(block=block, vocab_size=vocab_size, n_layers=n_layers, context=context))
    for i, drawn in enumerate(model.encoder.blocks):
        wired = Wired(block, wiring)
        wired.load_state_dict(drawn.state_dict(), strict=False)
        for part in missing:
            setattr(wired, part, nn.Identity() if part.startswith("norm") else Nothing())
        model.encoder.blocks[i] = wired
    if "norm1" in missing:
        model.encoder.norm = nn.Identity()
    return model
