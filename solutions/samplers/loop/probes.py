"""What the exercise loop asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import HALF, drawn_shares, odd, possible, shuffled

from check import probe, raised


def _sure(rng, V, B):
    """Return a model that is sure of its next token, which depends on the row and the last three tokens."""
    table, rows = rng.integers(0, V, V, V, V), torch.arange(B)[:, None]

    def model(tokens):
        padded = torch.nn.functional.pad(tokens, (2, 0))
        following = (table[padded[:, :-2], padded[:, 1:-1], padded[:, 2:]] + rows[: len(tokens)]) % V
        return 50.0 * torch.nn.functional.one_hot(following, V)

    return model


def _always(weights):
    """Return a model of the same probabilities after any text."""
    return lambda tokens: weights.log().float().expand(*tokens.shape, -1).clone()


def _draws(lib, rng):
    """Return what `sample` draws by itself: tells what is wrong there from what is wrong in the loop."""
    return lib.sampling.sample(drawn_shares(rng, 16, 9) / 64, odd(rng, 16))


@probe(exercise="loop", points=1)
def whole_text(lib, rng):
    """Each new token is appended, and the model reads the whole text of every row."""
    model = _sure(rng, 11, 4)
    return {
        "four rows": lib.sampling.generate(model, rng.integers(0, 11, 4, 3), 4),
        "one row, one token": lib.sampling.generate(model, rng.integers(0, 11, 1, 1), 3),
        "large vocabulary": lib.sampling.generate(
            _script(rng, 1, 9, 256, 255), 128 + rng.integers(0, 127, 1, 2), 4
        ),
        "no new tokens": lib.sampling.generate(model, rng.integers(0, 11, 2, 3), 0),
    }


def _script(rng, B, n, V, eos, first=1):
    """Return a model that says a drawn text in each row: eos once in it, at place first or later."""
    text = rng.integers(0, V - 1, B, n)
    text[text >= eos] += 1
    for row in text:
        row[rng.integer(first, n - 3)] = eos
    return lambda tokens: 50.0 * torch.nn.functional.one_hot(text[:, : tokens.shape[1]], V)


@probe(exercise="loop", points=1)
def the_end(lib, rng):
    """A row ends with eos and is filled up with it; when all rows have ended, the loop stops."""
    eos, ask = rng.integer(1, 7), lib.sampling.generate
    prompt = torch.full((2, 3), eos)
    return {
        "three rows": ask(_script(rng, 3, 9, 7, eos), rng.integers(0, 7, 3, 1), 9, eos=eos),
        "eos in the prompt": ask(_script(rng, 2, 10, 7, eos, first=4), prompt, 6, eos=eos),
        "one row, eos=0": ask(_script(rng, 1, 7, 7, 0), prompt[:1, :1], 6, eos=0),
        "no eos": ask(_script(rng, 2, 6, 7, eos), rng.integers(0, 7, 2, 1), 5),
    }


@probe(exercise="loop", points=1)
def settings(lib, rng):
    """Penalty, temperature, top-k, top-p, in this order: which tokens can come."""
    # Each that can has 1/5 or more: 256 draws of a right program miss one in 1 of 10**24 gradings.
    weights = shuffled(rng, [8, 4, 2, 1, 1], 5) / 16
    steps = 400.0 * rng.permutation(5) + 170  # far apart, also after the penalty
    golden = 0.618034  # no fraction of small whole numbers comes near it
    asked = {
        "top-p": (weights, {"top_p": golden}),
        "top-k, then top-p": (weights, {"top_k": 2, "top_p": golden}),
        "temperature": (weights, {"temperature": 0.001}),
        "temperature, then top-p": (weights, {"temperature": 0.5, "top_p": golden}),
        "penalty, then top-k": (weights, {"penalty": 4.0, "top_k": 2}),
    }
    start = torch.full((256, 1), int(weights.argsort()[-2]))
    found = {}
    for name, (model, chosen) in asked.items():
        new = lib.sampling.generate(_always(model), start, 1, **chosen)[:, -1]
        found[name] = torch.bincount(new, minlength=5) > 0
    ends = torch.stack([steps.argmin(), steps.argmax()])[:, None]
    always = lambda tokens: steps.expand(*tokens.shape, -1).clone()  # noqa: E731
    found["penalty over the text"] = lib.sampling.generate(always, ends, 4, penalty=2.0, temperature=0.5)
    # By themselves, so that a wrong filter can be told from a wrong order of right filters.
    logits, ties = rng.normal(2, 7), rng.integers(-2, 2, 6, 7).float()
    found["temperature by itself"] = possible(lib.sampling.apply_temperature(logits, 0.5))
    found["top-k by itself"] = lib.sampling.keep_top_k(ties, 3)
    found["top-p by itself"] = lib.sampling.keep_top_p((drawn_shares(rng, 6, 9) / 64).log(), 71 / 128)
    found["ties by themselves"] = lib.sampling.keep_top_p(torch.full((1, 8), logits[0, 0].item()), 3 / 8)
    found["penalty by itself"] = lib.sampling.repetition_penalty(
        ties + logits[0], rng.integers(0, 4, 6, 5), 1.5
    )
    return {**found, "sample by itself": _draws(lib, rng)}


@probe(exercise="loop", points=1)
def bad_settings(lib, rng):
    """A bad setting, or a negative number of tokens, is a ValueError; a good one is none."""
    bad = [("temperature", -1.0), ("top_k", 0), ("top_p", 1.5), ("penalty", 0.0), ("max_new_tokens", -1)]
    good = [("temperature", 0.5), ("top_k", 3), ("top_p", 0.5), ("penalty", 1.5), ("max_new_tokens", 1)]
    model, tokens = _always(torch.ones(5) / 5), rng.integers(0, 5, 2, 2)
    asked = [(bad + good)[n] for n in rng.permutation(10).tolist()]
    return [
        raised(lib.sampling.generate, model, tokens, **{"max_new_tokens": 1, name: value})
        for name, value in asked
    ]


@probe(exercise="loop", points=1)
def frequencies(lib, rng):
    """How often each token comes, in eighths; by chance a right program fails in 1 of 10**7 gradings."""
    # Half an eighth of 2048 is 5.6 standard deviations of the likeliest token's count, more of the others'.
    weights, start = shuffled(rng, [4, 2, 1, 1], 6) / 8, rng.integers(0, 6, 2048, 2)
    generator = torch.Generator().manual_seed(rng.integer(0, 2**40))
    text = lib.sampling.generate(_always(weights), start, 1, generator=generator)
    counts = torch.bincount(text[:, -1], minlength=6)
    return {"eighths": (counts / 256).round(), "sample by itself": _draws(lib, rng)}


@probe(exercise="loop", points=1)
def independent(lib, rng):
    """Rows, steps and calls are independent; by chance a right program fails in 1 of 10**17 gradings."""
    # Pairs of two equally likely tokens: four kinds, 256 of each, and 128 are 9 standard deviations.
    weights = shuffled(rng, [1, 1], 5) / 2
    generator = torch.Generator().manual_seed(rng.integer(0, 2**40))
    first, second = (
        lib.sampling.generate(
            _always(weights), torch.zeros(1025, 1, dtype=torch.int64), 2, generator=generator
        )
        for _ in range(2)
    )
    pairs = {
        "rows": (first[1:, 1], first[:-1, 1]),
        "steps": first[1:, 1:].T,
        "calls": (first[1:, 1], second[1:, 1]),
    }
    quarters = {
        name: (torch.bincount(5 * one + other, minlength=25) / 256).round()
        for name, (one, other) in pairs.items()
    }
    return {**quarters, "sample by itself": _draws(lib, rng)}


@probe(exercise="loop", points=1)
def one_generator(lib, rng):
    """All randomness comes from the generator; torch's own is left alone; the same state, the same text."""
    # Two texts of 30 tokens out of 8 that are drawn apart are the same in 1 of 10**27 gradings.
    weights, start, seed = torch.ones(8) / 8, rng.integers(0, 8, 6, 2), rng.integer(0, 2**40)
    texts = [
        lib.sampling.generate(_always(weights), start, 5, generator=torch.Generator().manual_seed(seed))
        for _ in range(2)
    ]
    return {"torch's next numbers": torch.rand(3), "first - second + seed": texts[0] - texts[1] + seed}


@probe(exercise="loop", points=1)
def no_gradient(lib, rng):
    """The model runs without recording gradients, and the caller's setting comes back."""
    model, seen = _sure(rng, 7, 2), []

    def watched(tokens):
        seen.append(torch.is_grad_enabled())
        return model(tokens) * torch.ones(7, requires_grad=True)

    text = lib.sampling.generate(watched, rng.integers(0, 7, 2, 3), 3)
    return {"text": text, "recorded": any(seen), "recorded afterwards": torch.is_grad_enabled()}


@probe(exercise="loop", points=1)
def half_model(lib, rng):
    """A model in half precision; int64 comes out, and the prompt is left as it was."""
    results = {}
    for dtype in HALF:
        model, tokens = _sure(rng, 7, 3), rng.integers(0, 7, 3, 2)
        text = lib.sampling.generate(lambda x, model=model, dtype=dtype: model(x).to(dtype), tokens, 3)
        results[str(dtype)] = {"text": text, "dtype": str(text.dtype), "prompt afterwards": tokens}
    return results
