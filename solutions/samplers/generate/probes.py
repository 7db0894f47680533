"""What the exercise generate asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import SURE, shuffled_rows

from check import probe


def _sure(rng, V, B):
    """Return a model that is sure of its next token, which depends on the row and the last three tokens."""
    table, rows = rng.integers(0, V, V, V, V), torch.arange(B)[:, None]

    def model(tokens):
        padded = torch.nn.functional.pad(tokens, (2, 0))
        following = (table[padded[:, :-2], padded[:, 1:-1], padded[:, 2:]] + rows[: len(tokens)]) % V
        return SURE * torch.nn.functional.one_hot(following, V)

    return model


def _script(rng, places, n, V, eos):
    """Return a model that says a drawn text of n tokens in each row, with eos once in it, at the given place."""
    text = (eos + rng.integers(1, V, len(places), n)) % V
    text[torch.arange(len(places)), torch.tensor(places)] = eos
    return lambda tokens: SURE * torch.nn.functional.one_hot(text[:, : tokens.shape[1]], V)


@probe(exercise="generate", points=1)
def whole_text(lib, rng):
    """Each new token is appended, and the model reads the whole text of every row."""
    model, ask = _sure(rng, 11, 4), lib.decoding.generate
    return {
        "four rows": ask(model, rng.integers(0, 11, 4, 3), 4),
        "one row, one token": ask(lambda tokens: model(tokens).half(), rng.integers(0, 11, 1, 1), 3),
        "no new tokens": ask(model, rng.integers(0, 11, 2, 3), 0),
    }


@probe(exercise="generate", points=1)
def handed_on(lib, rng):
    """Settings, tokens so far and generator reach every step; a false alarm in 1 of 10**17 gradings."""
    ask, seed = lib.decoding.generate, rng.integer(0, 2**40)
    seeded = lambda: torch.Generator().manual_seed(seed)  # noqa: E731
    # Five probabilities far apart, and a penalty that takes each token below all that have not been said.
    ladder = shuffled_rows(rng, [torch.arange(5.0, 10.0)])[0] * SURE
    start, fixed = ladder.argsort(descending=True)[:2, None], lambda x: ladder.expand(*x.shape, 5).clone()
    said = ask(fixed, start, 3, lib.decoding.Decoding(penalty=4.0), seeded())
    # Two texts of 36 tokens out of 8 that are drawn apart are the same in 1 of 10**32 gradings.
    start, alike = rng.integers(0, 8, 6, 2), lambda x: torch.zeros(*x.shape, 8)
    texts = [ask(alike, start, 6, generator=seeded()) for _ in range(2)]
    drawn = [lib.decoding.draw(torch.zeros(30, 8), seeded()) for _ in range(2)]
    # Pairs of two equally likely tokens: four kinds, 256 of each, and 128 are 9 standard deviations.
    either, prompt = lambda x: torch.zeros(*x.shape, 2), torch.zeros(1024, 1, dtype=torch.int64)
    steps = ask(either, prompt, 2, generator=seeded())
    return {
        "what has been said": said,
        "torch's next numbers": torch.rand(3),
        "first - second + seed": texts[0] - texts[1] + seed,
        "draw by itself": drawn[0] - drawn[1] + seed,
        "more than one token + seed": int(len(texts[0][:, 2:].unique()) > 1) + seed,
        "pairs of steps": (torch.bincount(2 * steps[:, 1] + steps[:, 2], minlength=4)[:4] / 256).round(),
    }


@probe(exercise="generate", points=1)
def the_end(lib, rng):
    """A row ends with eos and is filled up with it; when all rows have ended, the loop stops."""
    eos, places, ask = rng.integer(1, 7), rng.permutation(6)[:3].tolist(), lib.decoding.generate
    prompt = (eos + rng.integers(1, 7, 3, 1)) % 7
    return {
        "eos": ask(_script(rng, places, 9, 7, eos), prompt, 9, lib.decoding.Decoding(eos=eos)),
        "no eos": ask(_script(rng, [1, 3], 6, 7, eos), prompt[:2], 5),
    }


@probe(exercise="generate", points=1)
def odd_ends(lib, rng):
    """An eos in the prompt ends nothing, and an eos of 0 is one like any other."""
    eos, places, ask = rng.integer(1, 7), (3 + rng.permutation(4)[:2]).tolist(), lib.decoding.generate
    prompt, zero = torch.full((2, 3), eos), rng.integer(1, 4)
    return {
        "in the prompt": ask(_script(rng, places, 12, 7, eos), prompt, 9, lib.decoding.Decoding(eos=eos)),
        "eos=0": ask(_script(rng, [zero], 7, 7, 0), prompt[:1, :1], 6, lib.decoding.Decoding(eos=0)),
    }
