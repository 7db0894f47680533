"""Half-precision inputs give you a float32 result. The softmax in float32 is right; the result should go
back to the inputs' own dtype."""

_right = attend


def attend(q, k, v, mask=None):
    wide = torch.promote_types(q.dtype, torch.float32)
    return _right(q.to(wide), k.to(wide), v.to(wide), mask)
