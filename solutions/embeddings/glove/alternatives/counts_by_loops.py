"""Place by place, and cell by cell."""


def cooccurrence(ids, vocab_size, window, harmonic=True):
    words, total = ids.tolist(), [[0.0] * vocab_size for _ in range(vocab_size)]
    for i, word in enumerate(words):
        for j in range(max(i - window, 0), i):
            worth = 1 / (i - j) if harmonic else 1
            total[word][words[j]] += worth
            total[words[j]][word] += worth
    return torch.tensor(total)


def glove_loss(w, w_ctx, b, b_ctx, counts, x_max=100.0, alpha=0.75):
    loss = torch.zeros(())
    for i, j in counts.nonzero().tolist():
        x = counts[i, j]
        off = w[i] @ w_ctx[j] + b[i] + b_ctx[j] - torch.log(x)
        loss = loss + min((x.item() / x_max) ** alpha, 1.0) * off**2
    return loss
