"""A list of row numbers, one head after the other."""


def interleaved_to_split(weight, n_heads):
    K = weight.size(0) // n_heads
    order = [h * K + row for h in range(n_heads) for row in [*range(0, K, 2), *range(1, K, 2)]]
    return weight[order]


def split_to_interleaved(weight, n_heads):
    K = weight.size(0) // n_heads
    order = [h * K + i + half for h in range(n_heads) for i in range(K // 2) for half in (0, K // 2)]
    return weight.index_select(0, torch.tensor(order))
