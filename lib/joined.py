"""Linear layers that read the same input, as one product, and a product that is fast for few rows.

Dimension key: N rows, D inputs, E outputs of all layers. A product with few rows takes as long as reading the matrix.
MKL, which computes it for torch on many CPUs, reads more slowly than memory gives when it is asked for x Wᵀ; asked for
W xᵀ, the same numbers, it took half the time for two rows where it was measured, and no more for two than for one.

Left out on purpose: gradients at this speed.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lib.shapes import Float

FEW = 8  # rows; with more, both ways take as long


class Joined:
    """What the layers return, side by side.

    Their weights become views of one matrix: nothing is held twice, and what is written into them is written into it.
    Weights that were moved or exchanged since are joined again when they are next used.

    >>> a, b = nn.Linear(2, 1), nn.Linear(2, 3)
    >>> both = Joined(a, b)
    >>> both(torch.ones(5, 2)).shape, a.weight.untyped_storage().nbytes()  # of 4 bytes a number
    (torch.Size([5, 4]), 32)
    """

    def __init__(self, *layers: nn.Linear):
        self.layers, self.sizes = layers, [layer.out_features for layer in layers]
        self.join()

    def join(self) -> None:
        """Store the weights one below the other; what is alone stays where it is."""
        # What is made in inference mode could never be trained; so is only what was made of its like.
        with torch.inference_mode(self.layers[0].weight.is_inference()), torch.no_grad():
            weights = [layer.weight for layer in self.layers]
            self.weight = torch.cat(weights) if len(weights) > 1 else weights[0].detach()
            self.views = self.weight.split(self.sizes)
            for layer, view in zip(self.layers, self.views, strict=True):
                layer.weight.data = view

    def __call__(self, x: Float[Tensor, "N D"]) -> Float[Tensor, "N E"]:
        """Return the outputs of all layers; with gradients, of which the joined matrix knows nothing, one by one."""
        if torch.is_grad_enabled():
            return torch.cat([layer(x) for layer in self.layers], dim=-1)
        pairs = zip(self.layers, self.views, strict=True)
        if any(layer.weight.data_ptr() != view.data_ptr() for layer, view in pairs):
            self.join()
        out = multiply(x, self.weight)
        return out if self.layers[0].bias is None else out + torch.cat([layer.bias for layer in self.layers])


def multiply(x: Float[Tensor, "N D"], weight: Float[Tensor, "E D"]) -> Float[Tensor, "N E"]:
    """Return x Wᵀ, in the faster of two ways: for up to two rows, or few and a matrix that widens them, W xᵀ."""
    (N, _), (E, D) = x.shape, weight.shape
    few = 1 <= N <= (FEW if E >= D else 2)
    if not (few and x.is_cpu and x.dtype == torch.float32 and torch.backends.mkl.is_available()):
        return F.linear(x, weight)
    rows = x if N > 1 else torch.cat((x, x))  # one row would go the slower way
    return (weight @ rows.t()).t()[:N].contiguous()
