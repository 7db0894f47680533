"""You add an axis to the mask. It broadcasts to (B, H, T, S) as it comes; with one axis more, your result
has five. Print its shape."""

_right = attend


def attend(q, k, v, mask=None):
    return _right(q, k, v, None if mask is None else mask.unsqueeze(1))
