"""What the assignment asks of lib/sampling.py and lib/beam.py. A probe knows no answer: it says what it got.

Random functions are asked so that all right programs give the same value, however they use random numbers.
Handed-over uniform numbers keep away from the border between two tokens (by 1/128, where probabilities are
whole 64ths), so that no rounding decides; borders have a probe of their own, with numbers that every dtype
holds exactly. Where `generate` draws by itself, the probabilities are whole eighths or quarters, and counts
come back rounded to these. The docstrings say how rarely a right program fails by chance: always less than
once in a million gradings.
"""

import torch

from check import probe, raised

HALF = (torch.float16, torch.bfloat16)


def _shares(rng, B, V, total=64):
    """Return (B, V) whole numbers, many of them equal and some of them 0, that sum to total in each row."""
    cuts = rng.integers(0, total + 1, B, V - 1).sort(dim=-1).values
    zero, end = torch.zeros(B, 1, dtype=torch.int64), torch.full((B, 1), total)
    return torch.cat([cuts, end], dim=-1) - torch.cat([zero, cuts], dim=-1)


def _odd(rng, *shape, parts=64):
    """Return numbers in the middle between two neighbouring multiples of 1 / parts."""
    return (2 * rng.integers(0, parts, *shape) + 1) / (2 * parts)


def _possible(logits):
    """Return the probabilities that logits stand for, which no shift of a row changes, in their dtype."""
    return logits.double().softmax(dim=-1).to(logits.dtype)


def _shuffled(rng, numbers, V):
    """Return V numbers in random order: those given, and zeros."""
    filled = torch.zeros(V, dtype=torch.float64)
    filled[rng.permutation(V)[: len(numbers)]] = torch.tensor(numbers, dtype=torch.float64)
    return filled


# ---- greedy_and_sample


@probe(of="greedy_and_sample", points=1)
def most_probable(lib, rng):
    """greedy takes the highest logit of each row, and of equals the first."""
    return {
        "no two the same": lib.sampling.greedy(rng.normal(5, 9)),
        "many the same": lib.sampling.greedy(rng.integers(0, 3, 6, 9).float()),
        "one row, half precision": lib.sampling.greedy(rng.normal(1, 50, dtype=torch.float16)),
    }


@probe(of="greedy_and_sample", points=1)
def same_draw(lib, rng):
    """The same token from the same uniform number, row by row."""
    draws = {}
    for dtype in (torch.float32, torch.float64):
        probs = _shares(rng, 24, 9).to(dtype) / 64
        draws[str(dtype)] = lib.sampling.sample(probs, _odd(rng, 24))
    return {**draws, "a batch of one": lib.sampling.sample(_shares(rng, 1, 90) / 64, _odd(rng, 1))}


@probe(of="greedy_and_sample", points=1)
def borders(lib, rng):
    """A number on the border of two tokens belongs to the upper one, and 0 to the first possible one."""
    shares = _shares(rng, 24, 9, total=32)
    shares[:3, :2], shares[:3, 2] = 0, 32 - shares[:3, 3:].sum(dim=-1)
    u = rng.integers(0, 32, 24) / 32
    u[:3] = 0
    return lib.sampling.sample(shares / 32, u)


@probe(of="greedy_and_sample", points=1)
def sums_beside_one(lib, rng):
    """A row may sum to a bit more or less than 1; what is impossible stays so, even for u just below 1."""
    shares = _shares(rng, 24, 9, total=62)
    shares[:, 3] += shares[:, 6:].sum(dim=-1)
    shares[:, 6], shares[:, 7:] = 2, 0
    u = _odd(rng, 24)
    u[:6], u[6:10], u[10:14] = 1 - 2**-24, 61.5 / 64, 62.5 / 64
    less, more = shares * 0.9905 / 64, shares * 1.0095 / 64
    return {"less": lib.sampling.sample(less, u), "more": lib.sampling.sample(more, u)}


