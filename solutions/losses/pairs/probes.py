"""What the exercise pairs asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import has_numbers, in_random_order, is_number, together, with_gradient
from torch.nn.functional import normalize

from check import probe, raised


@probe(exercise="pairs", points=2)
def binary(lib, rng):
    """The mean of -ln p over targets 0 and 1, where p is sigmoid(z) for 1 and 1 - sigmoid(z) for 0; its gradient."""
    results = {}
    for shape in ((7,), (2, 3), (2, 1, 4)):
        z = (1 + rng.uniform(*shape)) * (2 * rng.integers(0, 2, *shape) - 1)
        z.requires_grad_()
        y = rng.integers(0, 2, *shape).float()
        y.view(-1)[:2] = torch.tensor([0.0, 1.0])
        results[str(shape)] = with_gradient(lib.losses.bce_with_logits(z, y), z)
    return results


@probe(exercise="pairs", points=1)
def soft_targets(lib, rng):
    """A target may lie between 0 and 1: y of the one loss and 1 - y of the other."""
    # Logits of one sign and targets on one side of ½, so that no fault of a row makes up for another's.
    return {
        "below ½": lib.losses.bce_with_logits(0.5 + 3.5 * rng.uniform(6), 0.2 + 0.25 * rng.uniform(6)),
        "above ½": lib.losses.bce_with_logits(-0.5 - 3.5 * rng.uniform(6), 0.55 + 0.25 * rng.uniform(6)),
    }


@probe(exercise="pairs", points=1)
def far_logits(lib, rng):
    """Logits of 150 and of 10,000, on either side: loss and gradient are finite and right."""
    results = []
    for logit, target in in_random_order(
        rng, [(z, y) for z in (150.0, -150.0, 1e4, -1e4) for y in (0.0, 1.0)]
    ):
        z, y = (logit + rng.uniform(1)).requires_grad_(), torch.tensor([target])
        results.append(with_gradient(lib.losses.bce_with_logits(z, y), z))
    # On which side it goes wrong hangs on the formula, and NaN alone would say little.
    lost = rng.integer(2, 1000)
    finite = [is_number(found["loss"]) and has_numbers(found["gradient"]) for found in results]
    return together(results) if all(finite) else -lost


@probe(exercise="pairs", points=1)
def zero_logits(lib, rng):
    """At a logit of exactly 0 the loss is ln 2, and its slope ½ - y."""
    z, y = rng.normal(6), (rng.permutation(6) % 2).float()
    z[rng.permutation(6)[:3]] = 0.0
    z.requires_grad_()
    return with_gradient(lib.losses.bce_with_logits(z, y), z)


@probe(exercise="pairs", points=2)
def both_directions(lib, rng):
    """Each query's key among all keys, and each key's query among all queries; rows of length 1."""
    results = {}
    for B, D in ((5, 3), (3, 8), (1, 4)):
        q, k = normalize(rng.normal(B, D)), normalize(rng.normal(B, D))
        tau = 0.1 + 0.4 * rng.uniform(1).item()
        results[f"B={B}, D={D}"] = lib.losses.info_nce(q, k, tau)
        # Every query finds all keys alike, but not every key all queries.
        results[f"B={B}, D={D}, one key"] = lib.losses.info_nce(q, k[:1].expand(B, D), temperature=tau)
    return results


@probe(exercise="pairs", points=1)
def lengths(lib, rng):
    """Only the directions of the rows count, not their lengths; with the gradients."""
    q, k = rng.normal(4, 5), rng.normal(4, 5)
    q, k = q * torch.tensor([[3.0], [0.1], [20.0], [1.0]]), k * torch.tensor([[1e3], [1.0], [0.05], [10.0]])
    q, k = q.requires_grad_(), k.requires_grad_()
    found = with_gradient(lib.losses.info_nce(q, k, 0.2 + rng.uniform(1).item()), q, k)
    return {**found, "default temperature": lib.losses.info_nce(q, k)}


@probe(exercise="pairs", points=1)
def zero_rows(lib, rng):
    """A row of zeros has the cosine 0 with all."""
    losses = []
    for zeros in in_random_order(rng, ["queries", "keys", "none"]):
        q, k = normalize(rng.normal(4, 6)), normalize(rng.normal(4, 6))
        if zeros != "none":
            (q if zeros == "queries" else k)[rng.integer(0, 4)] = 0.0
        losses.append(torch.as_tensor(lib.losses.info_nce(q, k, 0.3)))
    return torch.stack(losses)


@probe(exercise="pairs", points=1)
def bad_temperatures(lib, rng):
    """ValueError for a temperature that is 0, negative or NaN, and for no other."""
    q, k, x = normalize(rng.normal(2, 5)), normalize(rng.normal(2, 5)), 0.1 + rng.uniform(1).item()
    kinds = [0.0, -x, float("nan"), x, 0.01, 1 + x]
    return [raised(lib.losses.info_nce, q, k, t) for t in in_random_order(rng, kinds, 3)]
