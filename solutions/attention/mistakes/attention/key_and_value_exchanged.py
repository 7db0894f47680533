"""You use self.value for the keys and self.key for the values. The shapes fit, the trained weights do not."""


def forward(self, x, context=None, mask=None):
    source = x if context is None else context
    q = self.query(x).unflatten(-1, (self.n_heads, self.d_head)).transpose(1, 2)
    k = self.value(source).unflatten(-1, (self.n_kv_heads, self.d_head)).transpose(1, 2)
    v = self.key(source).unflatten(-1, (self.n_kv_heads, self.d_head)).transpose(1, 2)
    shared = self.n_heads // self.n_kv_heads
    k, v = k.repeat_interleave(shared, dim=1), v.repeat_interleave(shared, dim=1)
    mixed_BHTK = attend(q, k, v, mask)
    return self.out(mixed_BHTK.transpose(1, 2).flatten(start_dim=2))


MultiHeadAttention.forward = forward