@probe(of="greedy_and_sample", points=1)
def large_vocabulary(lib, rng):
    """200,000 tokens in float16, 100,000 of them possible: sums need more digits than float16 has."""
    V, n = 200_000, 100_000
    possible = rng.permutation(V)[:n]
    probs = torch.zeros(1, V, dtype=torch.float16)
    probs[0, possible] = 167 * 2.0**-24  # exact in float16, as its sums are in float32; together 0.9954
    u = (rng.integers(0, n, 1) + 0.5) / n
    return lib.sampling.sample(probs, u)


@probe(of="greedy_and_sample", points=1)
def unchanged_probs(lib, rng):
    """The inputs are left as they were."""
    probs, u, logits = _shares(rng, 5, 9) / 64, _odd(rng, 5), rng.normal(5, 9)
    drawn = lib.sampling.sample(probs, u), lib.sampling.greedy(logits)
    return {"result": drawn, "probs afterwards": probs, "u afterwards": u, "logits afterwards": logits}


# ---- temperature: what comes back is taken as a distribution, so a row may be shifted by any number


@probe(of="temperature", points=1)
def warmer_and_colder(lib, rng):
    """Probabilities are those of the logits divided by the temperature."""
    temperatures = [1.0, *(0.3 + 2 * rng.uniform(3)).tolist()]
    logits = 3 * rng.normal(4, 9) + 20 * rng.normal(4, 1)
    return {
        f"temperature {t:.3f}": _possible(lib.sampling.apply_temperature(logits, t)) for t in temperatures
    }


@probe(of="temperature", points=1)
def zero(lib, rng):
    """At temperature 0 a row's highest logits share everything."""
    logits = rng.integers(-2, 3, 6, 9).float()
    logits[rng.uniform(6, 9) < 0.2] = -torch.inf
    logits[:, 4] = rng.normal(6) - 5
    return _possible(lib.sampling.apply_temperature(logits, 0.0))


@probe(of="temperature", points=1)
def cold(lib, rng):
    """Small temperatures do not overflow, in any dtype."""
    results = {}
    for dtype in (torch.float32, *HALF):
        logits = (20 * rng.permutation(9) * torch.tensor([[1.0], [-1.0], [0.5]])).to(dtype)
        for temperature in (1e-4, 1e-30):
            result = lib.sampling.apply_temperature(logits, temperature)
            results[f"temperature {temperature:g}, {dtype}"] = _possible(result)
    return results


@probe(of="temperature", points=1)
def hot(lib, rng):
    """At infinity all possible tokens are equal, and the impossible ones still impossible."""
    logits = 3 * rng.normal(4, 9)
    logits[rng.uniform(4, 9) < 0.3] = -torch.inf
    logits[:, 4] = rng.normal(4)
    ask = lib.sampling.apply_temperature
    return {
        "temperature 1e9": _possible(ask(logits, 1e9)),
        "temperature inf": _possible(ask(logits, torch.inf)),
    }


@probe(of="temperature", points=1)
def bad_temperatures(lib, rng):
    """ValueError for a temperature below 0 or NaN, and for no other."""
    kinds, logits = [-0.5, 0.0, float("nan"), 0.5, -1e-9, 1e-9], rng.normal(2, 5)
    asked = [kinds[n % 6] for n in rng.permutation(18).tolist()]
    return [raised(lib.sampling.apply_temperature, logits, temperature) for temperature in asked]


@probe(of="temperature", points=1)
def tempered_dtype(lib, rng):
    """Logits come back in their dtype, and the input is left as it was."""
    results = {}
    for dtype in (torch.float64, *HALF):
        logits = rng.normal(3, 9).to(dtype)
        result = lib.sampling.apply_temperature(logits, 0.5 + rng.uniform(1).item())
        results[str(dtype)] = {"dtype": str(result.dtype), "values": _possible(result), "afterwards": logits}
    return results


# ---- top_k


