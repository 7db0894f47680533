"""Parameters and gradients of awkward shapes and sizes, for optimisers and clipping."""

import torch


def parameters():
    """Matrices that are not square, a vector, a number, nothing at all; one joins late, one has no gradient."""
    g = torch.Generator().manual_seed(0)
    shapes = [(3, 5), (4,), (), (0,), (2, 2), (3,)]
    return [torch.randn(shape, generator=g, dtype=torch.float64).requires_grad_() for shape in shapes]


def give_gradients(ps, step):
    g = torch.Generator().manual_seed(step)
    for i, p in enumerate(ps):
        gradient = torch.randn(p.shape, generator=g, dtype=p.dtype) * (10.0 ** (i - 2))
        p.grad = None if i == 5 or (i == 4 and step < 7) or (i == 1 and step % 3 == 0) else gradient
