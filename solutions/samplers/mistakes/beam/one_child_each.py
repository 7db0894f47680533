"""After the first step each of your hypotheses goes on with its own best token. All children of all
hypotheses compete together: one hypothesis may have several children in the beam, another none."""


def beam_search(step, start, width, length, eos=None, length_penalty=0.0):
    first = step(start[None])[0].double()
    totals, new = (
        first[first > -torch.inf].sort(descending=True, stable=True)[0][:width],
        first.argsort(descending=True),
    )
    beam = torch.cat([start.expand(len(totals), -1), new[: len(totals), None]], dim=-1)
    ended = []
    for used in range(1, length + 1):
        over = torch.zeros(len(beam), dtype=torch.bool) if eos is None else beam[:, -1] == eos
        ended += zip(beam[over], totals[over], strict=True)
        beam, totals = beam[~over], totals[~over]
        if not len(beam) or used == length:
            break
        best, token = step(beam).double().max(dim=-1)
        beam, totals = torch.cat([beam, token[:, None]], dim=-1), totals + best
    ended += zip(beam, totals, strict=True)
    news = [(tokens[len(start) :].tolist(), total.item()) for tokens, total in ended]
    scored = [(new, total / len(new) ** length_penalty) for new, total in news]
    return sorted(scored, key=lambda pair: pair[1], reverse=True)[:width]