@probe(of="top_k", points=1)
def highest_k(lib, rng):
    """The k highest logits of each row stay as they are, the others become -inf."""
    logits = rng.normal(4, 9) * torch.tensor([[1.0], [10.0], [0.1], [-1.0]])
    return {f"k={k}": lib.sampling.keep_top_k(logits, k) for k in (1, rng.integer(2, 5), rng.integer(5, 9))}


@probe(of="top_k", points=1)
def exactly_k(lib, rng):
    """Exactly k survive, ties or not; of equals the first."""
    logits = rng.integers(-1, 2, 12, 9).float()
    return {f"k={k}": lib.sampling.keep_top_k(logits, k) for k in (1, 3, 4, 6, 8)}


@probe(of="top_k", points=1)
def large_k(lib, rng):
    """A k of V or more keeps all, and so does a k above the number of possible tokens."""
    logits = rng.normal(4, 9)
    logits[:, rng.permutation(9)[:4]] = -torch.inf
    return {f"k={k}": lib.sampling.keep_top_k(logits, k) for k in (7, 9, 10, 900)}


@probe(of="top_k", points=1)
def bad_k(lib, rng):
    """ValueError for a k below 1, and for no other."""
    kinds, logits = [-3, -1, 0, 1, 4, 6], rng.normal(2, 4)
    asked = [kinds[n % 6] for n in rng.permutation(18).tolist()]
    return [raised(lib.sampling.keep_top_k, logits, k) for k in asked]


@probe(of="top_k", points=1)
def dtype_of_k(lib, rng):
    """Half precision in and out, and the input is left as it was."""
    results = {}
    for dtype in HALF:
        logits = rng.normal(3, 9).to(dtype)
        result = lib.sampling.keep_top_k(logits, 4)
        results[str(dtype)] = {"values": result, "dtype": str(result.dtype), "afterwards": logits}
    return results


# ---- top_p


@probe(of="top_p", points=2)
def nucleus(lib, rng):
    """The smallest set of most probable tokens that reaches p; the token with which it does is in."""
    logits = (_shares(rng, 12, 9) / 64).log() + rng.normal(12, 1)
    return {f"p={p:.3f}": lib.sampling.keep_top_p(logits, p) for p in _odd(rng, 4).tolist()}


@probe(of="top_p", points=1)
def reached_exactly(lib, rng):
    """Of 16 equal tokens n reach n/16, and the first n are kept."""
    logits = torch.full((3, 24), -torch.inf)
    for row in logits:
        row[rng.permutation(24)[:16]] = float(rng.integer(-5, 6))
    return {
        f"p={n}/16": lib.sampling.keep_top_p(logits, n / 16)
        for n in (1, rng.integer(2, 8), rng.integer(8, 16))
    }


@probe(of="top_p", points=1)
def never_empty(lib, rng):
    """The most probable token stays at p = 0, and at any p below its own probability."""
    logits = rng.integers(-1, 2, 12, 9).float()
    sure = 30 * torch.nn.functional.one_hot(rng.integers(0, 9, 4), 9) + rng.normal(4, 9)
    ask = lib.sampling.keep_top_p
    return {"p=0": ask(logits, 0.0), "sure, p=0": ask(sure, 0.0), "sure, p=0.9": ask(sure, 0.9)}


@probe(of="top_p", points=1)
def everything(lib, rng):
    """p = 1 keeps every possible token, whatever the sum of the probabilities is rounded to."""
    logits = torch.cat([20 + rng.normal(4, 2), rng.normal(4, 60)], dim=-1)[:, rng.permutation(62)]
    logits[rng.uniform(4, 62) < 0.1] = -torch.inf
    logits[:, 5] = 20 + rng.normal(4)
    return lib.sampling.keep_top_p(logits, 1.0)


