"""Windows of a text that is padded with -1."""


def skipgram_pairs(ids, window):
    windows = F.pad(ids, (window, window), value=-1).unfold(0, 2 * window + 1, 1)
    contexts = torch.cat([windows[:, :window], windows[:, window + 1 :]], dim=1)
    pairs = torch.stack([ids[:, None].expand_as(contexts), contexts], dim=-1).view(-1, 2)
    return pairs[pairs[:, 1] >= 0]


def noise_probs(counts, power=0.75):
    return F.normalize(torch.where(counts > 0, counts.double() ** power, 0), p=1, dim=0)
