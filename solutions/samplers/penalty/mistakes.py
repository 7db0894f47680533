"""What goes wrong in the exercise penalty."""

from check import mistake, redefine, replace

CHANGED = "torch.where(logits > 0, logits / penalty, logits * penalty)"
CHOSEN = f"torch.where(seen, {CHANGED}, logits)"

always_divided = mistake(
    """You divide every logit, the negative ones too. That brings them closer to 0, so a token that came before
    becomes more likely: compare the probabilities before and after.""",
    replace("repetition_penalty", CHANGED, "logits / penalty"),
)

exchanged = mistake(
    """You multiply positive logits and divide negative ones. A penalty must lower a logit: which way is down from
    2, and which from -2?""",
    replace("repetition_penalty", "logits > 0", "logits < 0"),
)

subtracted = mistake(
    """You subtract the penalty. That is another rule, the presence or the frequency penalty; here a logit is divided
    or multiplied: look at the example by hand.""",
    replace("repetition_penalty", CHANGED, "logits - penalty"),
)


@redefine("repetition_penalty")
def for_each_occurrence(logits, tokens, penalty):
    """You penalise a token as often as it occurs. Once is asked, however often: try a row that holds the same
    token three times."""
    if not penalty > 0:
        raise ValueError(f"penalty={penalty} must be larger than 0")
    result = logits.clone()
    for row, held in zip(result, tokens.tolist(), strict=True):
        for token in held:
            row[token] = row[token] / penalty if row[token] > 0 else row[token] * penalty
    return result


tokens_of_other_rows = mistake(
    """You penalise every token that any row holds. The rows are texts of their own: try two rows that hold different
    tokens.""",
    replace("repetition_penalty", "scatter(-1, tokens, True)", "index_fill(-1, tokens.flatten(), True)"),
)

blended = mistake(
    """Your impossible tokens become NaN: you multiply by a mask of zeros and ones, and 0 times -inf is NaN. Look for
    something that chooses between two numbers instead of adding them up.""",
    replace("repetition_penalty", CHOSEN, f"seen * {CHANGED} + ~seen * logits"),
)

penalty_in_place = mistake(
    """Your penalty is written into the logits that you were given. Whoever called you wants to use them again:
    look for an assignment to logits[…] and for functions that end in an underscore, and start from a copy.""",
    replace("repetition_penalty", CHOSEN, f"logits.copy_({CHOSEN})"),
)

any_penalty = mistake(
    """Not every bad penalty gets a ValueError from you: try 0, -1, and NaN, with which no comparison is true. Ask for
    what you want and refuse the rest. An assert raises another error and vanishes under `python -O`.""",
    replace("repetition_penalty", "not penalty > 0", "False"),
)

rewards_refused = mistake(
    """You refuse a penalty below 1. It is unusual but makes sense: it rewards what came before. Look at which
    penalties the docstring refuses.""",
    replace("repetition_penalty", "not penalty > 0", "not penalty >= 1"),
)

rewards_left_out = mistake(
    """With a penalty below 1 you change nothing. It is unusual but makes sense: it rewards what came before, by
    the same rule.""",
    replace("repetition_penalty", "    seen = ", "    if penalty <= 1:\n        return logits\n    seen = "),
)