@probe(of="top_p", points=1)
def bad_p(lib, rng):
    """ValueError for a p below 0 or above 1 or NaN, and for no other."""
    kinds, logits = [-0.1, 0.0, 1.0, 1.1, float("nan"), 0.4], rng.normal(2, 5)
    asked = [kinds[n % 6] for n in rng.permutation(18).tolist()]
    return [raised(lib.sampling.keep_top_p, logits, p) for p in asked]


@probe(of="top_p", points=1)
def half_of_p(lib, rng):
    """Half precision in and out, sums over 4096 equal tokens in float32. The input is left as it was."""
    results = {}
    for dtype in HALF:
        logits = torch.stack([rng.permutation(9) - 4 for _ in range(3)]).to(dtype)
        kept = lib.sampling.keep_top_p(logits, 0.01 + rng.uniform(1).item() / 100)
        results[str(dtype)] = {"values": kept, "dtype": str(kept.dtype), "afterwards": logits}
        many = torch.full((1, 4096), rng.integer(-3, 4), dtype=dtype)
        kept = lib.sampling.keep_top_p(many, 1 - float(_odd(rng, 1, parts=4096)) / 3)
        results[f"{dtype}, how many of 4096"] = (kept > -torch.inf).sum(dim=-1)
    return results


# ---- penalty


@probe(of="penalty", points=1)
def divided_or_multiplied(lib, rng):
    """A logit above 0 is divided, one below 0 multiplied; a penalty below 1 rewards."""
    logits, tokens = 3 * rng.normal(4, 11), torch.stack([rng.permutation(11)[:4] for _ in range(4)])
    return {
        f"{x:.3f}": lib.sampling.repetition_penalty(logits, tokens, x)
        for x in (1.2 + rng.uniform(1).item(), 0.7)
    }


@probe(of="penalty", points=1)
def once(lib, rng):
    """Once, however often a token occurs, and only in its own row."""
    tokens = rng.integers(0, 6, 4, 20)
    tokens[1] = rng.integer(6, 11)
    return lib.sampling.repetition_penalty(3 * rng.normal(4, 11), tokens, 1.5)


@probe(of="penalty", points=1)
def nothing_to_penalise(lib, rng):
    """No tokens, or a penalty of 1, changes nothing; impossible tokens stay impossible."""
    logits, tokens = rng.normal(3, 7), rng.integers(0, 7, 3, 5)
    logits[:, 2:4] = torch.tensor([-torch.inf, 0.0])
    ask = lib.sampling.repetition_penalty
    return {
        "no tokens": ask(logits, tokens[:, :0], 2.0),
        "penalty 1": ask(logits, tokens, 1.0),
        "": ask(logits, tokens, 3.0),
    }


@probe(of="penalty", points=1)
def bad_penalties(lib, rng):
    """ValueError for a penalty that is not above 0, and for no other."""
    kinds, logits, tokens = (
        [-1.0, 0.0, float("nan"), 0.5, 1.0, 2.0],
        rng.normal(2, 5),
        rng.integers(0, 5, 2, 3),
    )
    asked = [kinds[n % 6] for n in rng.permutation(18).tolist()]
    return [raised(lib.sampling.repetition_penalty, logits, tokens, penalty) for penalty in asked]


@probe(of="penalty", points=1)
def penalised_dtype(lib, rng):
    """Half precision in and out, and the inputs are left as they were."""
    results = {}
    for dtype in HALF:
        logits, tokens = rng.normal(3, 9).to(dtype), rng.integers(0, 9, 3, 5)
        result = lib.sampling.repetition_penalty(logits, tokens, 1.7)
        results[str(dtype)] = {"values": result, "dtype": str(result.dtype), "afterwards": [logits, tokens]}
    return results


# ---- beam: scores are sums in float64, so equal scores do not come up and rounding decides no order


def _tree(rng, V, spread=2.0):
    """Return step: log-probabilities that depend on how many tokens there are and on the last two."""
    table = (spread * rng.normal(12, V, V, V, dtype=torch.float64)).log_softmax(dim=-1)
    return lambda tokens: table[tokens.shape[1], tokens[:, -2], tokens[:, -1]]


