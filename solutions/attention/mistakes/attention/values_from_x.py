"""You take the keys from the context but the values from x. What is found at a key is that token's own
value, so both come from the same place."""


def forward(self, x, context=None, mask=None):
    source = x if context is None else context
    q = self.query(x).unflatten(-1, (self.n_heads, self.d_head)).transpose(1, 2)
    k = self.key(source).unflatten(-1, (self.n_kv_heads, self.d_head)).transpose(1, 2)
    v = self.value(x).unflatten(-1, (self.n_kv_heads, self.d_head)).transpose(1, 2)
    shared = self.n_heads // self.n_kv_heads
    k, v = k.repeat_interleave(shared, dim=1), v.repeat_interleave(shared, dim=1)
    mixed_BHTK = attend(q, k, v, mask)
    return self.out(mixed_BHTK.transpose(1, 2).flatten(start_dim=2))


MultiHeadAttention.forward = forward
