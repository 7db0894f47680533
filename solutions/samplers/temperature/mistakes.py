"""What goes wrong in the exercise temperature."""

from check import mistake, redefine, replace


@redefine("apply_temperature")
def plain_division(logits, temperature):
    """You divide, and nothing else: 0/0 and inf/inf are NaN, and a small temperature leaves the range of its
    dtype. Look at what your function gives at 0, at infinity, and for 50 / 0.0001 in float16."""
    if not temperature >= 0:
        raise ValueError(f"temperature={temperature} must be 0 or larger")
    return logits / temperature


probabilities_returned = mistake(
    """Your apply_temperature gives probabilities. It is asked for logits: the softmax comes at the end, after the
    other filters, so try a softmax of what you return.""",
    replace("apply_temperature", ".to(logits.dtype)", ".softmax(dim=-1).to(logits.dtype)"),
)

maximum_of_the_batch = mistake(
    """You take the highest logit of the whole batch off every row. A row that lies far below it then goes to -inf
    from end to end, which is no distribution: look at which axis your maximum is taken over.""",
    replace("apply_temperature", "below.amax(dim=-1, keepdim=True)", "below.amax()"),
)

zero_keeps_one = mistake(
    """At temperature 0 you keep a single token where several have the same highest logit. However cold it is,
    equal logits stay equal: try a row of zeros.""",
    replace(
        "apply_temperature",
        "torch.zeros_like(logits).masked_fill(below < 0, -torch.inf)",
        "torch.full_like(logits, -torch.inf).scatter(-1, logits.argmax(dim=-1, keepdim=True), 0.0)",
    ),
)

zero_refused = mistake(
    """You refuse temperature 0. Dividing by it is impossible, but the limit makes sense, and it is what everybody
    means by 0: give it a line of its own.""",
    replace("apply_temperature", "not temperature >= 0", "not temperature > 0"),
)

nan_at_infinity = mistake(
    """At an infinite temperature your impossible tokens get -inf / inf, which is NaN. They stay impossible,
    however hot it is: try a row with a logit of -inf.""",
    replace("apply_temperature", ".masked_fill(below == -torch.inf, -torch.inf)", ""),
)

any_temperature = mistake(
    """You accept a negative temperature and NaN. A negative one turns the order of the tokens round: refuse it as
    the docstring says.""",
    replace("apply_temperature", "not temperature >= 0", "False"),
)

nan_temperature = mistake(
    """You accept NaN as a temperature: no comparison with NaN is true, so asking whether it is below 0 does not
    find it. Ask for what you want instead of for what you do not want.""",
    replace("apply_temperature", "not temperature >= 0", "temperature < 0"),
)

temperature_asserted = mistake(
    """You refuse a bad temperature with assert, which raises AssertionError and vanishes under `python -O`. Look at
    which error the docstring promises.""",
    replace(
        "apply_temperature",
        'raise ValueError(f"temperature={temperature} must be 0 or larger")',
        "raise AssertionError",
    ),
)

tempered_in_place = mistake(
    """You write into the logits you were given. Whoever called you wants to use them again: look for /= and for
    functions that end in an underscore.""",
    replace("apply_temperature", "    # Impossible", "    logits.div_(temperature)\n    # Impossible"),
)

tempered_to_float32 = mistake(
    """Your tempered logits come back as float32 where half precision came in. Computing in float32 is right; the
    result should go back to the dtype of the logits.""",
    replace("apply_temperature", ".to(logits.dtype)", ""),
)
