"""Your second half runs backwards, from the last pair to the first. Both halves list the pairs in the
same order."""


def interleaved_to_half(weight, n_heads):
    first, second = weight.unflatten(0, (n_heads, -1, 2)).unbind(2)
    return torch.cat([first, second.flip(1)], dim=1).reshape(weight.shape)


def half_to_interleaved(weight, n_heads):
    first, second = weight.unflatten(0, (n_heads, 2, -1)).unbind(1)
    return torch.stack([first, second.flip(1)], dim=2).reshape(weight.shape)
