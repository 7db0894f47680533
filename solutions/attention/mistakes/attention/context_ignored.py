"""Your layer never uses the context: with one, keys and values should come from there."""

_right = MultiHeadAttention.forward


def forward(self, x, context=None, mask=None):
    return _right(self, x, None, mask)


MultiHeadAttention.forward = forward