def _told(found):
    """Return hypotheses as tensors and numbers; a student's tokens may be a list or a tensor."""
    return [(torch.as_tensor(new), float(score)) for new, score in found]


@probe(of="beam", points=1)
def width_one(lib, rng):
    """A beam of width 1 is the greedy choice, with and without an end."""
    start, ask, eos = rng.integers(0, 5, 3), lib.beam.beam_search, rng.integer(0, 5)
    going, ending, last = _tree(rng, 5), _tree(rng, 5), rng.integer(4, 8)

    def step(tokens):
        over = 40.0 * torch.nn.functional.one_hot(torch.tensor(eos), 5) * (tokens.shape[1] >= last)
        return (ending(tokens) + over).log_softmax(dim=-1)

    return {"no end": _told(ask(going, start, 1, 8)), "eos": _told(ask(step, start, 1, 8, eos=eos))}


@probe(of="beam", points=2)
def few_of_many(lib, rng):
    """The width best of all continuations of all hypotheses go on; the best comes first."""
    return {
        f"width {width}": _told(lib.beam.beam_search(_tree(rng, 6), rng.integers(0, 6, 2), width, 5))
        for width in (2, 4, 7)
    }


@probe(of="beam", points=1)
def whole_tree(lib, rng):
    """With room for all, every hypothesis is found."""
    found = lib.beam.beam_search(_tree(rng, 3), rng.integers(0, 3, 4), 27, 3)
    ended = lib.beam.beam_search(_tree(rng, 3), rng.integers(0, 3, 2), 40, 3, eos=rng.integer(0, 3))
    return {"no end": _told(found), "eos": _told(ended)}


@probe(of="beam", points=1)
def ends(lib, rng):
    """What ends with eos is kept as it is, and the others take its place."""
    eos = rng.integer(0, 4)
    likely = 1.5 * torch.nn.functional.one_hot(torch.tensor(eos), 4)
    trees = [_tree(rng, 4) for _ in range(6)]
    steps = [lambda tokens, tree=tree: (tree(tokens) + likely).log_softmax(dim=-1) for tree in trees]
    return [_told(lib.beam.beam_search(step, rng.integers(0, 4, 2), 3, 6, eos=eos)) for step in steps]


@probe(of="beam", points=1)
def long_and_short(lib, rng):
    """Scores are divided by the number of new tokens, eos counted, to the power length_penalty."""
    start, eos = rng.integers(0, 4, 5), rng.integer(0, 4)
    ask = lib.beam.beam_search
    return {
        f"{a}": _told(ask(_tree(rng, 4), start, 6, 4, eos=eos, length_penalty=a)) for a in (0.6, 1.0, 3.0)
    }


@probe(of="beam", points=1)
def impossible(lib, rng):
    """A continuation of probability zero is dropped, even where there is room for it."""
    step = _tree(rng, 4)
    never = rng.uniform(12, 4) < 0.4
    never[torch.arange(12), rng.integers(0, 4, 12)] = False
    found = lib.beam.beam_search(
        lambda tokens: step(tokens).masked_fill(never[tokens.shape[1]], -torch.inf),
        rng.integers(0, 4, 3),
        50,
        3,
    )
    return _told(found)


@probe(of="beam", points=1)
def half_log_probs(lib, rng):
    """Log-probabilities in half precision are added up in more than that."""
    results = {}
    for dtype in HALF:
        ranks = torch.stack([rng.permutation(5) for _ in range(40)]) * (0.7 + rng.uniform(40, 1))
        table = ranks.log_softmax(dim=-1).to(dtype)
        found = lib.beam.beam_search(
            lambda tokens, table=table: table[tokens.shape[1]].expand(len(tokens), 5),
            rng.integers(0, 5, 2),
            1,
            16,
        )
        results[str(dtype)] = _told(found)
    return results


# ---- loop


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
    return lib.sampling.sample(_shares(rng, 16, 9) / 64, _odd(rng, 16))


