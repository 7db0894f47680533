"""What the exercise sgd asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import between, gradients, parameters, rates, walk

from check import probe


@probe(exercise="sgd", points=2)
def plain(lib, rng):
    """Without momentum and decay each step is the rate times the gradient, whatever the parameter's shape."""
    ps = parameters(rng, (3, 2), (4,), (), (0,))
    groups = [{"params": ps[:1]}, {"params": ps[1:], "lr": between(rng, 0.5, 0.9)}]
    return walk(lib.optim.SGD(groups, lr=between(rng, 0.1, 0.3)), ps, gradients(rng, ps, 2))


@probe(exercise="sgd", points=2)
def momentum(lib, rng):
    """With momentum each step is the rate times the buffer, and each parameter has a buffer of its own."""
    ps = parameters(rng, (2, 2), (3,))
    steps = gradients(rng, ps, 5)
    steps[2][1] = None
    optimizer = lib.optim.SGD(ps, lr=between(rng, 0.1, 0.3), momentum=between(rng, 0.5, 0.9))
    return walk(optimizer, ps, steps)


@probe(exercise="sgd", points=1)
def l2(lib, rng):
    """weight_decay adds λp to the gradient, before momentum."""
    results = {}
    for name, mu in {"without momentum": 0.0, "with momentum": between(rng, 0.5, 0.9)}.items():
        ps = parameters(rng, (2,), (3,))
        optimizer = lib.optim.SGD(ps, lr=0.2, momentum=mu, weight_decay=between(rng, 0.3, 0.6))
        results[name] = walk(optimizer, ps, gradients(rng, ps, 4))
    return results


@probe(exercise="sgd", points=1)
def rate_changes(lib, rng):
    """A new rate is that of the whole step: the buffer holds gradients alone."""
    ps = parameters(rng, (4,))
    optimizer = lib.optim.SGD(ps, lr=0.1, momentum=between(rng, 0.5, 0.9))
    return walk(optimizer, ps, gradients(rng, ps, 4), rates(rng, 4))


@probe(exercise="sgd", points=1)
def zeroed(lib, rng):
    """Gradients that are zeroed and filled in place, as some training loops do, leave the buffer alone."""
    (p,), path = parameters(rng, (4,)), []
    p.grad = torch.zeros(4)
    optimizer = lib.optim.SGD([p], lr=between(rng, 0.1, 0.3), momentum=between(rng, 0.5, 0.9))
    for (gradient,) in gradients(rng, [p], 4):
        p.grad.zero_().add_(gradient)
        optimizer.step()
        path.append(p.detach().clone())
    return torch.stack(path)


@probe(exercise="sgd", points=1)
def gradients_kept(lib, rng):
    """A step leaves the gradients as they were."""
    ps = parameters(rng, (2, 2), (3,))
    optimizer = lib.optim.SGD(ps, lr=between(rng, 0.1, 0.3), weight_decay=between(rng, 0.3, 0.6))
    path = walk(optimizer, ps, gradients(rng, ps, 1))
    return {**path, "gradients afterwards": [p.grad for p in ps]}
