"""You count the tokens of start when you divide by the length. Only the new ones are scored, so only they
count."""


def beam_search(step, start, width, length, eos=None, length_penalty=0.0):
    beam, totals, ended = start[None], torch.zeros(1, dtype=torch.float64), []
    for _ in range(length):
        scores_NV = totals[:, None] + step(beam).double()
        best, places = scores_NV.flatten().sort(descending=True, stable=True)
        possible = best[:width] > -torch.inf
        totals, places, V = best[:width][possible], places[:width][possible], scores_NV.shape[-1]
        beam = torch.cat([beam[places // V], places[:, None] % V], dim=-1)
        over = torch.zeros_like(totals, dtype=torch.bool) if eos is None else beam[:, -1] == eos
        ended += zip(beam[over], totals[over], strict=True)
        beam, totals = beam[~over], totals[~over]
        if not len(beam):
            break
    ended += zip(beam, totals, strict=True)
    news = [(tokens[len(start) :].tolist(), total.item()) for tokens, total in ended]
    scored = [(new, total / (len(new) + len(start)) ** length_penalty) for new, total in news]
    return sorted(scored, key=lambda pair: pair[1], reverse=True)[:width]
