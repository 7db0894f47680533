"""What a model makes of its tokens on the way: the state after each block, and one vector for a whole text.

Dimension key: B batch, T tokens, D model width, L states. Left out on purpose: what happens inside a block.
"""

from typing import Any

import torch
from torch import Tensor, nn

from lib.shapes import Float, Int


@torch.no_grad()
def layer_states(
    model: nn.Module, tokens: Int[Tensor, "B T"], lengths: Tensor | None = None
) -> Float[Tensor, "L B T D"]:
    """Return what goes into a GPT's or a BERT's first block, then what comes out of each: L = N + 1 states.

    The last norm of a GPT comes after them.
    """
    blocks: Any = model.get_submodule("encoder.blocks")
    states: list[Tensor] = []
    hooks = [blocks[0].register_forward_pre_hook(lambda _, args: states.append(args[0]))]
    hooks += [block.register_forward_hook(lambda _, args, out: states.append(out)) for block in blocks]
    try:
        getattr(model, "encode", model)(tokens, lengths)  # BERT's, or a GPT itself
    finally:
        for hook in hooks:
            hook.remove()
    return torch.stack(states)


def mean_pool(states: Float[Tensor, "B T D"], lengths: Int[Tensor, " B"]) -> Float[Tensor, "B D"]:
    """Return the mean of each text's first `length` vectors; a text of no tokens gets zeros.

    >>> mean_pool(torch.tensor([[[1.0], [3.0], [8.0]]]), torch.tensor([2])).tolist()
    [[2.0]]
    """
    real = torch.arange(states.shape[1], device=states.device) < lengths[:, None]
    return states.masked_fill(~real[..., None], 0.0).sum(dim=1) / lengths.clamp(min=1)[:, None]
