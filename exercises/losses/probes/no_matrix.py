"""What the exercise no_matrix asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF, even_logits

from check import NoTensorAbove, probe


def drawn(rng, N, D, V, dtype=torch.float32):
    """Return hidden, weight and targets; the last row has a large loss, so it shows when it is missing."""
    hidden, weight, targets = rng.normal(N, D), 2 * rng.normal(V, D), rng.integers(0, V, N)
    targets[-1] = (weight @ hidden[-1]).argmin()
    return hidden.to(dtype), weight.to(dtype), targets


@probe(exercise="no_matrix", points=2)
def chunked_loss(lib, rng):
    """The loss is the mean over all rows, also where the last chunk is shorter."""
    ask = lib.linear_cross_entropy.linear_cross_entropy
    sizes = {"N=7, chunk=3": (7, 3), "N=11, chunk=5": (11, 5)}
    return {name: ask(*drawn(rng, N, 4, 6), chunk=chunk)[0] for name, (N, chunk) in sizes.items()}


@probe(exercise="no_matrix", points=1)
def hidden_gradient(lib, rng):
    """The gradient by the hidden states."""
    return lib.linear_cross_entropy.linear_cross_entropy(*drawn(rng, 7, 4, 6), chunk=3)[1]


@probe(exercise="no_matrix", points=1)
def weight_gradient(lib, rng):
    """The gradient by the weight, to which every chunk adds."""
    return lib.linear_cross_entropy.linear_cross_entropy(*drawn(rng, 7, 4, 6), chunk=3)[2]


@probe(exercise="no_matrix", points=1)
def chunk_sizes(lib, rng):
    """Chunks of 1, of all rows, of more than there are; the default. The inputs are left as they were."""
    ask, (hidden, weight, targets) = lib.linear_cross_entropy.linear_cross_entropy, drawn(rng, 6, 3, 5)
    results = {f"chunk={chunk}": ask(hidden, weight, targets, chunk=chunk)[0] for chunk in (1, 6, 100)}
    results["default"] = ask(hidden, weight, targets)[0]
    return {**results, "hidden afterwards": hidden, "weight afterwards": weight}


@probe(exercise="no_matrix", points=1)
def linear_half(lib, rng):
    """From half precision all three come back in float32, and are computed in it."""
    results = {}
    for dtype in HALF:
        even, i = even_logits(rng)[0][:, None], rng.integer(0, 8)
        # 7 times 2 ** -12 are left over in the product, of which half precision knows nothing.
        factor, uneven = 1 + (2 * i + 1) / 128, torch.zeros(4, 1)
        uneven[3] = -4 - (7, 13, 11, 1, 15, 5, 3, 9)[i] / 32
        for name, one, weight in (("even", 1.0, even), ("uneven", factor, uneven)):
            hidden, targets = torch.full((2, 1), one), torch.full((2,), 3)
            found = lib.linear_cross_entropy.linear_cross_entropy(hidden.to(dtype), weight.to(dtype), targets)
            results[f"{name}, {dtype}"] = {
                "loss": torch.as_tensor(found[0]).float(),
                "dtypes": [str(x.dtype) for x in found[1:]],
            }
    return results


@probe(exercise="no_matrix", points=2, memory_mb=20)
def no_logits(lib, rng):
    """No tensor comes near the size of the (N, V) matrix of logits."""
    ask = lib.linear_cross_entropy.linear_cross_entropy
    with NoTensorAbove(64 * 32 // 4):
        small = ask(*drawn(rng, 64, 3, 32), chunk=8)[0]
    # Here the matrix alone has 32 MB, and the judge's limit holds from outside of the process. A row of logits is
    # large enough for memory of its own, which goes back to the system as soon as it is free.
    return {"small": small, "large": ask(*drawn(rng, 200, 2, 40000), chunk=4)[0]}
