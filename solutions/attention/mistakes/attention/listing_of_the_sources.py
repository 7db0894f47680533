"""You cut x into heads and let all heads share one small projection. Each head has its own projection of
the whole token: project first, to (B, T, D), and cut then. The scores' √ also takes K, not the model width."""


def __init__(self, d_model, n_heads, n_kv_heads=None, bias=True):
    nn.Module.__init__(self)
    self.n_heads, self.d_head, self.d_model = n_heads, d_model // n_heads, d_model
    self.query, self.key, self.value = (nn.Linear(self.d_head, self.d_head, bias=False) for _ in range(3))
    self.out = nn.Linear(d_model, d_model, bias=bias)


def forward(self, x, context=None, mask=None):
    queries = x.unflatten(-1, (self.n_heads, self.d_head))
    source = queries if context is None else context.unflatten(-1, (self.n_heads, self.d_head))
    scores = torch.einsum("bthk,bshk->bhts", self.query(queries), self.key(source))
    scores = scores if mask is None else scores.masked_fill(~mask, -1e20)
    weights = torch.softmax(scores / math.sqrt(self.d_model), dim=3)
    return self.out(torch.einsum("bhts,bshk->bthk", weights, self.value(source)).flatten(start_dim=2))


MultiHeadAttention.__init__, MultiHeadAttention.forward = __init__, forward
