"""Arguments by their names, and the residual kept in a variable."""


def _read(self, x, mask, positions):
    residual = x
    if self.norm_first:
        x = self.norm1(x)
    x = self.attention(x=x, mask=mask, positions=positions) + residual
    return x if self.norm_first else self.norm1(x)


def _work(self, x, norm):
    residual = x.clone()
    x = self.feed_forward(norm(x)) + residual if self.norm_first else norm(self.feed_forward(x) + residual)
    return x


class EncoderBlock(EncoderBlock):
    def forward(self, x, mask=None, positions=None):
        return _work(self, _read(self, x, mask, positions), self.norm2)


class DecoderBlock(DecoderBlock):
    def forward(self, x, context, mask=None, context_mask=None, positions=None):
        x = _read(self, x, mask, positions)
        asked = self.norm2(x) if self.norm_first else x
        x = x + self.cross(asked, context=context, mask=context_mask)
        return _work(self, x if self.norm_first else self.norm2(x), self.norm3)
