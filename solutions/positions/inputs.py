"""Inputs that the probes of this assignment share.

Sizes differ on purpose (B=2, H=3, T=5, K=8), so that no axis can pass for another. Where they agree, what
broadcasts along a wrong axis does so without an error.
"""


def drawn_positions(rng, *shape, below=60):
    """Return whole positions, in no order."""
    return rng.integers(0, below, *shape)


def drawn_base(rng):
    """Return a base far from 10000, from 2 to 42."""
    return 2 + 40 * rng.uniform(1).item()


def drawn_layer(lib, rng):
    """Return LearnedPositions with nine drawn vectors of six features."""
    layer = lib.positions.LearnedPositions(max_len=9, d_model=6)
    layer.table.weight.data = rng.normal(9, 6)
    return layer
