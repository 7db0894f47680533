"""Inputs that the probes of this assignment share.

Fresh norms have weight 1 and bias 0, fresh linear layers are small: much that is forgotten would not show. So all
parameters are drawn, each by its own name, whatever other parameters a module has.

An exercise asks about its own work alone, so that what is wrong in one costs nothing in the next: below the blocks stand
torch's own norms and networks, below the stacks simple blocks, below the models simple stacks.
"""

import torch
from torch import nn

HALF = (torch.float16, torch.bfloat16)


def drawn(rng, module):
    """Return a module with drawn parameters: matrices that keep a vector's size, norms' weights around 1."""
    for name, parameter in sorted(module.named_parameters()):
        numbers = rng.normal(*parameter.shape)
        if parameter.ndim == 2:
            parameter.data = numbers / parameter.shape[1] ** 0.5
        else:
            parameter.data = numbers / 2 + name.endswith("weight")
    return module


def with_parts(module, *names):
    """Return a module. Raises AttributeError if it has not just these parts, or parameters, which its constructor makes."""
    found = [name for name, _ in module.named_children()]
    found += [name for name, _ in module.named_parameters(recurse=False)]
    if sorted(found) != sorted(names):
        have = ", ".join(found) or "nothing"
        raise AttributeError(f"{type(module).__name__} is made of {have}; it needs {', '.join(names)}")
    return module


def texts(rng, B, T, V=7):
    """Return tokens (B, T), none of which comes twice in its text: of equal tokens it does not show who is seen.

    Token 0, which some take for padding wherever it stands, is in each text that has others besides.
    """
    rows = []
    for _ in range(B):
        others, order = 1 + rng.permutation(V - 1), rng.permutation(T)
        tokens = others if T == 1 else torch.cat([torch.zeros_like(others[:1]), others])
        rows.append(tokens[order])
    return torch.stack(rows)


def gradients(rng, result, inputs):
    """Return the gradients of a drawn sum of a result's numbers: by tensors as they are, by each part's parameters one
    number, None where none of them has a gradient."""
    loss = (result * rng.normal(*result.shape)).sum()
    if not loss.requires_grad:
        return "detached"
    names = sorted(inputs)
    each = torch.autograd.grad(loss, [inputs[name] for name in names], allow_unused=True)
    found: dict[str, torch.Tensor | None] = {}
    for name, gradient in zip(names, each, strict=True):
        part = name.split(".")[0]
        found.setdefault(part, None)
        if gradient is not None:
            gradient = at(rng, gradient) if isinstance(inputs[name], nn.Parameter) else gradient
            found[part] = gradient if found[part] is None else found[part] + gradient
    return found


def at(rng, gradient):
    """Return one number for a whole gradient: its product with drawn numbers."""
    return (gradient * rng.normal(*gradient.shape)).sum()


def random_mask(rng, *shape):
    """Return a random mask in which every query may look at two keys at least, and not at all of them."""
    order = rng.uniform(*shape).argsort(dim=-1, stable=True)
    return order < rng.integers(2, shape[-1], *shape[:-1], 1)


def block_config(lib, D=6, H=2, **choices):
    """Return a block's config. Its norms and network, where nothing is said of them, are made and then replaced."""
    return lib.config.BlockConfig(d_model=D, n_heads=H, **{"norm": "rms", "network": "swiglu", **choices})


def model_config(lib, V=7, layers=2, positions="none", tied=False, **choices):
    block, sizes = block_config(lib, **choices), {"vocab_size": V, "n_layers": layers, "context": 9}
    return lib.config.ModelConfig(block=block, **sizes, positions=positions, tied=tied)


def with_torchs_own(block):
    """Return a block whose norms and network are torch's, so that what is wrong in yours does not count here."""
    D = block.attention.query.in_features
    for name in [name for name, _ in block.named_children() if name.startswith("norm")]:
        setattr(block, name, nn.LayerNorm(D))
    block.feed_forward = nn.Sequential(nn.Linear(D, 2 * D), nn.Tanh(), nn.Linear(2 * D, D))
    return block


def means(x, mask):
    """Return for each query the mean of the tokens that it may see, or 0; without a mask, of all."""
    if mask is None:
        return x.mean(dim=1, keepdim=True)
    if mask.dtype != torch.bool:
        raise ValueError("a mask is boolean, True = may look; this one is made of numbers")
    seen = mask.to(x.dtype)
    seen = seen[:, 0] if seen.dim() == 4 else seen  # a mask may have an axis for heads
    return seen @ x / seen.sum(dim=-1, keepdim=True).clamp(min=1)


class Mixing(nn.Module):
    """Stands in for a block, or for a stack: adds to each token something of those that it may see, and of its place."""

    def __init__(self, D, context=False):
        super().__init__()
        self.mix = nn.Linear(D, D)
        self.read = nn.Linear(D, D) if context else None

    @property
    def blocks(self):
        """Return a single block, and a norm that does nothing, for a model that goes through its stack by itself."""
        return [self]

    def norm(self, x):
        return x

    def forward(self, x, *args, **named):
        """Read the arguments as a block does, by place or by name."""
        names = ["context", "mask", "context_mask"] if self.read else ["mask", "positions"]
        given = dict(zip(names, args, strict=False)) | named
        x = x + torch.tanh(self.mix(x + means(x, given.get("mask"))))
        if self.read:
            x = x + torch.tanh(self.read(means(given["context"], given.get("context_mask"))))
        if given.get("positions") is not None:
            x = x + given["positions"][..., None].to(x.dtype).sin()
        return x


class Rows(nn.Module):
    """Stands in for TokenEmbedding: rows without positions."""

    def __init__(self, V, D):
        super().__init__()
        self.table = nn.Embedding(V, D)

    def forward(self, tokens):
        return self.table(tokens)
