"""What goes wrong in the exercise temperature."""

from check import mistake, replace

probabilities_returned = mistake(
    """Your apply_temperature gives probabilities. It is asked for logits: the softmax comes at the end, after the
    other filters, so try a softmax of what you return.""",
    replace("apply_temperature", ".to(logits.dtype)", ".softmax(dim=-1).to(logits.dtype)"),
)

tempered_in_place = mistake(
    """You write into the logits you were given. Whoever called you wants to use them again: look for /= and for
    functions that end in an underscore.""",
    replace("apply_temperature", "    # Impossible", "    logits.div_(temperature)\n    # Impossible"),
)

tempered_to_float32 = mistake(
    """Your tempered logits come back as float32, whatever came in. Computing in float32 is right for half precision;
    the result should go back to the dtype of the logits.""",
    replace("apply_temperature", ".to(logits.dtype)", ".float()"),
)

zero_divided = mistake(
    """At temperature 0 you divide by 0: the highest logit becomes NaN or infinite, and the softmax of such a row is
    NaN from end to end. The limit makes sense: give it a line of its own.""",
    replace("apply_temperature", "if temperature < torch.finfo(below.dtype).tiny:", "if temperature < 0:"),
)

zero_refused = mistake(
    """You refuse temperature 0. Dividing by it is impossible, but the limit makes sense, and it is what everybody
    means by 0: give it a line of its own.""",
    replace("apply_temperature", "not temperature >= 0", "not temperature > 0"),
)

zero_means_off = mistake(
    """At temperature 0 your distribution is that of temperature 1. It is the coldest of all, not "no temperature":
    all goes to the highest logits.""",
    replace("apply_temperature", "torch.zeros_like(logits).masked_fill(below < 0, -torch.inf)", "logits"),
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

small_overflows = mistake(
    """Your logits leave the range of float16 when the temperature is small: 8 / 0.0001 is infinite there, and the
    softmax of such a row is NaN. Take the row's highest logit off before you divide.""",
    replace("apply_temperature", "(below / temperature)", "(logits / temperature)"),
)

nan_at_infinity = mistake(
    """At an infinite temperature your impossible tokens get -inf / inf, which is NaN. They stay impossible,
    however hot it is: try a row with a logit of -inf.""",
    replace("apply_temperature", ".masked_fill(below == -torch.inf, -torch.inf)", ""),
)

impossible_at_infinity = mistake(
    """At an infinite temperature your impossible tokens are as probable as all others. A logit of -inf stays -inf,
    however hot it is.""",
    replace(
        "apply_temperature",
        ".masked_fill(below == -torch.inf, -torch.inf)",
        ".masked_fill(below == -torch.inf, 0.0 if temperature == torch.inf else -torch.inf)",
    ),
)

any_temperature = mistake(
    """Not every bad temperature gets a ValueError from you: try -1, and NaN, with which no comparison is true. Ask
    for what you want and refuse the rest. An assert raises another error, and vanishes under `python -O`.""",
    replace("apply_temperature", "not temperature >= 0", "False"),
)
