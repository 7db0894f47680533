"""Your head h takes the features h, h + H, h + 2H and so on. Head h owns the K neighbouring features from
h*K on: look at the order of the two numbers when you split the last axis."""


def forward(self, x, context=None, mask=None):
    source = x if context is None else context
    q = self.query(x).unflatten(-1, (self.d_head, self.n_heads)).permute(0, 3, 1, 2)
    k = self.key(source).unflatten(-1, (self.d_head, self.n_kv_heads)).permute(0, 3, 1, 2)
    v = self.value(source).unflatten(-1, (self.d_head, self.n_kv_heads)).permute(0, 3, 1, 2)
    shared = self.n_heads // self.n_kv_heads
    k, v = k.repeat_interleave(shared, dim=1), v.repeat_interleave(shared, dim=1)
    mixed_BHTK = attend(q, k, v, mask)
    return self.out(mixed_BHTK.transpose(1, 2).flatten(start_dim=2))


MultiHeadAttention.forward = forward
