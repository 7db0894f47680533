"""You divide logarithms of probabilities and take exp of the result as it is. At temperature 0 that is a
division by zero, at small temperatures every exp underflows and 0/0 is NaN, and a negative temperature turns
the distribution upside down. Work on the logits, take their maximum off first, and say no to what makes no
sense."""


def apply_temperature(logits, temperature):
    probs = logits.softmax(dim=-1)
    adjusted = (probs.log() / temperature).exp()
    return (adjusted / adjusted.sum(dim=-1, keepdim=True)).log()
