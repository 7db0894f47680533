"""First weights of a model, with which its first loss is that of a guess: within 0.1 of ln V.

Dimension key: D model width, V vocabulary. Left out on purpose: Xavier and Kaiming initialisation, muP.
"""

import math

import torch
from torch import nn

from lib.blocks import DecoderBlock
from lib.config import ModelConfig

STD = 0.02  # GPT-2's and BERT's


@torch.no_grad()
def initialise(model: nn.Module, config: ModelConfig, before_head: nn.Module) -> None:
    """Draw all matrices from N(0, 0.02²) and set biases to 0, as GPT-2 does; the n projections that add to one stream
    are divided by √n (Radford et al. 2019, section 2.3).

    The norm before the head starts small: with tied weights a token's score for itself is then about 0.5, and not
    0.02 · D, so that the first loss is within 0.1 of ln V in a wide model, too.
    """
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear | nn.Embedding):
            into_stream = name.endswith((".out", ".down"))
            module.weight.normal_(0.0, STD / math.sqrt(2 * config.n_layers) if into_stream else STD)
        if isinstance(module, nn.Linear) and module.bias is not None:
            module.bias.zero_()
    gain = before_head.get_parameter("weight")
    gain.fill_(min(1.0, 0.5 / (STD * len(gain))))


def last_norm(blocks: nn.ModuleList, norm: nn.Module) -> nn.Module:
    """Return the norm that a stack's output comes from: its own, or that of the last block's feed-forward network."""
    if not isinstance(norm, nn.Identity):
        return norm
    last = blocks[-1]
    return last.get_submodule("norm3" if isinstance(last, DecoderBlock) else "norm2")
