"""What the exercise next_token asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import probabilities, shuffled_rows

from check import probe

GOLDEN = 0.618  # far from the sums of the probabilities below, with and without the other settings
SETTINGS = {
    "temperature": {"temperature": 0.5},
    "top-k": {"top_k": 2},
    "top-p": {"top_p": GOLDEN},
    # Never without a temperature: at 1 it may be applied, which moves the logits, or left out.
    "penalty, then temperature": {"penalty": 5.0, "temperature": 0.5},
    "penalty, temperature, top-k": {"penalty": 5.0, "temperature": 0.5, "top_k": 2},
    "temperature, then top-p": {"temperature": 0.5, "top_p": GOLDEN},
    "top-k, then top-p": {"top_k": 2, "top_p": GOLDEN},
    "all of them": {"penalty": 5.0, "temperature": 0.5, "top_k": 3, "top_p": GOLDEN},
}


@probe(exercise="next_token", points=4)
def in_this_order(lib, rng):
    """filtered applies penalty, temperature, top-k and top-p, in this order."""
    halves = torch.tensor([16.0, 8.0, 4.0, 2.0, 1.0]).log() + 1
    logits = torch.stack([halves.flip(0), halves, *shuffled_rows(rng, [halves] * 2)])
    logits += (rng.uniform(4, 5) - 0.5) / 25
    tokens = logits.argsort(dim=-1)[:, [4, 3]]  # the two most probable ones have been said
    return {
        name: probabilities(lib.decoding.filtered(logits.clone(), tokens, lib.decoding.Decoding(**chosen)))
        for name, chosen in SETTINGS.items()
    }


@probe(exercise="next_token", points=1)
def none_and_zero(lib, rng):
    """Without settings nothing changes; top-p 0 and temperature 0 are settings, not None."""
    rising = torch.arange(7) + 0.5
    logits = torch.stack([rising, *shuffled_rows(rng, [rising] * 2)]) + rng.uniform(3, 7) / 4
    tokens, ask, chosen = rng.integers(0, 7, 3, 4), lib.decoding.filtered, lib.decoding.Decoding
    return {
        "none": probabilities(ask(logits.clone(), tokens, chosen())),
        "top-p 0": probabilities(ask(logits.clone(), tokens, chosen(top_p=0.0))),
        "temperature 0": probabilities(ask(logits.clone(), tokens, chosen(temperature=0.0))),
        # So that a wrong filter can be told from one that is not asked.
        "top-p 0 by itself": probabilities(lib.sampling.keep_top_p(logits.clone(), 0.0)),
    }


def _weights(rng, numbers, V):
    """Return the logits of V weights, the first 0, these numbers and other zeros in random order behind it."""
    behind = shuffled_rows(rng, [[*numbers, *(V - 1 - len(numbers)) * [0.0]]])
    return torch.cat([torch.zeros(1, 1), behind], dim=-1).log()


@probe(exercise="next_token", points=3)
def frequencies(lib, rng):
    """How often draw gives each token, in eighths; by chance a right program fails in 1 of 10**7 gradings."""
    # Half an eighth of 2048 is 5.6 standard deviations of the likeliest token's count, more of the others'.
    generator = torch.Generator().manual_seed(rng.integer(0, 2**40))
    kinds = torch.cat([_weights(rng, [4.0, 2.0, 1.0, 1.0], 12) for _ in range(2)])  # of rows, turn by turn
    drawn = lib.decoding.draw(kinds.repeat(2048, 1), generator)
    counts = [torch.bincount(drawn.flatten()[kind::2], minlength=12)[:12] for kind in range(2)]
    return {"shape": str(tuple(drawn.shape)), "eighths": [(count / 256).round() for count in counts]}


@probe(exercise="next_token", points=2)
def independent(lib, rng):
    """Rows and calls are independent, with the generator's numbers alone; a false alarm in 1 of 10**8 gradings."""
    # Pairs of two equally likely tokens: four kinds, 256 of each, and 128 are 9 standard deviations.
    untouched = torch.get_rng_state()
    generator, pair = torch.Generator().manual_seed(rng.integer(0, 2**40)), _weights(rng, [1.0, 1.0], 5)
    draw = lambda logits, drawing: lib.decoding.draw(logits.clone(), drawing).flatten()  # noqa: E731
    first, second = (draw(pair.expand(1025, 5), generator) for _ in range(2))
    pairs = {"rows": 5 * first[1:] + first[:-1], "calls": 5 * first[1:] + second[1:]}
    # Two times 40 tokens out of 8 that are drawn apart are the same in 1 of 10**36 gradings.
    seed, many = rng.integer(0, 2**40), _weights(rng, [1.0] * 8, 9).expand(40, 9)
    same = [draw(many, torch.Generator().manual_seed(seed)) for _ in range(2)]
    calls = torch.cat([draw(many[:2], generator) for _ in range(6)])
    return {
        **{name: (torch.bincount(p, minlength=25)[:25] / 256).round() for name, p in pairs.items()},
        "torch's own generator moved + seed": int(not torch.equal(torch.get_rng_state(), untouched)) + seed,
        "another draw from the same state + seed": int(not torch.equal(*same)) + seed,
        "more than one token + seed": int(len(calls.unique()) > 1) + seed,
    }
