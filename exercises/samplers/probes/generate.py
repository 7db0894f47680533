"""What the exercise generate asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import SURE, shuffled_rows

from check import probe


def _sure(rng, V, B):
    """Return a model that is sure of its next token, which depends on the row, the first and the last three tokens."""
    table, rows = rng.integers(0, V, V, V, V), torch.arange(B)[:, None]

    def model(tokens):
        padded = torch.nn.functional.pad(tokens, (2, 0))
        following = (
            table[padded[:, :-2], padded[:, 1:-1], padded[:, 2:]] + rows[: len(tokens)] + tokens[:, :1]
        )
        return SURE * torch.nn.functional.one_hot(following % V, V)

    return model


def _script(rng, places, n, V, eos):
    """Return a model that says a drawn text of n tokens in each row, with eos once in it, at the given place."""
    text = (eos + rng.integers(1, V, len(places), n)) % V
    text[torch.arange(len(places)), torch.tensor(places)] = eos
    return lambda tokens: SURE * torch.nn.functional.one_hot(text[:, : tokens.shape[1]], V)


@probe(exercise="generate", points=3)
def whole_text(lib, rng):
    """Each new token is appended, and the model reads the whole text of every row."""
    model, ask = _sure(rng, 11, 4), lib.decoding.generate
    return {
        "four rows": ask(model, rng.integers(0, 11, 4, 3), 4),
        "one row, one token": ask(lambda tokens: model(tokens).half(), rng.integers(0, 11, 1, 1), 3),
        "no new tokens": ask(model, rng.integers(0, 11, 2, 3), 0),
    }


@probe(exercise="generate", points=1)
def settings(lib, rng):
    """The settings and all tokens so far reach every step."""
    # Five probabilities far apart, and a penalty that takes each token below all that have not been said.
    ladder = shuffled_rows(rng, [torch.arange(5.0, 10.0)])[0] * SURE
    start, fixed = ladder.argsort(descending=True)[:2, None], lambda x: ladder.expand(*x.shape, 5).clone()
    return lib.decoding.generate(fixed, start, 3, lib.decoding.Decoding(penalty=5 * SURE))


@probe(exercise="generate", points=1)
def seeded(lib, rng):
    """The generator's numbers alone decide, rows and steps apart; a false alarm in 1 of 10**17 gradings."""
    ask, seed, untouched = lib.decoding.generate, rng.integer(0, 2**40), torch.get_rng_state()
    generator = lambda: torch.Generator().manual_seed(seed)  # noqa: E731
    # Two texts of 36 tokens out of 8 that are drawn apart are the same in 1 of 10**32 gradings.
    start, alike = rng.integers(0, 8, 6, 2), lambda x: torch.zeros(*x.shape, 8)
    texts = [ask(alike, start, 6, generator=generator()) for _ in range(2)]
    drawn = [lib.decoding.draw(torch.zeros(30, 8), generator()) for _ in range(2)]
    # Pairs of two equally likely tokens: four kinds, 256 of each, and 128 are 9 standard deviations.
    either, prompt = lambda x: torch.zeros(*x.shape, 2), torch.zeros(1024, 1, dtype=torch.int64)
    steps = ask(either, prompt, 2, generator=generator())
    return {
        "torch's own generator moved + seed": int(not torch.equal(torch.get_rng_state(), untouched)) + seed,
        "another text from the same state + seed": int(not torch.equal(*texts)) + seed,
        "draw by itself + seed": int(not torch.equal(*drawn)) + seed,
        "more than one token + seed": int(len(texts[0][:, 2:].unique()) > 1) + seed,
        "pairs of steps": (torch.bincount(2 * steps[:, 1] + steps[:, 2], minlength=4)[:4] / 256).round(),
    }


@probe(exercise="generate", points=3)
def the_end(lib, rng):
    """A row ends with eos and is filled up with it; when all rows have ended, the loop stops."""
    eos, places, ask = rng.integer(1, 7), rng.permutation(6)[:3].tolist(), lib.decoding.generate
    prompt, places = (eos + rng.integers(1, 7, 3, 2)) % 7, [1 + place for place in places]
    return {
        "eos": ask(_script(rng, places, 10, 7, eos), prompt, 9, lib.decoding.Decoding(eos=eos)),
        "no eos": ask(_script(rng, [2, 4], 7, 7, eos), prompt[:2], 5),
    }


@probe(exercise="generate", points=1)
def eos_in_prompt(lib, rng):
    """An eos in the prompt ends nothing."""
    eos = rng.integer(1, 7)
    model, decoding = _script(rng, [10, 11], 12, 7, eos), lib.decoding.Decoding(eos=eos)
    return lib.decoding.generate(model, torch.full((2, 3), eos), 6, decoding)


@probe(exercise="generate", points=1)
def eos_zero(lib, rng):
    """An eos of 0 is one like any other."""
    model, prompt = _script(rng, [rng.integer(2, 5)], 8, 7, 0), rng.integers(1, 7, 1, 2)
    return lib.decoding.generate(model, prompt, 6, lib.decoding.Decoding(eos=0))
