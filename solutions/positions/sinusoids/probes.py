"""What the exercise sinusoids asks. A probe knows no answer: it returns what it got."""

from check import probe


@probe(exercise="sinusoids", points=2)
def table(lib, rng):
    """Columns alternate: the sine of an angle, then its cosine."""
    return {
        "eight columns": lib.positions.sinusoidal(rng.integer(3, 40), 8),
        "drawn": lib.positions.sinusoidal(rng.integer(3, 20), 2 * rng.integer(5, 20)),
    }


@probe(exercise="sinusoids", points=1)
def base(lib, rng):
    """Another base than 10000."""
    return [lib.positions.sinusoidal(6, 10, base=b) for b in (2 + 40 * rng.uniform(2)).tolist()]


@probe(exercise="sinusoids", points=2)
def offset(lib, rng):
    """Row t stands for position offset + t."""
    first, second = rng.integers(1, 90, 2).tolist()
    return {
        "several rows": lib.positions.sinusoidal(5, 8, offset=first),
        "one row": lib.positions.sinusoidal(1, 6, 100.0, second),
    }


@probe(exercise="sinusoids", points=1)
def odd_width(lib, rng):
    """An odd D: the last column is a sine without its cosine."""
    return {
        "drawn": lib.positions.sinusoidal(
            rng.integer(2, 9), 2 * rng.integer(2, 8) + 1, offset=rng.integer(1, 50)
        ),
        "one column": lib.positions.sinusoidal(4, 1, offset=rng.integer(1, 50)),
    }


@probe(exercise="sinusoids", points=1)
def far(lib, rng):
    """Past position 100,000 all digits still count."""
    # The rows are cut because who returns all those before the offset too would send thousands of them.
    return lib.positions.sinusoidal(3, 16, offset=rng.integer(100_000, 130_000))[:3]


@probe(exercise="sinusoids", points=1)
def float32_table(lib, rng):
    """float32 comes out, and no rows are a table too."""
    none = lib.positions.sinusoidal(0, 6, offset=rng.integer(1, 9))
    some = lib.positions.sinusoidal(3, 6, offset=rng.integer(1, 90))
    return {"no rows": none, "rows": some, "dtype": str(some.dtype)}
