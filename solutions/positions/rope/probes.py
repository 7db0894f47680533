"""What the exercise rope asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import places

from check import probe, raised


@probe(exercise="rope", points=1)
def angles(lib, rng):
    """Angle i is the position times base^(-2i/K)."""
    return {
        "base 10000": lib.positions.rope_angles(places(rng, 5), 8),
        "another base": lib.positions.rope_angles(places(rng, 4), 6, 2 + 40 * rng.uniform(1).item()),
    }


@probe(exercise="rope", points=1)
def angles_of_any(lib, rng):
    """Positions of any shape, fractions too; float32 or the dtype asked for."""
    plain = lib.positions.rope_angles(places(rng, 2, 3), 4)
    exact = lib.positions.rope_angles(places(rng, 3, most=9999), 10, dtype=torch.float64)
    return {
        "(B, T)": plain,
        "a single one": lib.positions.rope_angles(places(rng), 6),
        "fractions": lib.positions.rope_angles(9 * rng.uniform(4), 4),
        "float64": exact,
        "dtypes": f"{plain.dtype}, {exact.dtype}",
    }


@probe(exercise="rope", points=3)
def turned(lib, rng):
    """Each pair (x[2i], x[2i+1]) turns by angle i; positions in any order."""
    return {
        "K=8": lib.positions.apply_rope(rng.normal(2, 3, 5, 8), places(rng, 5)),
        "one pair": lib.positions.apply_rope(rng.normal(1, 1, 4, 2), places(rng, 4)),
        "one token": lib.positions.apply_rope(rng.normal(1, 2, 1, 6), 1 + places(rng, 1)),
        "fractions": lib.positions.apply_rope(rng.normal(1, 2, 3, 4), 9 * rng.uniform(3)),
    }


@probe(exercise="rope", points=1)
def rope_base(lib, rng):
    """Another base than 10000."""
    return lib.positions.apply_rope(rng.normal(2, 3, 5, 8), places(rng, 5), 2 + 40 * rng.uniform(1).item())


@probe(exercise="rope", points=2)
def batch_positions(lib, rng):
    """Positions (B, T): every sequence has its own."""
    return {
        "B=2, H=3": lib.positions.apply_rope(rng.normal(2, 3, 5, 8), places(rng, 2, 5)),
        "B=H=3": lib.positions.apply_rope(rng.normal(3, 3, 4, 6), places(rng, 3, 4)),
        "B=H=T=3": lib.positions.apply_rope(rng.normal(3, 3, 3, 4), places(rng, 3, 3)),
    }


@probe(exercise="rope", points=1)
def far_apart(lib, rng):
    """Near position 1,000,000 all digits count, and float64 stays float64."""
    single = lib.positions.apply_rope(rng.normal(1, 2, 5, 16), 900_000 + places(rng, 5, most=100_000))
    double = lib.positions.apply_rope(rng.normal(1, 2, 5, 8, dtype=torch.float64), places(rng, 5, most=5000))
    return {"float32": single, "float64": double, "dtype": str(double.dtype)}


@probe(exercise="rope", points=2)
def rope_half(lib, rng):
    """Half precision in and out, float32 or more between."""
    results = {}
    for dtype in (torch.float16, torch.bfloat16):
        # There half precision counts in twos or in sixteens; near 45° two large numbers nearly cancel.
        far = lib.positions.apply_rope(
            rng.normal(1, 2, 5, 8, dtype=dtype), 2049 + 2 * places(rng, 5, most=500)
        )
        large = (500 + 9 * rng.normal(1, 3, 4, 2)).to(dtype)
        near = lib.positions.apply_rope(large, torch.pi / 4 + rng.normal(4) / 99)
        results[str(dtype)] = {"far": far, "nearly cancelled": near, "dtype": str(far.dtype)}
    return results


@probe(exercise="rope", points=1)
def rope_refuses(lib, rng):
    """ValueError for an odd K and for positions neither (T,) nor (B, T)."""
    kinds = [(8, (5,)), (8, (2, 5)), (7, (5,)), (8, (1,)), (8, (2, 1)), (8, (5, 2)), (8, (4,)), (6, (3, 5))]
    drawn = [kinds[n % 8] for n in rng.permutation(16).tolist()]
    return [raised(lib.positions.apply_rope, rng.normal(2, 3, 5, K), places(rng, *at)) for K, at in drawn]


@probe(exercise="rope", points=1)
def rope_gradients(lib, rng):
    """The gradient of x is right, and x is left as it was."""
    x = rng.normal(2, 3, 5, 8).requires_grad_()
    out = lib.positions.apply_rope(x, places(rng, 2, 5))
    (found,) = torch.autograd.grad((out * rng.normal(2, 3, 5, 8)).sum(), x, allow_unused=True)
    plain = rng.normal(2, 3, 5, 8)
    return {
        "gradient": found,
        "result": lib.positions.apply_rope(plain, places(rng, 5)),
        "x afterwards": plain,
    }
