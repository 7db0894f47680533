"""What the exercise clip asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import between, in_random_order, number, number_or, signed

from check import probe, value_or


def with_gradients(rng, *shapes, dtype=torch.float32):
    """Return parameters with gradients."""
    ps = [torch.zeros(shape, dtype=dtype, requires_grad=True) for shape in shapes]
    for p in ps:
        p.grad = signed(rng, *p.shape).to(dtype)
    return ps


def norm_of(ps):
    return sum(p.grad.square().sum().item() for p in ps) ** 0.5


@probe(exercise="clip", points=2)
def norm_before(lib, rng):
    """What comes back is the joint norm of all gradients, as it was before they were scaled."""
    results = []
    for share in (0.3, 0.6, 2.0):
        ps = with_gradients(rng, (2, 3), (rng.integer(3, 9),), (), (0,))
        results.append(number(lib.optim.clip_grad_norm(ps, share * norm_of(ps))))
    return torch.tensor(results)


@probe(exercise="clip", points=2)
def scaled(lib, rng):
    """Where the norm is above max_norm, all gradients are multiplied by the same factor."""
    ps = with_gradients(rng, (2, 3), (4,), ())
    ps[1].grad.mul_(5)
    lib.optim.clip_grad_norm(ps, between(rng, 0.3, 0.6) * norm_of(ps))
    return [p.grad for p in ps]


@probe(exercise="clip", points=2)
def below(lib, rng):
    """Gradients whose norm is at most max_norm, zeros too, stay as they are."""
    results = []
    for share in in_random_order(rng, [0.5, 2.0, 4.0, 0.0]):
        (p,) = with_gradients(rng, (4,))
        p.grad.mul_(between(rng, 3, 3.9) / norm_of([p]))
        limit = share * norm_of([p]) or 1.0
        p.grad.mul_(float(share > 0))
        if number_or(-1.0, lib.optim.clip_grad_norm, [p], limit) == -1.0:
            p.grad.fill_(torch.nan)
        results.append(p.grad)
    return torch.stack(results)


@probe(exercise="clip", points=1)
def without_gradient(lib, rng):
    """Parameters without a gradient are passed over; where none has one the norm is 0."""
    results = []
    for kind in in_random_order(rng, ["some", "some", "none"]):
        ps = with_gradients(rng, (3,), (2, 2), (5,))
        for i in range(3):
            if kind == "none" or i == 1:
                ps[i].grad = None
        limit = between(rng, 0.5, 0.9)
        if kind == "none":
            results.append(number_or(-limit, lib.optim.clip_grad_norm, ps, limit))
        else:
            if value_or("an error", lib.optim.clip_grad_norm, ps, limit) == "an error":
                ps[0].grad, ps[2].grad = torch.full((3,), limit), torch.full((5,), limit)
            results.append([ps[0].grad, ps[2].grad])
    return results


@probe(exercise="clip", points=1)
def read_once(lib, rng):
    """parameters may be a generator, as model.parameters() is, which can be read once only."""
    ps = with_gradients(rng, (2,), (3,))
    lib.optim.clip_grad_norm((p for p in ps), between(rng, 0.5, 0.9))
    return [p.grad for p in ps]


@probe(exercise="clip", points=1)
def half_norm(lib, rng):
    """The norm of float16 gradients is taken in float32: neither 300² nor 0.0001² fits into float16."""
    norms = {}
    for size in (300.0, 1e-4, 1.0):
        (p,) = with_gradients(rng, (8,), dtype=torch.float16)
        p.grad.mul_(size)
        norms[f"{size:g}"] = torch.tensor(number(lib.optim.clip_grad_norm([p], 1e4)) / size).half()
    return norms


@probe(exercise="clip", points=1)
def not_finite(lib, rng):
    """Where the norm is inf or NaN no gradient is touched."""
    results = []
    for bad in in_random_order(rng, [torch.inf, torch.nan, None]):
        ps = with_gradients(rng, (3,), (4,))
        if bad is not None:
            ps[rng.integer(0, 2)].grad[rng.integer(0, 3)] = bad
        lib.optim.clip_grad_norm(ps, between(rng, 0.5, 0.9))
        results.append(torch.cat([p.grad for p in ps]))
    return torch.stack(results)
