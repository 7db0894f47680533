"""You go from (B, T, D) to (B, H, T, K) by a reshape alone, which deals out the numbers in memory order: a
head then holds features of several tokens. Split the last axis first, then exchange two axes."""


def forward(self, x, context=None, mask=None):
    source = x if context is None else context
    q = self.query(x).reshape(len(x), self.n_heads, -1, self.d_head)
    k = self.key(source).reshape(len(x), self.n_kv_heads, -1, self.d_head)
    v = self.value(source).reshape(len(x), self.n_kv_heads, -1, self.d_head)
    shared = self.n_heads // self.n_kv_heads
    k, v = k.repeat_interleave(shared, dim=1), v.repeat_interleave(shared, dim=1)
    mixed_BHTK = attend(q, k, v, mask)
    return self.out(mixed_BHTK.transpose(1, 2).flatten(start_dim=2))


MultiHeadAttention.forward = forward
