"""Every second row of each head; joined, or stacked in pairs."""


def interleaved_to_split(weight, n_heads):
    heads = weight.chunk(n_heads)
    return torch.cat([torch.cat([head[0::2], head[1::2]]) for head in heads])


def split_to_interleaved(weight, n_heads):
    pieces = []
    for head in weight.chunk(n_heads):
        first, second = head.chunk(2)
        pieces.append(torch.stack([first, second], dim=1).flatten(0, 1))
    return torch.cat(pieces)
