"""What the assignment asks of lib/positions.py. A probe knows no answer: it returns what it got.

Sizes differ on purpose (B=2, H=3, T=5, K=8), so that no axis can pass for another. Where they agree, what
broadcasts along a wrong axis does so without an error.
"""

import torch

from check import probe, raised


def _places(rng, *shape, most=60):
    """Return drawn positions, in no order."""
    return rng.integers(0, most, *shape)


def _layer(lib, rng, max_len, D):
    """Return LearnedPositions with drawn vectors."""
    layer = lib.positions.LearnedPositions(max_len, D)
    layer.table.weight.data = rng.normal(max_len, D)
    return layer


# ---- sinusoids


@probe(of="sinusoids", points=2)
def table(lib, rng):
    """Columns alternate: the sine of an angle, then its cosine."""
    return {
        "eight columns": lib.positions.sinusoidal(rng.integer(3, 40), 8),
        "drawn": lib.positions.sinusoidal(rng.integer(3, 20), 2 * rng.integer(5, 20)),
    }


@probe(of="sinusoids", points=1)
def base(lib, rng):
    """Another base than 10000."""
    return [lib.positions.sinusoidal(6, 10, base=b) for b in (2 + 40 * rng.uniform(2)).tolist()]


@probe(of="sinusoids", points=2)
def offset(lib, rng):
    """Row t stands for position offset + t."""
    first, second = rng.integers(1, 90, 2).tolist()
    return {
        "several rows": lib.positions.sinusoidal(5, 8, offset=first),
        "one row": lib.positions.sinusoidal(1, 6, 100.0, second),
    }


@probe(of="sinusoids", points=1)
def odd_width(lib, rng):
    """An odd D: the last column is a sine without its cosine."""
    return {
        "drawn": lib.positions.sinusoidal(
            rng.integer(2, 9), 2 * rng.integer(2, 8) + 1, offset=rng.integer(1, 50)
        ),
        "one column": lib.positions.sinusoidal(4, 1, offset=rng.integer(1, 50)),
    }


@probe(of="sinusoids", points=1)
def far(lib, rng):
    """Past position 100,000 all digits still count."""
    # The rows are cut because who returns all those before the offset too would send thousands of them.
    return lib.positions.sinusoidal(3, 16, offset=rng.integer(100_000, 130_000))[:3]


@probe(of="sinusoids", points=1)
def float32_table(lib, rng):
    """float32 comes out, and no rows are a table too."""
    none = lib.positions.sinusoidal(0, 6, offset=rng.integer(1, 9))
    some = lib.positions.sinusoidal(3, 6, offset=rng.integer(1, 90))
    return {"no rows": none, "rows": some, "dtype": str(some.dtype)}


# ---- learned


@probe(of="learned", points=1)
def lookup(lib, rng):
    """Token t gets row t of the table, in every sequence."""
    return _layer(lib, rng, 9, 6)(rng.normal(2, 5, 6))


@probe(of="learned", points=2)
def later(lib, rng):
    """With an offset, rows offset to offset + T - 1, up to the last."""
    layer = _layer(lib, rng, 9, 6)
    return {
        "from the middle": layer(rng.normal(2, 4, 6), rng.integer(1, 4)),
        "to the last row": layer(rng.normal(2, 4, 6), offset=5),
        "one token": layer(rng.normal(3, 1, 6), offset=rng.integer(1, 9)),
        "whole table": layer(rng.normal(2, 9, 6)),
    }


@probe(of="learned", points=1)
def outside(lib, rng):
    """ValueError below row 0 and after the last one, and nowhere else."""
    layer = _layer(lib, rng, 9, 6)
    # A slice would be cut to one row or to none, which broadcasts, or would start from the end.
    kinds = [(4, 5), (4, 6), (3, 8), (2, 9), (1, 9), (1, 8), (4, -1), (2, -4), (9, 0), (10, 0)]
    drawn = [kinds[n % 10] for n in rng.permutation(20).tolist()]
    return [raised(layer, rng.normal(2, T, 6), first) for T, first in drawn]


@probe(of="learned", points=1)
def learned_gradients(lib, rng):
    """x and just the rows that were used get gradients."""
    layer, x = _layer(lib, rng, 9, 6), rng.normal(2, 4, 6).requires_grad_()
    total = (layer(x, rng.integer(1, 5)) * rng.normal(2, 4, 6)).sum()
    found = torch.autograd.grad(total, [x, layer.table.weight], allow_unused=True)
    return dict(zip(["x", "table"], found, strict=True))


