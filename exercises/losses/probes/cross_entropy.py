"""What the exercise cross_entropy asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF, IGNORED, as_numbers, even_logits, in_random_order, or_error, spread, with_gradient

from check import Without, probe


@probe(exercise="cross_entropy", points=3)
def values(lib, rng):
    """The mean of -ln p over the rows, where p is the probability that softmax gives to the target."""
    lowest = spread(rng, 5, 7)
    return {
        "targets drawn": lib.losses.cross_entropy(2 * rng.normal(6, 9), rng.integers(0, 9, 6)),
        "targets of low logits": lib.losses.cross_entropy(lowest, lowest.argmin(dim=-1)),
        "one row": lib.losses.cross_entropy(spread(rng, 1, 4), rng.integers(0, 4, 1)),
    }


@probe(exercise="cross_entropy", points=3)
def gradient(lib, rng):
    """The gradient: probabilities less the target's one-hot row, divided by the number of rows."""
    logits = spread(rng, 4, 6).requires_grad_()
    return with_gradient(lib.losses.cross_entropy(logits, rng.integers(0, 6, 4)), logits)


@probe(exercise="cross_entropy", points=1)
def ignored(lib, rng):
    """Rows whose target is ignore_index, -100 or what the caller says, do not count: the mean is over the others."""
    results = {}
    for index in (IGNORED, 0, rng.integer(1, 8)):
        logits = spread(rng, 6, 8)
        targets = logits.argmin(dim=-1)
        if (
            index >= 0
        ):  # a class like any other: nobody's target but of the rows that are left out, and unlikely there
            logits[:, index] += 20
            targets = logits.argmin(dim=-1)
            logits[:, index] -= 40
        targets[rng.permutation(6)[: rng.integer(2, 4)]] = index
        options = {} if index == IGNORED else {"ignore_index": index}
        results[f"ignore_index={index}"] = lib.losses.cross_entropy(logits, targets, **options)
    return results


@probe(exercise="cross_entropy", points=1)
def smoothing(lib, rng):
    """Label smoothing: 1 - ε for the target, and ε spread evenly over all V classes, the target too."""
    results = {}
    for case in ("drawn", "low"):
        logits, epsilon = spread(rng, 5, 7), 0.05 + 0.45 * rng.uniform(1).item()
        targets = rng.integers(0, 7, 5) if case == "drawn" else logits.argmin(dim=-1)
        results[f"targets {case}"] = lib.losses.cross_entropy(logits, targets, label_smoothing=epsilon)
    return results


@probe(exercise="cross_entropy", points=1)
def large_logits(lib, rng):
    """Logits near 95, gaps of 150 and of 20,000: loss and gradient are finite and right."""
    level = 95 + 3 * rng.uniform(4, 6)
    steep = torch.stack([torch.tensor([-75.0, 75, -20, 0, 30])[rng.permutation(5)] for _ in range(3)])
    far = torch.stack([torch.tensor([-1e4, 1e4, 0, 3e3])[rng.permutation(4)] for _ in range(4)])
    cases = {
        "near 95": (level, rng.integers(0, 6, 4)),
        "gap 150": (steep + rng.uniform(3, 5), steep.argmin(dim=-1)),
        "gap 20,000, target low": (far, far.argmin(dim=-1)),
        "gap 20,000, target high": (far + rng.uniform(4, 1), far.argmax(dim=-1)),
    }
    results = {}
    for name, (logits, targets) in cases.items():
        logits = logits.clone().requires_grad_()
        results[name] = with_gradient(lib.losses.cross_entropy(logits, targets), logits)
    return results


@probe(exercise="cross_entropy", points=1)
def last_axis(lib, rng):
    """The classes are on the last axis, however many stand before it, also where T = V; or none."""
    lost, results = rng.integer(2, 1000), {}
    for rows in ((), (2, 5), (1, 4), (2, 3, 3), (3, 4, 4)):
        V = rows[-1] if rows else 6
        logits = spread(rng, torch.Size(rows).numel(), V).view(*rows, V)
        results[str((*rows, V))] = or_error(lost, lib.losses.cross_entropy, logits, logits.argmin(dim=-1))
    # Which of these shapes end in an error hangs on how a program is written, and the same with other values.
    errors = [found for found in results.values() if isinstance(found, str)]
    return errors[0] if errors else results


def left_out(lib, rng):
    """Return loss and gradient where some rows are ignored, which hold inf and NaN, and where all are."""
    lost, nothing = rng.integer(2, 1000), []
    logits, targets = spread(rng, 7, 5), rng.integers(0, 5, 7)
    out = rng.permutation(7)[:3]
    targets[out] = IGNORED
    logits[out[0], rng.integer(0, 5)], logits[out[1]], logits[out[2]] = torch.inf, torch.nan, -torch.inf
    logits.requires_grad_()
    spoilt = as_numbers(lost, lib.losses.cross_entropy(logits, targets), logits)
    for counted in in_random_order(rng, [0, 0, 3]):
        logits, targets = spread(rng, 3, 4).requires_grad_(), torch.full((3,), IGNORED)
        targets[:counted] = rng.integer(0, 4)
        nothing.append(as_numbers(lost, or_error(lost, lib.losses.cross_entropy, logits, targets), logits))
    texts = [found for found in (spoilt, *nothing) if isinstance(found, str)]
    return min(texts) if texts else torch.cat([spoilt, *nothing])


def in_each_dtype(lib, rng):
    """Return a loss in three precisions, and how many bytes its number has."""
    losses, sizes = [], []
    for dtype in (torch.float64, *HALF):
        logits, N = even_logits(rng)
        loss = lib.losses.cross_entropy(logits.expand(2, -1).to(dtype), rng.integers(0, N, 2))
        loss = torch.as_tensor(loss)
        losses.append(loss.detach().float())
        sizes.append(loss.element_size())
    return torch.cat([torch.stack(losses), torch.tensor(sizes)])


@probe(exercise="cross_entropy", points=1)
def edges(lib, rng):
    """Ignored rows touch nothing, not even by inf and NaN or where there are no others, whose loss is 0, with gradients
    of 0; half precision is computed and returned in float32, float64 stays."""
    return {"ignored rows": left_out(lib, rng), "float64, float16, bfloat16": in_each_dtype(lib, rng)}


@probe(exercise="cross_entropy", points=1)
def by_hand(lib, rng):
    """Written by yourself: without cross_entropy and nll_loss of torch."""
    logits, targets = spread(rng, 4, 6), rng.integers(0, 6, 4)
    with Without("cross_entropy", "nll_loss", "nll_loss_nd", "cross_entropy_loss"):
        return lib.losses.cross_entropy(logits, targets)
