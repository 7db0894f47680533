"""What a row lacks to 1 goes to the last token of your vocabulary, even where it is impossible. Divide by the
row's sum instead, so that every token gets its share of what is missing."""


def sample(probs, u):
    _check_probs(probs, u)
    past = (probs.double().cumsum(dim=-1) <= u.double()[:, None]).sum(dim=-1)
    return past.clamp(max=probs.shape[-1] - 1)
