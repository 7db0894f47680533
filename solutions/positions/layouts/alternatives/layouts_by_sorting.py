"""Permutations: the one back is the sorting order of the one there."""


def _order(weight, n_heads):
    K = len(weight) // n_heads
    rows = torch.arange(len(weight))
    return torch.argsort(rows // K * K + (rows % 2) * (K // 2) + rows % K // 2)


def interleaved_to_split(weight, n_heads):
    return weight[_order(weight, n_heads)]


def split_to_interleaved(weight, n_heads):
    return weight[_order(weight, n_heads).argsort()]
