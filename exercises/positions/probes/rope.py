"""What the exercise rope asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import drawn_base, drawn_positions

from check import probe, raised


@probe(exercise="rope", points=2)
def angles(lib, rng):
    """Angle i is the position times base^(-2i/K); positions have any shape."""
    return {
        "base 10000": lib.positions.rope_angles(drawn_positions(rng, 5), 8),
        "another base": lib.positions.rope_angles(1 + drawn_positions(rng, 4), 6, drawn_base(rng)),
        "(B, T)": lib.positions.rope_angles(drawn_positions(rng, 2, 3), 4),
    }


@probe(exercise="rope", points=4)
def turned(lib, rng):
    """Each pair (x[2i], x[2i+1]) turns by angle i; positions in any order."""
    return {
        "K=6": lib.positions.apply_rope(rng.normal(2, 3, 5, 6), drawn_positions(rng, 5)),
        "one pair": lib.positions.apply_rope(rng.normal(1, 1, 4, 2), drawn_positions(rng, 4)),
        "one token": lib.positions.apply_rope(rng.normal(1, 2, 1, 8), 1 + drawn_positions(rng, 1)),
    }


@probe(exercise="rope", points=1)
def rope_base(lib, rng):
    """Another base than 10000."""
    return lib.positions.apply_rope(rng.normal(1, 3, 5, 8), 1 + drawn_positions(rng, 5), drawn_base(rng))


@probe(exercise="rope", points=1)
def batch_positions(lib, rng):
    """Positions (B, T): every sequence has its own."""
    return {
        "B=H=3": lib.positions.apply_rope(rng.normal(3, 3, 5, 4), drawn_positions(rng, 3, 5)),
        "B=H=T=3": lib.positions.apply_rope(rng.normal(3, 3, 3, 4), drawn_positions(rng, 3, 3)),
        "B=2, H=3": lib.positions.apply_rope(rng.normal(2, 3, 5, 4), drawn_positions(rng, 2, 5)),
    }


@probe(exercise="rope", points=1)
def fractions(lib, rng):
    """Positions may lie between two tokens."""
    return {
        "angles": lib.positions.rope_angles(0.1 + 9 * rng.uniform(4), 4),
        "turned": lib.positions.apply_rope(rng.normal(1, 2, 3, 4), 0.1 + 9 * rng.uniform(3)),
    }


@probe(exercise="rope", points=1)
def far_apart(lib, rng):
    """Near position 1,000,000 all digits count, and float64 stays float64."""
    far = 900_000 + drawn_positions(rng, 5, below=100_000)
    x = rng.normal(1, 2, 5, 8, dtype=torch.float64)
    double = lib.positions.apply_rope(x, drawn_positions(rng, 5, below=5000))
    found = lib.positions.rope_angles(far, 10, dtype=torch.float64)
    return {
        "float32": lib.positions.apply_rope(rng.normal(1, 2, 5, 12), far),
        "float64": double,
        "angles": found,
        "dtypes": f"{double.dtype}, {found.dtype}",
    }


@probe(exercise="rope", points=1)
def rope_half(lib, rng):
    """Half precision in and out, float32 or more between."""
    results = {}
    for dtype in (torch.float16, torch.bfloat16):
        # At these positions a pair turns by half a right angle, so two large numbers nearly cancel.
        at = 183 + 355 * drawn_positions(rng, 6, below=5)
        found = lib.positions.apply_rope((500 + 9 * rng.normal(1, 3, 6, 2)).to(dtype), at)
        results[str(dtype)] = {"nearly cancelled": found, "dtype": str(found.dtype)}
    return results


@probe(exercise="rope", points=1)
def rope_refuses(lib, rng):
    """ValueError for an odd K and for positions neither (T,) nor (B, T)."""
    kinds = [(K, (5,)) for K in (8, 6, 4, 7)] + [(8, at) for at in [(1,), (2, 1), (5, 2), (4,), (3, 5)]]
    drawn = [kinds[n % 9] for n in rng.permutation(18).tolist()]
    turn = lib.positions.apply_rope
    return [raised(turn, rng.normal(2, 3, 5, K), drawn_positions(rng, *at)) for K, at in drawn]


@probe(exercise="rope", points=1)
def rope_gradients(lib, rng):
    """The gradient of x is right, and x is left as it was."""
    x, plain = rng.normal(1, 3, 5, 8).requires_grad_(), rng.normal(1, 2, 5, 6)
    lib.positions.apply_rope(plain, 1 + drawn_positions(rng, 5))
    out = lib.positions.apply_rope(x * 1, drawn_positions(rng, 5))
    (found,) = torch.autograd.grad((out * rng.normal(1, 3, 5, 8)).sum(), x, allow_unused=True)
    return {"gradient": found, "x afterwards": plain}
