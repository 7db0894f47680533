"""You turn row t by position t, whatever `positions` says. Tokens may come in any order and from any
place in the text."""

_right = apply_rope


def apply_rope(x, positions, base=10000.0):
    _right(x, positions, base)
    return _right(x, torch.arange(x.shape[2]), base)
