"""Distance by distance, sorted at the end by where centre and context stand."""


def skipgram_pairs(ids, window):
    N, places = len(ids), []
    for d in range(1, min(window, N - 1) + 1):
        left, right = torch.arange(N - d), torch.arange(d, N)
        places += [torch.stack([left, right], dim=1), torch.stack([right, left], dim=1)]
    if not places:
        return ids.new_zeros(0, 2)
    where = torch.cat(places)
    return ids[where[(where[:, 0] * N + where[:, 1]).argsort()]]


def noise_probs(counts, power=0.75):
    raised = counts.float().pow(power).masked_fill(counts == 0, 0.0)
    return raised / raised.sum()
