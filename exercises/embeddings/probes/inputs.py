"""Inputs that the probes of this assignment share.

What tells a right program from a wrong one is built in: words that come back, counts on either side of x_max, lengths
that turn the order of dot products around. Drawn are the ids, and the directions that all vectors are turned to.
"""

import torch


def with_gradients(loss, *inputs):
    """Return a loss and its gradients by its inputs; where it hangs on none of them, "detached"."""
    if not (isinstance(loss, torch.Tensor) and loss.requires_grad):
        return {"loss": loss, "gradient": "detached"}
    gradients = torch.autograd.grad(loss, inputs, allow_unused=True)
    return {"loss": loss, "gradient": dict(enumerate(gradients))}


def in_random_order(rng, kinds, times=1):
    """Return a list in which each of the kinds occurs as many times."""
    return [kinds[n % len(kinds)] for n in rng.permutation(times * len(kinds)).tolist()]


def rounds(rng, V, times):
    """Return a text in which V words come round in one drawn order: within V - 1 steps no word meets itself."""
    return rng.permutation(V).repeat(times)


def turned(rng, rows):
    """Return rows turned by a drawn rotation, which leaves all their lengths and angles as they are."""
    rows = torch.tensor(rows, dtype=torch.float64)
    rotation = torch.linalg.qr(rng.normal(rows.shape[1], rows.shape[1], dtype=torch.float64)).Q
    return (rows @ rotation).float()


def mixed(rng, rows):
    """Return the rows in a drawn order, and for each of them the id that it has there."""
    order = rng.permutation(len(rows))
    return rows[order], order.argsort().tolist()


def pairs_of(rng, B, M, D):
    """Return centres (B, D), contexts (B, D) and negatives (B, M, D) that ask for gradients; no dot product is far out."""
    shapes = (B, D), (B, D), (B, M, D)
    return [(0.7 * rng.normal(*shape)).requires_grad_() for shape in shapes]


def one_number(loss):
    """Return a loss; where it has many numbers, such as one for each cell, one text for all such losses."""
    return "not one number" if torch.is_tensor(loss) and loss.numel() != 1 else loss


def shares(*losses):
    """Return losses as shares of their sum: a factor before all of them changes nothing."""
    if isinstance(losses[0], str):
        return losses[0]
    losses = torch.stack([torch.as_tensor(loss) for loss in losses])
    return losses / losses.abs().sum()


def glove_parameters(rng, V, D):
    """Return w, w_ctx, b and b_ctx that ask for gradients."""
    return [rng.normal(*shape).requires_grad_() for shape in ((V, D), (V, D), (V,), (V,))]


def counts_around(rng, V, x_max):
    """Return counts (V, V), symmetric, none of them 0; in each row some lie well below x_max and some well above."""
    i = torch.arange(V)
    below = (i[:, None] + i) % 3 > 0
    share = torch.where(below, 0.05 + 0.6 * rng.uniform(V, V), 1.5 + 2 * rng.uniform(V, V))
    share = share.triu() + share.triu(1).T
    return x_max * share


def equals_by_id_or_reversed(found, kinds):
    """Return the ids as they are where those of one kind come by size; else each kind's ids the largest first.

    So every order of equals but the right one is the same wrong answer.
    """
    groups = [found[kinds[found] == kind] for kind in kinds[found].unique_consecutive()]
    if all((group.diff() > 0).all() for group in groups):
        return found
    return torch.cat([group.sort(descending=True).values for group in groups])