@probe(of="loop", points=1)
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


@probe(of="loop", points=1)
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


@probe(of="loop", points=1)
def settings(lib, rng):
    """Penalty, temperature, top-k, top-p, in this order: which tokens can come."""
    # Each that can has 1/5 or more: 256 draws of a right program miss one in 1 of 10**24 gradings.
    weights = _shuffled(rng, [8, 4, 2, 1, 1], 5) / 16
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
    found["temperature by itself"] = _possible(lib.sampling.apply_temperature(logits, 0.5))
    found["top-k by itself"] = lib.sampling.keep_top_k(ties, 3)
    found["top-p by itself"] = lib.sampling.keep_top_p((_shares(rng, 6, 9) / 64).log(), 71 / 128)
    found["ties by themselves"] = lib.sampling.keep_top_p(torch.full((1, 8), logits[0, 0].item()), 3 / 8)
    found["penalty by itself"] = lib.sampling.repetition_penalty(
        ties + logits[0], rng.integers(0, 4, 6, 5), 1.5
    )
    return {**found, "sample by itself": _draws(lib, rng)}


@probe(of="loop", points=1)
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


@probe(of="loop", points=1)
def frequencies(lib, rng):
    """How often each token comes, in eighths; by chance a right program fails in 1 of 10**7 gradings."""
    # Half an eighth of 2048 is 5.6 standard deviations of the likeliest token's count, more of the others'.
    weights, start = _shuffled(rng, [4, 2, 1, 1], 6) / 8, rng.integers(0, 6, 2048, 2)
    generator = torch.Generator().manual_seed(rng.integer(0, 2**40))
    text = lib.sampling.generate(_always(weights), start, 1, generator=generator)
    counts = torch.bincount(text[:, -1], minlength=6)
    return {"eighths": (counts / 256).round(), "sample by itself": _draws(lib, rng)}


@probe(of="loop", points=1)
def independent(lib, rng):
    """Rows, steps and calls are independent; by chance a right program fails in 1 of 10**17 gradings."""
    # Pairs of two equally likely tokens: four kinds, 256 of each, and 128 are 9 standard deviations.
    weights = _shuffled(rng, [1, 1], 5) / 2
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


@probe(of="loop", points=1)
def one_generator(lib, rng):
    """All randomness comes from the generator; torch's own is left alone; the same state, the same text."""
    # Two texts of 30 tokens out of 8 that are drawn apart are the same in 1 of 10**27 gradings.
    weights, start, seed = torch.ones(8) / 8, rng.integers(0, 8, 6, 2), rng.integer(0, 2**40)
    texts = [
        lib.sampling.generate(_always(weights), start, 5, generator=torch.Generator().manual_seed(seed))
        for _ in range(2)
    ]
    return {"torch's next numbers": torch.rand(3), "first - second + seed": texts[0] - texts[1] + seed}


@probe(of="loop", points=1)
def no_gradient(lib, rng):
    """The model runs without recording gradients, and the caller's setting comes back."""
    model, seen = _sure(rng, 7, 2), []

    def watched(tokens):
        seen.append(torch.is_grad_enabled())
        return model(tokens) * torch.ones(7, requires_grad=True)

    text = lib.sampling.generate(watched, rng.integers(0, 7, 2, 3), 3)
    return {"text": text, "recorded": any(seen), "recorded afterwards": torch.is_grad_enabled()}


@probe(of="loop", points=1)
def half_model(lib, rng):
    """A model in half precision; int64 comes out, and the prompt is left as it was."""
    results = {}
    for dtype in HALF:
        model, tokens = _sure(rng, 7, 3), rng.integers(0, 7, 3, 2)
        text = lib.sampling.generate(lambda x, model=model, dtype=dtype: model(x).to(dtype), tokens, 3)
        results[str(dtype)] = {"text": text, "dtype": str(text.dtype), "prompt afterwards": tokens}
    return results
