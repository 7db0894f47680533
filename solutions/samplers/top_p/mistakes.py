"""What goes wrong in the exercise top_p."""

from check import mistake, replace

border_token_dropped = mistake(
    """The token with which p is reached is missing from your nucleus, so what you keep falls short of p. Look at
    the sum before each token, not at the sum with it.""",
    replace("keep_top_p", "probs.cumsum(dim=-1) - probs < p", "probs.cumsum(dim=-1) <= p"),
)

not_sorted_back = mistake(
    """You decide in sorted order and mask in the order of the vocabulary, so the wrong tokens go. The decision about
    the n-th most probable token belongs to that token: scatter it back to where it came from.""",
    replace("keep_top_p", "~torch.zeros_like(inside).scatter(-1, order, inside)", "~inside"),
)

large_negative_rest = mistake(
    """You set what goes to a large negative number. To the next filter it looks like any other logit: only -inf has
    probability zero whatever comes after, and it exists in every dtype.""",
    replace("keep_top_p", "-torch.inf", "torch.finfo(logits.dtype).min"),
)

p_in_place = mistake(
    """Your keep_top_p writes into the logits that it was given. Whoever called you wants to use them again: look
    for an assignment to logits[…] and for functions that end in an underscore, and start from a copy.""",
    replace("keep_top_p", "logits.masked_fill(", "logits.masked_fill_("),
)

one_token_too_many = mistake(
    """When your tokens reach p exactly, you take one more. The smallest set that reaches p is complete then: try
    p = 0.5 on two equal logits, and look whether you compare with > or with >=.""",
    replace("keep_top_p", "- probs < p", "- probs <= p"),
)

ties_in_the_nucleus = mistake(
    """You keep every token that is as probable as the last one of the nucleus. Of equals only as many stay as it
    takes to reach p: try p = 0.5 on a row of equal logits.""",
    replace(
        "keep_top_p",
        "~torch.zeros_like(inside).scatter(-1, order, inside)",
        "logits < highest.masked_fill(~inside, torch.inf).amin(dim=-1, keepdim=True)",
    ),
)

others_in_the_nucleus = mistake(
    """Of equal logits you keep others than the first. A sort promises no order among equals without stable=True: with
    forty tokens it shows, with four it may not.""",
    replace(
        "keep_top_p",
        "logits.sort(dim=-1, descending=True, stable=True)",
        "(part.flip(-1) for part in logits.sort(dim=-1, stable=True))",
    ),
)

p_zero_means_off = mistake(
    """Your p = 0 leaves the logits as they are. It is the smallest p of all, not "no top-p": what is the smallest
    set that reaches 0 and is not empty?""",
    replace("keep_top_p", "(p == 1)", "(p in (0, 1))"),
)

p_zero_refused = mistake(
    """You refuse p = 0. It is the smallest p of all, and keeps the most probable token: only what is below 0, above 1
    or NaN is refused.""",
    replace("keep_top_p", "not 0 <= p <= 1", "not 0 < p <= 1"),
)

rounded_at_one = mistake(
    """At p = 1 your improbable tokens are gone: a running sum rounds to 1 before it has come to them. p = 1 means
    everything, so give it half a line of its own.""",
    replace("keep_top_p", "torch.float64", "torch.float32"),
    replace("keep_top_p", " | (p == 1)", ""),
)

any_p = mistake(
    """Not every p that is no probability gets a ValueError from you: try -0.1, 1.1, and NaN, with which no comparison
    is true. An assert raises another error, and vanishes under `python -O`.""",
    replace("keep_top_p", "not 0 <= p <= 1", "False"),
)

nucleus_in_half_precision = mistake(
    """You add up the probabilities in half precision. Its numbers near 1 lie as far apart as several of 4096 equal
    tokens, so the sums are rounded, and p with them: look at the dtype of your softmax.""",
    replace(
        "keep_top_p",
        "dtype=torch.float64",
        "dtype=torch.float64 if logits.dtype == torch.float32 else logits.dtype",
    ),
)