@probe(of="learned", points=1)
def learned_half(lib, rng):
    """Half precision in and out; x is left as it was."""
    layer, x = _layer(lib, rng, 9, 6).half(), rng.normal(2, 4, 6).half()
    out = layer(x, rng.integer(1, 5))
    return {"result": out, "dtype": str(out.dtype), "x afterwards": x}


# ---- rope


@probe(of="rope", points=1)
def angles(lib, rng):
    """Angle i is the position times base^(-2i/K)."""
    return {
        "base 10000": lib.positions.rope_angles(_places(rng, 5), 8),
        "another base": lib.positions.rope_angles(_places(rng, 4), 6, 2 + 40 * rng.uniform(1).item()),
    }


@probe(of="rope", points=1)
def angles_of_any(lib, rng):
    """Positions of any shape, fractions too; float32 or the dtype asked for."""
    plain = lib.positions.rope_angles(_places(rng, 2, 3), 4)
    exact = lib.positions.rope_angles(_places(rng, 3, most=9999), 10, dtype=torch.float64)
    return {
        "(B, T)": plain,
        "a single one": lib.positions.rope_angles(_places(rng), 6),
        "fractions": lib.positions.rope_angles(9 * rng.uniform(4), 4),
        "float64": exact,
        "dtypes": f"{plain.dtype}, {exact.dtype}",
    }


@probe(of="rope", points=3)
def turned(lib, rng):
    """Each pair (x[2i], x[2i+1]) turns by angle i; positions in any order."""
    return {
        "K=8": lib.positions.apply_rope(rng.normal(2, 3, 5, 8), _places(rng, 5)),
        "one pair": lib.positions.apply_rope(rng.normal(1, 1, 4, 2), _places(rng, 4)),
        "one token": lib.positions.apply_rope(rng.normal(1, 2, 1, 6), 1 + _places(rng, 1)),
        "fractions": lib.positions.apply_rope(rng.normal(1, 2, 3, 4), 9 * rng.uniform(3)),
    }


@probe(of="rope", points=1)
def rope_base(lib, rng):
    """Another base than 10000."""
    return lib.positions.apply_rope(rng.normal(2, 3, 5, 8), _places(rng, 5), 2 + 40 * rng.uniform(1).item())


@probe(of="rope", points=2)
def batch_positions(lib, rng):
    """Positions (B, T): every sequence has its own."""
    return {
        "B=2, H=3": lib.positions.apply_rope(rng.normal(2, 3, 5, 8), _places(rng, 2, 5)),
        "B=H=3": lib.positions.apply_rope(rng.normal(3, 3, 4, 6), _places(rng, 3, 4)),
        "B=H=T=3": lib.positions.apply_rope(rng.normal(3, 3, 3, 4), _places(rng, 3, 3)),
    }


@probe(of="rope", points=1)
def far_apart(lib, rng):
    """Near position 1,000,000 all digits count, and float64 stays float64."""
    single = lib.positions.apply_rope(rng.normal(1, 2, 5, 16), 900_000 + _places(rng, 5, most=100_000))
    double = lib.positions.apply_rope(rng.normal(1, 2, 5, 8, dtype=torch.float64), _places(rng, 5, most=5000))
    return {"float32": single, "float64": double, "dtype": str(double.dtype)}


@probe(of="rope", points=2)
def rope_half(lib, rng):
    """Half precision in and out, float32 or more between."""
    results = {}
    for dtype in (torch.float16, torch.bfloat16):
        # There half precision counts in twos or in sixteens; near 45° two large numbers nearly cancel.
        far = lib.positions.apply_rope(
            rng.normal(1, 2, 5, 8, dtype=dtype), 2049 + 2 * _places(rng, 5, most=500)
        )
        large = (500 + 9 * rng.normal(1, 3, 4, 2)).to(dtype)
        near = lib.positions.apply_rope(large, torch.pi / 4 + rng.normal(4) / 99)
        results[str(dtype)] = {"far": far, "nearly cancelled": near, "dtype": str(far.dtype)}
    return results


@probe(of="rope", points=1)
def rope_refuses(lib, rng):
    """ValueError for an odd K and for positions neither (T,) nor (B, T)."""
    kinds = [(8, (5,)), (8, (2, 5)), (7, (5,)), (8, (1,)), (8, (2, 1)), (8, (5, 2)), (8, (4,)), (6, (3, 5))]
    drawn = [kinds[n % 8] for n in rng.permutation(16).tolist()]
    return [raised(lib.positions.apply_rope, rng.normal(2, 3, 5, K), _places(rng, *at)) for K, at in drawn]


