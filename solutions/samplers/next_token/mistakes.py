"""What goes wrong in the exercise next_token."""

from check import mistake, redefine, replace


@redefine("filtered")
def temperature_first(logits, tokens, decoding):
    """You apply the temperature before the penalty. Multiplying and dividing depend on where 0 lies, and taking the
    maximum off has moved it: look at the order in the docstring."""
    logits = logits if decoding.temperature == 1 else apply_temperature(logits, decoding.temperature)
    logits = logits if decoding.penalty == 1 else repetition_penalty(logits, tokens, decoding.penalty)
    logits = logits if decoding.top_k is None else keep_top_k(logits, decoding.top_k)
    return logits if decoding.top_p is None else keep_top_p(logits, decoding.top_p)


@redefine("filtered")
def penalty_last(logits, tokens, decoding):
    """You apply the penalty after all the others. It changes which tokens are the most probable, so top-k and top-p
    have to come after it: look at the order in the docstring."""
    logits = logits if decoding.temperature == 1 else apply_temperature(logits, decoding.temperature)
    logits = logits if decoding.top_k is None else keep_top_k(logits, decoding.top_k)
    logits = logits if decoding.top_p is None else keep_top_p(logits, decoding.top_p)
    return logits if decoding.penalty == 1 else repetition_penalty(logits, tokens, decoding.penalty)


@redefine("filtered")
def temperature_last(logits, tokens, decoding):
    """You apply the temperature after top-p. It changes the probabilities, so it also changes how many tokens reach
    p: look at the order in the docstring."""
    logits = logits if decoding.penalty == 1 else repetition_penalty(logits, tokens, decoding.penalty)
    logits = logits if decoding.top_k is None else keep_top_k(logits, decoding.top_k)
    logits = logits if decoding.top_p is None else keep_top_p(logits, decoding.top_p)
    return logits if decoding.temperature == 1 else apply_temperature(logits, decoding.temperature)


@redefine("filtered")
def top_p_before_top_k(logits, tokens, decoding):
    """You apply top-p before top-k. The nucleus is taken of what top-k has left, so it can be smaller: look at the
    order in the docstring."""
    logits = logits if decoding.penalty == 1 else repetition_penalty(logits, tokens, decoding.penalty)
    logits = logits if decoding.temperature == 1 else apply_temperature(logits, decoding.temperature)
    logits = logits if decoding.top_p is None else keep_top_p(logits, decoding.top_p)
    return logits if decoding.top_k is None else keep_top_k(logits, decoding.top_k)


zero_taken_for_none = mistake(
    """You ask `if top_p`, which is false for 0 as well as for None. Only None means that nothing was asked: try
    top_p = 0.""",
    replace("filtered", "decoding.top_p is None", "not decoding.top_p"),
)

temperature_zero_left_out = mistake(
    """At temperature 0 you apply none. 0 is a temperature, the coldest, and means the most probable token: do not ask
    whether the temperature is true, or above 0, before you hand it on.""",
    replace("filtered", "decoding.temperature == 1", "decoding.temperature in (0, 1)"),
)

always_greedy = mistake(
    """You take the most probable token. Draw instead: each token comes as often as its probability says, so look at
    what a thousand equal rows give.""",
    replace(
        "draw",
        "sample(logits.softmax(dim=-1, dtype=torch.float32), u.to(logits.device))",
        "logits.argmax(dim=-1)",
    ),
)

softmax_forgotten = mistake(
    """You draw from the logits as if they were probabilities. They may be negative, and sum to anything: a softmax is
    missing, so print what you hand over.""",
    replace("draw", "logits.softmax(dim=-1, dtype=torch.float32)", "logits"),
)

one_u_for_all_rows = mistake(
    """All your rows share one random number, so two equal prompts always get the same text. Draw one for each row:
    look at the shape of your random numbers.""",
    replace("draw", "u.to(logits.device)", "u[:1].expand_as(u)"),
)

generator_unused = mistake(
    """You draw from torch's own generator and not from the one you were given. The same seed then gives another text:
    hand the generator to whatever draws.""",
    replace("draw", "generator=generator, ", ""),
)

tokens_in_a_column = mistake(
    """Your draw gives (B, 1). One number a row is asked, (B,): torch.multinomial has an axis for how many tokens it
    draws, which has to go.""",
    replace(
        "draw",
        "sample(logits.softmax(dim=-1, dtype=torch.float32), u.to(logits.device))",
        "sample(logits.softmax(dim=-1, dtype=torch.float32), u.to(logits.device))[:, None]",
    ),
)

generator_started_anew = mistake(
    """You start a generator with a seed of your own in every call, so each call draws the same again. Use the one you
    were given: its state moves on.""",
    replace("draw", "(logits), generator=generator", "(logits), generator=torch.Generator().manual_seed(0)"),
)
