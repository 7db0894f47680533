"""What the exercise attend asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import SMALL, alike_in_half, large_scores, qkv, random_mask, with_gradients

from check import probe


@probe(exercise="attend", points=3)
def values(lib, rng):
    """Each query mixes the values by softmax(q kᵀ / √K); four axes in, four axes out."""
    views = [rng.normal(1, n, 3, 4).transpose(1, 2) for n in (5, 7, 7)]
    results = {"plain": lib.attention.attend(*qkv(rng)), "views": lib.attention.attend(*views)}
    sizes = {"one query": (1, 6, 3), "one key": (4, 1, 3), "one feature": (4, 6, 1), "one of each": (1, 1, 1)}
    for name, (T, S, K) in sizes.items():
        results[name] = lib.attention.attend(*qkv(rng, 1, 2, T, S, K))
    return results


@probe(exercise="attend", points=3)
def broadcast(lib, rng):
    """Any mask that broadcasts to (B, H, T, S); True = may look."""
    shapes = {"(T, S)": (5, 7), "(B, 1, 1, S)": (2, 1, 1, 7), "(1, H, T, S)": (1, 3, 5, 7)}
    results = {
        name: lib.attention.attend(*qkv(rng, 2 if name[1] == "B" else 1), random_mask(rng, *shape))
        for name, shape in shapes.items()
    }
    extreme = random_mask(rng, 3, 5)
    first, second = rng.permutation(3)[:2].tolist()
    extreme[first], extreme[second] = torch.arange(5) == rng.integer(0, 5), True
    return {**results, "extremes": lib.attention.attend(*qkv(rng, **SMALL), extreme)}


@probe(exercise="attend", points=2)
def empty_rows(lib, rng):
    """A query that may look at nothing gets zeros, never NaN; in its gradient too."""
    mask, hidden = random_mask(rng, 1, 2, 3, 5), random_mask(rng, 2, 1, 3, 5)
    mask[:, rng.integer(0, 2), rng.integer(0, 3)] = False
    hidden[rng.integer(0, 2)] = False
    return {
        "a row hidden": with_gradients(rng, lib.attention.attend, qkv(rng, **SMALL), mask),
        "a text hidden": lib.attention.attend(*qkv(rng, 2, 1, 3, 5), hidden),
    }


@probe(exercise="attend", points=1)
def large_logits(lib, rng):
    """Scores in the hundreds do not overflow."""
    return lib.attention.attend(*large_scores(rng, torch.ones(5)), random_mask(rng, 1, 2, 3, 5))


@probe(exercise="attend", points=2)
def precision(lib, rng):
    """Half precision in and out, float32 for scores and softmax; float64 throughout."""
    results = {}
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        q, k, v = qkv(rng, 1, 2, dtype=dtype) if dtype == torch.float64 else alike_in_half(rng, dtype)
        if dtype == torch.float64:
            q, k = 8 + q, 16 + k / 4  # so high that float32 knows fewer of a score's decimals
        out = lib.attention.attend(q, k, v, random_mask(rng, 1, 2, 5, 7))
        results[str(dtype)] = {"values": out, "dtype": str(out.dtype)}
    return results


@probe(exercise="attend", points=2)
def gradients(lib, rng):
    """The gradients of q, k and v are right."""
    return with_gradients(rng, lib.attention.attend, qkv(rng, **SMALL), random_mask(rng, 1, 2, 3, 5))


@probe(exercise="attend", points=1)
def unchanged(lib, rng):
    """The inputs are left as they were."""
    (q, k, v), mask = qkv(rng, **SMALL), random_mask(rng, 1, 2, 3, 5)
    out = lib.attention.attend(q, k, v, mask)
    return {"result": out, "q afterwards": q, "k afterwards": k, "v afterwards": v, "mask afterwards": mask}
