"""Drawn logits and targets, torch's own loss of them, and a comparison by value and gradient."""

import torch
from torch import Tensor
from torch.nn import functional as F

# float64 to its own rounding; half precision is computed in float32, from the same rounded logits.
TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-5, torch.bfloat16: 1e-5, torch.float16: 1e-5}


def generator(*key: int) -> torch.Generator:
    """Return a generator with a seed made of these numbers."""
    return torch.Generator().manual_seed(abs(hash(key)) % 2**31)


def draw(shape: tuple[int, ...], dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor]:
    """Return logits of this shape, its last axis the classes, and a target for each row."""
    g = generator(*shape)
    logits = (3 * torch.randn(shape, generator=g, dtype=torch.float64)).to(dtype)
    return logits.requires_grad_(), torch.randint(shape[-1], shape[:-1], generator=g)


def torchs(logits: Tensor, targets: Tensor, **options) -> Tensor:
    """Return torch's loss in float32 at least; it wants the classes on axis 1."""
    wide = logits.to(torch.promote_types(logits.dtype, torch.float32))
    return F.cross_entropy(wide.reshape(-1, logits.shape[-1]), targets.reshape(-1), **options)


def compare(ours: Tensor, theirs: Tensor, *inputs: Tensor) -> None:
    """Compare two losses and their gradients by each of these inputs."""
    tolerance = TOLERANCE[inputs[0].dtype]
    torch.testing.assert_close(ours, theirs, rtol=tolerance, atol=tolerance)
    grads = zip(torch.autograd.grad(ours, inputs), torch.autograd.grad(theirs, inputs), strict=True)
    for mine, yours in grads:
        torch.testing.assert_close(mine, yours, rtol=10 * tolerance, atol=10 * tolerance)
