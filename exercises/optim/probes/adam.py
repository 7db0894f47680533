"""What the exercise adam asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import betas, between, gradients, parameters, rates, signed, walk

from check import probe


@probe(exercise="adam", points=3)
def first_steps(lib, rng):
    """The first steps of one parameter: both means are corrected, so that the first step is the rate long."""
    ps = parameters(rng, (2, 3))
    first, second, third = (scale * signed(rng, 2, 3) for scale in (1, 5, 0.1))
    return walk(lib.optim.Adam(ps, lr=between(rng, 0.1, 0.3)), ps, [[first], [second], [third]])


@probe(exercise="adam", points=2)
def adam_path(lib, rng):
    """Several parameters, betas of one's own, a rate that changes."""
    ps = parameters(rng, (2, 2), (3,), (), (0,))
    optimizer = lib.optim.Adam(ps, betas=betas(rng))
    steps = [
        [scale * gradient for gradient in row]
        for scale, row in zip((1, 4, 0.2, 1, 3, 0.5), gradients(rng, ps, 6), strict=True)
    ]
    return walk(optimizer, ps, steps, rates(rng, 6))


@probe(exercise="adam", points=1)
def l2_in_the_moments(lib, rng):
    """Adam's weight_decay is L2: λp is added to the gradient, and goes through both means."""
    ps = parameters(rng, (4,))
    # Without ε: gradient and decay may nearly cancel, and where ε stands is asked elsewhere.
    optimizer = lib.optim.Adam(ps, lr=0.1, betas=betas(rng), eps=0.0, weight_decay=between(rng, 0.5, 0.9))
    return walk(optimizer, ps, gradients(rng, ps, 4))


@probe(exercise="adam", points=1)
def eps_outside(lib, rng):
    """ε is added to the corrected root, neither inside the root nor before the correction."""
    ps = parameters(rng, (4,))
    optimizer = lib.optim.Adam(ps, lr=5.0, eps=between(rng, 0.02, 0.1))
    steps = [[gradient / 100] for (gradient,) in gradients(rng, ps, 3)]
    return walk(optimizer, ps, steps)


@probe(exercise="adam", points=1)
def late(lib, rng):
    """A parameter that gets its first gradient late has its own t, which is 1 then."""
    ps = parameters(rng, (2,), (3,))
    steps = gradients(rng, ps, 5)
    for row in steps[: rng.integer(2, 4)]:
        row[1] = None
    return walk(lib.optim.Adam(ps, lr=0.1, betas=betas(rng)), ps, steps)


@probe(exercise="adam", points=1)
def half_precision(lib, rng):
    """In float16 the means are float32: neither 300² nor 0.0001² fits into float16."""
    order, sizes = rng.permutation(6), torch.tensor([600.0, 600.0, 1e-4, 1e-4, 1.0, 1.0])
    p = (1 + rng.uniform(6)).half().requires_grad_()
    p.grad = torch.empty_like(p)
    p.grad[order] = (sizes * signed(rng, 6)).half()
    lib.optim.Adam([p], lr=between(rng, 0.5, 0.9), eps=0.0).step()
    large, tiny, ordinary = p.detach()[order].split(2)
    # Where 0.0001² is 0 the step is inf or NaN, which of them hangs on how a program divides: one number for both, unless
    # NaN is everywhere, by another mistake.
    instead = torch.where(ordinary.isfinite(), between(rng, 3, 4), torch.nan).half()
    return {"large": large, "tiny": torch.where(tiny.isfinite(), tiny, instead), "ordinary": ordinary}
