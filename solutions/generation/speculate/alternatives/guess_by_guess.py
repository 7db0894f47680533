"""One guess after the other; plain numbers; lookup in a string of signs."""


def accept(draft, q, p, u):
    if q.shape != (len(draft), p.shape[1]) or len(p) != len(draft) + 1 or len(u) != len(p):
        raise ValueError("shapes")
    kept = []
    for k, token in enumerate(draft.tolist()):
        have, had = float(p[k, token]), float(q[k, token])
        if had == 0:
            raise ValueError("impossible")
        if float(u[k]) * had >= have:
            left = [max(0.0, float(a) - float(b)) for a, b in zip(p[k], q[k], strict=True)]
            break
        kept.append(token)
    else:
        left = p[-1].tolist()
    token, reach = 0, left[0]
    while reach <= float(u[-1]) * sum(left):
        token += 1
        reach += left[token]
    return [*kept, token]


def expected_tokens(alpha, gamma):
    if not 0 <= alpha <= 1 or gamma < 0:
        raise ValueError("numbers")
    return gamma + 1.0 if alpha == 1 else (1 - alpha ** (gamma + 1)) / (1 - alpha)


def lookup(tokens, n=3, most=8):
    if n < 1 or most < 1:
        raise ValueError("numbers")
    text = "".join(map(chr, tokens))
    for size in range(n, 0, -1):
        place = text.rfind(text[-size:], 0, len(text) - 1) if size < len(text) else -1
        if place >= 0:
            return list(tokens[place + size :][:most])
    return []
