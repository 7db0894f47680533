"""The weights as matrices a head, einsum throughout, and groups that broadcast instead of being repeated."""

from torch import einsum


class MultiHeadAttention(MultiHeadAttention):
    def forward(self, x, context=None, mask=None):
        B, T, D = x.shape
        context = x if context is None else context
        q = self._project(self.query, x, self.n_heads)
        k = self._project(self.key, context, self.n_kv_heads)
        v = self._project(self.value, context, self.n_kv_heads)
        each = self.n_heads // self.n_kv_heads
        k = k[:, :, None].expand(-1, -1, each, -1, -1).reshape(B, self.n_heads, -1, self.d_head)
        v = v[:, :, None].expand(-1, -1, each, -1, -1).reshape(B, self.n_heads, -1, self.d_head)
        out = einsum("bhtk,dhk->btd", attend(q, k, v, mask), self.out.weight.view(D, self.n_heads, -1))
        return out if self.out.bias is None else out + self.out.bias

    def _project(self, linear, x, heads):
        matrices = linear.weight.view(heads, self.d_head, -1)
        projected = einsum("btd,hkd->bhtk", x, matrices)
        return projected if linear.bias is None else projected + linear.bias.view(heads, 1, self.d_head)
