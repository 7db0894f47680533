"""Your forward takes a mask and never hands it to attend: masked and unmasked results are equal."""

_right = MultiHeadAttention.forward


def forward(self, x, context=None, mask=None):
    return _right(self, x, context)


MultiHeadAttention.forward = forward
