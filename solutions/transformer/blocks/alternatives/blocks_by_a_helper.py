"""One helper for a sublayer with its norm, before or after."""


def _sublayer(norm_first, x, norm, work):
    return x + work(norm(x)) if norm_first else norm(x + work(x))


class EncoderBlock(EncoderBlock):
    def forward(self, x, mask=None, positions=None):
        x = _sublayer(self.norm_first, x, self.norm1, lambda y: self.attention(y, mask, positions))
        return _sublayer(self.norm_first, x, self.norm2, self.feed_forward)


class DecoderBlock(DecoderBlock):
    def forward(self, x, context, mask=None, context_mask=None, positions=None):
        x = _sublayer(self.norm_first, x, self.norm1, lambda y: self.attention(y, mask, positions))
        x = _sublayer(self.norm_first, x, self.norm2, lambda y: self.cross(y, context, context_mask))
        return _sublayer(self.norm_first, x, self.norm3, self.feed_forward)
