"""What the exercise attend asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import close_calls, qkv, random_mask, steep_scores

from check import probe


@probe(exercise="attend", points=2)
def values(lib, rng):
    """Each query mixes the values by softmax(q kᵀ / √K)."""
    views = [rng.normal(2, n, 3, 4).transpose(1, 2) for n in (5, 7, 7)]
    return {"plain": lib.attention.attend(*qkv(rng)), "transposed inputs": lib.attention.attend(*views)}


@probe(exercise="attend", points=1)
def double(lib, rng):
    """float64 in, float64 out, to the last digits."""
    out = lib.attention.attend(*qkv(rng, dtype=torch.float64))
    return {"dtype": str(out.dtype), "values": out}


@probe(exercise="attend", points=1)
def one_token(lib, rng):
    """A single query, key or feature: four axes in, four axes out."""
    sizes = {"one query": (1, 6, 3), "one key": (4, 1, 3), "one feature": (4, 6, 1), "one of each": (1, 1, 1)}
    return {
        name: lib.attention.attend(rng.normal(1, 2, T, K), rng.normal(1, 2, S, K), rng.normal(1, 2, S, K))
        for name, (T, S, K) in sizes.items()
    }


@probe(exercise="attend", points=2)
def broadcast(lib, rng):
    """Any mask that broadcasts to (B, H, T, S); True = may look."""
    shapes = {"(T, S)": (5, 7), "(B, 1, 1, S)": (2, 1, 1, 7), "(1, H, T, S)": (1, 3, 5, 7)}
    return {
        f"mask {name}": lib.attention.attend(*qkv(rng), random_mask(rng, *shape))
        for name, shape in shapes.items()
    }


@probe(exercise="attend", points=2)
def empty_rows(lib, rng):
    """A query that may look at nothing gets zeros, never NaN."""
    mask = random_mask(rng, 2, 1, 5, 7)
    mask[:, :, rng.permutation(5)[:2]] = False
    return {
        "two rows hidden": lib.attention.attend(*qkv(rng), mask),
        "one of two sequences hidden": lib.attention.attend(
            *qkv(rng), rng.permutation(2).view(2, 1, 1, 1) > 0
        ),
    }


@probe(exercise="attend", points=1)
def large_logits(lib, rng):
    """Scores in the hundreds do not overflow."""
    q, k, v = steep_scores(rng, S=7)
    mask = random_mask(rng, 5, 7)
    return {
        "plain": lib.attention.attend(q, k, v),
        "masked": lib.attention.attend(q, k, v, mask),
    }


@probe(exercise="attend", points=2)
def half_precision(lib, rng):
    """Half precision in and out, float32 for scores and softmax."""
    results = {}
    for dtype in (torch.float16, torch.bfloat16):
        q, k, v = close_calls(rng, 7, dtype)
        out = lib.attention.attend(q, k, v, random_mask(rng, 5, 7))
        results[str(dtype)] = {"values": out, "dtype": str(out.dtype)}
    return results


@probe(exercise="attend", points=2)
def gradients(lib, rng):
    """The gradients of q, k and v are right, also of empty rows."""
    inputs = dict(zip("qkv", qkv(rng), strict=True))
    mask = random_mask(rng, 5, 7)
    mask[rng.integer(0, 5)] = False
    out = lib.attention.attend(*(x.requires_grad_() for x in inputs.values()), mask)
    total = (out * rng.normal(*out.shape)).sum()
    found = torch.autograd.grad(total, list(inputs.values()), allow_unused=True)
    return dict(zip(inputs, found, strict=True))


@probe(exercise="attend", points=1)
def unchanged(lib, rng):
    """The inputs are left as they were."""
    (q, k, v), mask = qkv(rng), random_mask(rng, 5, 7)
    out = lib.attention.attend(q, k, v, mask)
    return {"result": out, "q afterwards": q, "k afterwards": k, "v afterwards": v, "mask afterwards": mask}
