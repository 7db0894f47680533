"""What the exercise shift asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import sure_texts, with_gradient

from check import probe


@probe(exercise="shift", points=4)
def next_token(lib, rng):
    """The logits at t are asked for token t + 1 of their own row, at each t that has one."""
    logits, tokens = sure_texts(rng, 3, 6, 11)
    return {
        "logits drawn": lib.losses.next_token_loss(2 * rng.normal(2, 5, 7), rng.integers(0, 7, 2, 5)),
        "a model that is sure": lib.losses.next_token_loss(logits, tokens),
        "one text": lib.losses.next_token_loss(logits[:1], tokens[:1]),
        "two tokens": lib.losses.next_token_loss(2 * rng.normal(4, 2, 5), rng.integers(0, 5, 4, 2)),
    }


@probe(exercise="shift", points=1)
def padded(lib, rng):
    """Padding at the end of shorter texts is no target; the mean is over all tokens that are."""
    (logits, tokens), lengths = sure_texts(rng, 3, 9, 12), [rng.integer(2, 5), 8, rng.integer(5, 8)]
    keep = torch.arange(9) < torch.tensor(lengths)[:, None]
    return lib.losses.next_token_loss(logits, tokens.masked_fill(~keep, 11), keep)


def with_holes(lib, rng):
    """Return the loss of texts of which few tokens count."""
    logits, tokens = sure_texts(rng, 4, 8, 10)
    # So many of each text that no mean of the texts' means is the mean of all tokens by chance.
    keep = torch.zeros(4, 8, dtype=torch.bool)
    keep[0] = torch.arange(8) % 3 == rng.integer(1, 3)
    keep[1:3, 1:5] = torch.stack([rng.permutation(4) < count for count in (1, 2)])
    keep[1:3, 5:] = torch.tensor([True, False, True])
    tokens[~keep], tokens[1, 5] = 9, 9
    return lib.losses.next_token_loss(logits, tokens, keep)


@probe(exercise="shift", points=1)
def holes(lib, rng):
    """keep decides, not the token: any places may be left out, a whole text too, and a token that pads may count."""
    # Twice, since the mean of the positions' means may once be near the mean of all tokens.
    return [with_holes(lib, rng) for _ in range(2)]


@probe(exercise="shift", points=2)
def shift_gradient(lib, rng):
    """Each position learns from the token after it, and the last one from none."""
    logits = (2 * rng.normal(2, 4, 6)).requires_grad_()
    return with_gradient(lib.losses.next_token_loss(logits, rng.integers(0, 6, 2, 4)), logits)
