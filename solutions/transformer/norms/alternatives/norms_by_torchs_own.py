"""torch's own, in float32."""


def _by_torch(norm, function, *parameters):
    def forward(x):
        wide = torch.float64 if x.dtype == torch.float64 else torch.float32
        weights = [parameter.to(wide) for parameter in parameters]
        return function(x.to(wide), x.shape[-1:], *weights, eps=norm.eps).to(x.dtype)

    return forward


class LayerNorm(LayerNorm):
    def forward(self, x):
        return _by_torch(self, F.layer_norm, self.weight, self.bias)(x)


class RMSNorm(RMSNorm):
    def forward(self, x):
        return _by_torch(self, F.rms_norm, self.weight)(x)
