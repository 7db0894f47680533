"""One level of the tree after the other, by a function that calls itself; the tokens come back as tensors."""


def beam_search(step, start, width, length, eos=None, length_penalty=0.0):
    def ended(level, left):
        if not level or not left:
            return level
        log_probs = step(torch.stack([text for text, _ in level])).double()
        children = [
            (torch.cat([text, torch.tensor([token])]), total + row[token].item())
            for (text, total), row in zip(level, log_probs, strict=True)
            for token in range(len(row))
            if row[token] > -torch.inf
        ]
        best = sorted(children, key=lambda child: child[1], reverse=True)[:width]
        done = [child for child in best if child[0][-1] == eos] if eos is not None else []
        going = [child for child in best if eos is None or child[0][-1] != eos]
        return done + ended(going, left - 1)

    found = [(text[len(start) :], total) for text, total in ended([(start, 0.0)], length)]
    scored = [(new, total / len(new) ** length_penalty) for new, total in found]
    return sorted(scored, key=lambda pair: pair[1], reverse=True)[:width]
