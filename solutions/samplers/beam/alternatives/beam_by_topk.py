"""topk over all children at once, and hypotheses that end are turned into lists on the spot."""


def beam_search(step, start, width, length, eos=None, length_penalty=0.0):
    texts, sums, found = start.unsqueeze(0), torch.zeros(1, 1, dtype=torch.float64), []
    for used in range(1, length + 1):
        log_probs = step(texts)
        children = sums + log_probs
        best = children.view(-1).topk(min(width, children.numel()))
        rows = torch.div(best.indices, log_probs.shape[1], rounding_mode="floor")
        tokens = best.indices.remainder(log_probs.shape[1])
        alive = []
        for row, token, total in zip(rows.tolist(), tokens.tolist(), best.values.tolist(), strict=True):
            text = [*texts[row].tolist(), token]
            if total == float("-inf"):
                continue
            if token == eos or used == length:
                found.append((text[len(start) :], total / used**length_penalty))
            else:
                alive.append((text, total))
        if not alive:
            break
        texts = torch.tensor([text for text, _ in alive])
        sums = torch.tensor([[total] for _, total in alive], dtype=torch.float64)
    return sorted(found, key=lambda pair: pair[1], reverse=True)[:width]
