"""What the exercise top_p asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF, distinct, far_below, forgiven, or_refused, order_of_equals, refusals, shuffled_rows

from check import probe


@probe(exercise="top_p", points=7)
def nucleus(lib, rng):
    """The smallest set of most probable tokens that reaches p; the token with which it does is in."""
    # Two kinds of rows, whose nuclei differ in size for each of the ps.
    shares = shuffled_rows(rng, [[0, 1, 2, 3, 5, 7, 11, 15, 20], [3, 4, 5, 6, 7, 8, 9, 10, 12]] * 3)
    shares[:2] = shares[:2].sort().values  # the most probable last
    logits = (shares / 64).log() + rng.normal(6, 1)
    ps = [*(2 * rng.integers(33, 56, 3) + 1).tolist(), 2 * rng.integer(24, 32) + 1]
    return {f"p={p}/128": forgiven(lib.sampling.keep_top_p(logits.clone(), p / 128)) for p in ps}


def _rising(rng):
    """Return (3, 9) logits 0 to 8, in the first row in this order and in the others in any."""
    return torch.cat([torch.arange(9.0)[None], shuffled_rows(rng, [torch.arange(9.0)] * 2)])


@probe(exercise="top_p", points=1)
def rest_impossible(lib, rng):
    """What goes becomes -inf, no other number."""
    logits = _rising(rng) + rng.normal(3, 1)
    return far_below(lib.sampling.keep_top_p(logits, 0.4 + rng.uniform(1).item() / 10), -1e4)


@probe(exercise="top_p", points=1)
def dtype_of_p(lib, rng):
    """Half precision in and out, and the input is left as it was."""
    results = {}
    for dtype in HALF:
        logits = (_rising(rng) - 4).to(dtype)
        kept = lib.sampling.keep_top_p(logits, 0.3 + rng.uniform(1).item() / 5)
        results[str(dtype)] = {"values": forgiven(kept), "dtype": str(kept.dtype), "afterwards": logits}
    return results


@probe(exercise="top_p", points=1)
def reached_exactly(lib, rng):
    """Of 8 equal tokens n reach n/8, whichever of them."""
    logits = torch.full((3, 12), -torch.inf)
    for row in logits:
        row[1 + rng.permutation(11)[:8]] = float(rng.integer(-5, 6))  # never the first token
    kept = {
        n: lib.sampling.keep_top_p(logits.clone(), n / 8) for n in (1, rng.integer(2, 5), rng.integer(5, 8))
    }
    return {f"p={n}/8": forgiven(result).sort(dim=-1, descending=True).values for n, result in kept.items()}


@probe(exercise="top_p", points=1)
def equals_in_order(lib, rng):
    """Of equal logits the first are kept."""
    logits = shuffled_rows(rng, [[5.0] * 4 + [2.0] * 12 + [1.0] * 20] * 6).log() + rng.normal(6, 1)
    ps = (2 * rng.integer(24, 41) + 1, 2 * rng.integer(47, 60) + 1)
    return order_of_equals(rng, logits, [lib.sampling.keep_top_p(logits.clone(), p / 128) for p in ps])


def _one_likely(rng):
    """Return (3, 9) logits, one of each row far above the others and one impossible."""
    logits = distinct(rng, 3, 9)
    for row, likeliest in zip(logits, rng.permutation(9).tolist(), strict=False):
        row[likeliest], row[(likeliest + 4) % 9] = 30.0 + rng.uniform(1), -torch.inf
    return logits


@probe(exercise="top_p", points=1)
def p_zero(lib, rng):
    """p = 0 keeps the most probable token."""
    logits = _one_likely(rng)
    return or_refused(lambda: forgiven(lib.sampling.keep_top_p(logits.clone(), 0.0)))


@probe(exercise="top_p", points=1)
def p_one(lib, rng):
    """p = 1 keeps every possible token, however improbable."""
    logits = _one_likely(rng)
    return {f"p={p}": forgiven(lib.sampling.keep_top_p(logits.clone(), p)) for p in (0.5, 1.0)}


@probe(exercise="top_p", points=1)
def bad_p(lib, rng):
    """ValueError for a p below 0, above 1 and for NaN, and for no other."""
    logits, beyond = distinct(rng, 3, 9), 0.1 + rng.uniform(1).item()
    ask = lambda p: lib.sampling.keep_top_p(logits.clone(), p)  # noqa: E731
    return refusals(rng, ask, good=[0.25, 0.5, 0.9], bad=[-beyond, 1 + beyond, float("nan")])


@probe(exercise="top_p", points=1)
def half_sums(lib, rng):
    """In half precision as many of 4096 equal tokens reach p as in float32."""
    height, number = float(rng.integer(1, 9)), rng.integer(0, 2**40)
    # Half precision rounds p, and each of the sums around it, to multiples of 2 / 4096 or of 16 / 4096.
    p = (16 * rng.integer(140, 240) + 4.5) / 4096

    def size(dtype):
        kept = lib.sampling.keep_top_p(torch.full((1, 4096), height, dtype=dtype), p)
        return int((kept == height).sum())

    want = size(torch.float32)
    others = {f"another number in {dtype} + seed": int(size(dtype) != want) + number for dtype in HALF}
    return {"in float32": want, **others}
