"""You repeat the key/value heads as 0, 1, 0, 1. Neighbours share: with H=4 and G=2, query heads 0 and 1 read
from head 0, and 2 and 3 from head 1."""


def forward(self, x, context=None, mask=None):
    source = x if context is None else context
    q = self.query(x).unflatten(-1, (self.n_heads, self.d_head)).transpose(1, 2)
    k = self.key(source).unflatten(-1, (self.n_kv_heads, self.d_head)).transpose(1, 2)
    v = self.value(source).unflatten(-1, (self.n_kv_heads, self.d_head)).transpose(1, 2)
    shared = self.n_heads // self.n_kv_heads
    k, v = k.repeat(1, shared, 1, 1), v.repeat(1, shared, 1, 1)
    mixed_BHTK = attend(q, k, v, mask)
    return self.out(mixed_BHTK.transpose(1, 2).flatten(start_dim=2))


MultiHeadAttention.forward = forward
