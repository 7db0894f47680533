"""Linear layers that read the same input, as one product, stored as one reads them when a single row comes in.

Dimension key: N rows, D inputs, E outputs of all layers. A product with one row takes as long as reading the matrix.
Stored column by column, it is read in order by what adds up columns; on a CPU, in float32, this took half the time
where it was measured, for matrices with as many outputs as inputs, or more. In 16 bits it took longer.

Left out on purpose: gradients at this speed.
"""

import torch
from torch import Tensor, nn

from lib.shapes import Float


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
        """Store the weights together."""
        # What is made in inference mode could never be trained; so is only what was made of its like.
        with torch.inference_mode(self.layers[0].weight.is_inference()), torch.no_grad():
            weight = torch.cat([layer.weight for layer in self.layers])
            by_columns = weight.is_cpu and weight.itemsize >= 4 and weight.shape[0] >= weight.shape[1]
            self.weight = weight.t().contiguous().t() if by_columns else weight
            self.views = self.weight.split(self.sizes)
            for layer, view in zip(self.layers, self.views, strict=True):
                layer.weight.data = view

    def __call__(self, x: Float[Tensor, "N D"]) -> Float[Tensor, "N E"]:
        """Return the outputs of all layers; with gradients, of which the joined matrix knows nothing, one by one."""
        if torch.is_grad_enabled():
            return torch.cat([layer(x) for layer in self.layers], dim=-1)
        for layer, view in zip(self.layers, self.views, strict=True):
            if layer.weight.data_ptr() != view.data_ptr():
                self.join()
        out = x @ self.weight.t()
        return out if self.layers[0].bias is None else out + torch.cat([layer.bias for layer in self.layers])
