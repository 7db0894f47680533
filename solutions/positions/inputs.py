"""Inputs that the probes of this assignment share.

Sizes differ on purpose (B=2, H=3, T=5, K=8), so that no axis can pass for another. Where they agree, what
broadcasts along a wrong axis does so without an error.
"""


def places(rng, *shape, most=60):
    """Return drawn positions, in no order."""
    return rng.integers(0, most, *shape)


def drawn_layer(lib, rng, max_len, D):
    """Return LearnedPositions with drawn vectors."""
    layer = lib.positions.LearnedPositions(max_len, D)
    layer.table.weight.data = rng.normal(max_len, D)
    return layer
