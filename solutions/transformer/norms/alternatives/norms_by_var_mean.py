"""torch.var_mean; a root of the mean square as a length divided by √D; both by division."""


class LayerNorm(LayerNorm):
    def forward(self, x):
        y = x.double() if x.dtype == torch.float64 else x.float()
        variance, mean = torch.var_mean(y, dim=-1, correction=0, keepdim=True)
        return ((y - mean) / torch.sqrt(variance + self.eps) * self.weight + self.bias).type_as(x)


class RMSNorm(RMSNorm):
    def forward(self, x):
        y = x.double() if x.dtype == torch.float64 else x.float()
        size = torch.linalg.vector_norm(y, dim=-1, keepdim=True) / x.shape[-1] ** 0.5
        return (y / (size**2 + self.eps) ** 0.5 * self.weight).type_as(x)
