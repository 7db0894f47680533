"""What the exercise sinusoids asks. A probe knows no answer: it returns what it got."""

from inputs import drawn_base

from check import probe


@probe(exercise="sinusoids", points=2)
def table(lib, rng):
    """Columns alternate: the sine of an angle, then its cosine."""
    return {
        "eight columns": lib.positions.sinusoidal(rng.integer(3, 12), 8),
        "drawn": lib.positions.sinusoidal(rng.integer(3, 9), 2 * rng.integer(5, 9)),
    }


@probe(exercise="sinusoids", points=1)
def base(lib, rng):
    """Another base than 10000."""
    return [lib.positions.sinusoidal(6, 10, drawn_base(rng)) for _ in range(2)]


@probe(exercise="sinusoids", points=2)
def offset(lib, rng):
    """Row t stands for position offset + t."""
    return {
        "several rows": lib.positions.sinusoidal(5, 8, offset=rng.integer(1, 90)),
        "one row": lib.positions.sinusoidal(1, 6, offset=rng.integer(1, 90)),
    }


@probe(exercise="sinusoids", points=1)
def odd_width(lib, rng):
    """An odd D: the last column is a sine without its cosine."""
    return {
        "drawn": lib.positions.sinusoidal(rng.integer(3, 9), 2 * rng.integer(2, 8) + 1),
        "one column": lib.positions.sinusoidal(rng.integer(3, 20), 1),
    }


@probe(exercise="sinusoids", points=1)
def far(lib, rng):
    """Past position 100,000 all digits still count."""
    # The rows are cut because who returns all those before the offset too would send thousands of them.
    return lib.positions.sinusoidal(3, 16, offset=rng.integer(100_000, 130_000))[:3]


@probe(exercise="sinusoids", points=1)
def float32_table(lib, rng):
    """float32 comes out."""
    found = lib.positions.sinusoidal(rng.integer(3, 12), 2 * rng.integer(2, 8))
    return {"table": found, "dtype": str(found.dtype)}