@probe(of="rope", points=1)
def rope_gradients(lib, rng):
    """The gradient of x is right, and x is left as it was."""
    x = rng.normal(2, 3, 5, 8).requires_grad_()
    out = lib.positions.apply_rope(x, _places(rng, 2, 5))
    (found,) = torch.autograd.grad((out * rng.normal(2, 3, 5, 8)).sum(), x, allow_unused=True)
    plain = rng.normal(2, 3, 5, 8)
    return {
        "gradient": found,
        "result": lib.positions.apply_rope(plain, _places(rng, 5)),
        "x afterwards": plain,
    }


# ---- layouts


@probe(of="layouts", points=2)
def to_half(lib, rng):
    """interleaved_to_half: pair i goes to rows i and i + K/2 of its head."""
    return {
        "3 heads": lib.positions.interleaved_to_half(rng.normal(18, 12), 3),
        "one head": lib.positions.interleaved_to_half(rng.normal(8, 6), 1),
        "heads of width 2": lib.positions.interleaved_to_half(rng.normal(6, 6), 3),
    }


@probe(of="layouts", points=2)
def to_interleaved(lib, rng):
    """half_to_interleaved: the way back."""
    return {
        "3 heads": lib.positions.half_to_interleaved(rng.normal(18, 12), 3),
        "one head": lib.positions.half_to_interleaved(rng.normal(8, 6), 1),
        "heads of width 2": lib.positions.half_to_interleaved(rng.normal(6, 6), 3),
    }


@probe(of="layouts", points=1)
def bias_rows(lib, rng):
    """A bias has one axis only, and is reordered just so."""
    return {
        "to half": lib.positions.interleaved_to_half(rng.normal(12), 2),
        "to interleaved": lib.positions.half_to_interleaved(rng.normal(20), 2),
    }


@probe(of="layouts", points=1)
def layout_gradients(lib, rng):
    """Gradients find the way back, and the weight is left as it was."""
    results = {}
    for name in ("interleaved_to_half", "half_to_interleaved"):
        weight = rng.normal(16, 8)
        getattr(lib.positions, name)(weight, 2)
        results[f"{name}, weight afterwards"] = weight.clone()
        out = getattr(lib.positions, name)(weight.requires_grad_(), 2)
        (found,) = torch.autograd.grad((out * rng.normal(16, 8)).sum(), weight, allow_unused=True)
        results[f"{name}, gradient"] = found
    return results


# ---- alibi


@probe(of="alibi", points=1)
def slopes(lib, rng):
    """A power of two: a geometric sequence that ends at 2^-8."""
    found = [lib.positions.alibi_slopes(2**n) for n in rng.permutation(7).tolist()]
    return {"slopes": found, "dtype": str(found[0].dtype)}


@probe(of="alibi", points=2)
def slopes_between(lib, rng):
    """Another number of heads: some slopes of twice the number come after."""
    return [
        lib.positions.alibi_slopes(int(n))
        for n in torch.tensor([3, 5, 6, 7, 12, 20, 24, 40])[rng.permutation(8)]
    ]


@probe(of="alibi", points=2)
def distances(lib, rng):
    """Every score falls by the slope times the distance, on both sides."""
    # Powers of two only, so that whoever has the other slopes wrong does not lose these points as well.
    return {
        f"{heads} heads": lib.positions.alibi_bias(heads, *[rng.integer(least, 12)] * 2)
        for heads, least in [(8, 3), (4, 3), (1, 1)]
    }


@probe(of="alibi", points=2)
def last_queries(lib, rng):
    """With S > T the queries are the last T positions."""
    sizes = [(rng.integer(2, 6), rng.integer(1, 6)) for _ in range(2)]
    return {
        "several": [lib.positions.alibi_bias(16, T, T + earlier) for T, earlier in sizes],
        "one query": lib.positions.alibi_bias(4, 1, rng.integer(2, 30)),
    }


@probe(of="alibi", points=1)
def bias_sizes(lib, rng):
    """S < T is refused with a ValueError, and nothing else is."""
    sizes = zip(rng.integers(3, 9, 12).tolist(), rng.permutation(12).tolist(), strict=True)
    return [raised(lib.positions.alibi_bias, 2, T, T + n % 4 - 2) for T, n in sizes]
