"""A hypothesis that has ended keeps its place in your beam, so fewer and fewer go on. It leaves the beam and
waits outside; the width places are for those that are still growing."""


def beam_search(step, start, width, length, eos=None, length_penalty=0.0):
    beam = [(start.tolist(), 0.0)]
    for _ in range(length):
        children = []
        for tokens, total in beam:
            if len(tokens) > len(start) and tokens[-1] == eos:
                children.append((tokens, total))
                continue
            following = step(torch.tensor([tokens]))[0].double().tolist()
            children += [
                ([*tokens, token], total + more) for token, more in enumerate(following) if more > -torch.inf
            ]
        beam = sorted(children, key=lambda pair: pair[1], reverse=True)[:width]
    scored = [
        (tokens[len(start) :], total / (len(tokens) - len(start)) ** length_penalty) for tokens, total in beam
    ]
    return sorted(scored, key=lambda pair: pair[1], reverse=True)
