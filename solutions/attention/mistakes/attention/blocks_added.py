"""You take a softmax in each block and add the results, so that a query's weights sum to the number of
blocks. They must sum to 1 over all keys together: divide once, at the end."""


def attend_in_blocks(q, k, v, mask=None, block=64):
    S = k.shape[-2]
    mask = torch.ones(S, dtype=torch.bool) if mask is None else mask
    mask = mask.expand(*mask.shape[:-1], S)
    parts = [slice(start, start + block) for start in range(0, S, block)]
    return sum(attend(q, k[..., keys, :], v[..., keys, :], mask[..., keys]) for keys in parts)
