"""You take the queries from the context and read from x. It is x that asks: the result has one row for each
token of x."""

_right = MultiHeadAttention.forward


def forward(self, x, context=None, mask=None):
    source = x if context is None else context
    return _right(self, source, x, mask)


MultiHeadAttention.forward = forward
