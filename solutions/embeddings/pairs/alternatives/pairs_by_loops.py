"""Place by place in lists."""


def skipgram_pairs(ids, window):
    check_window(window)
    words, pairs = ids.tolist(), []
    for i, centre in enumerate(words):
        for j in range(max(0, i - window), min(len(words), i + window + 1)):
            if i != j:
                pairs.append([centre, words[j]])
    return torch.tensor(pairs, dtype=torch.int64).reshape(-1, 2)


def noise_probs(counts, power=0.75):
    weights = [count**power if count else 0.0 for count in counts.tolist()]
    return torch.tensor([weight / sum(weights) for weight in weights])
