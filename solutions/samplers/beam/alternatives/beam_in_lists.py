"""Hypotheses as lists, one call of step for each."""


def beam_search(step, start, width, length, eos=None, length_penalty=0.0):
    beam, complete = [([], 0.0)], []
    for _ in range(length):
        children = []
        for new, total in beam:
            text = torch.cat([start, torch.tensor(new, dtype=torch.int64)])
            following = step(text[None])[0].tolist()
            children += [([*new, token], total + x) for token, x in enumerate(following) if x > float("-inf")]
        children.sort(key=lambda child: -child[1])
        complete += [child for child in children[:width] if child[0][-1] == eos]
        beam = [child for child in children[:width] if child[0][-1] != eos]
        if not beam:
            break
    scored = [(new, total / len(new) ** length_penalty) for new, total in complete + beam]
    return sorted(scored, key=lambda pair: -pair[1])[:width]
