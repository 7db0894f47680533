"""view and permute; the heads are folded into the batch while attending."""


def forward(self, x, context=None, mask=None):
    B, T, D = x.shape
    other = context if context is not None else x
    S, H, G, K = other.shape[1], self.n_heads, self.n_kv_heads, self.d_head
    q = self.query(x).view(B, T, H, K).permute(0, 2, 1, 3).reshape(B * H, 1, T, K)
    k = torch.stack([self.key(other).view(B, S, G, K)] * (H // G), dim=3)
    v = torch.stack([self.value(other).view(B, S, G, K)] * (H // G), dim=3)
    k, v = (y.permute(0, 2, 3, 1, 4).reshape(B * H, 1, S, K) for y in (k, v))
    if mask is not None:
        mask = mask.expand(B, H, T, S).reshape(B * H, 1, T, S)
    mixed = attend(q, k, v, mask).view(B, H, T, K)
    return self.out(mixed.permute(0, 2, 1, 3).contiguous().view(B, T, D))


MultiHeadAttention.forward = forward
