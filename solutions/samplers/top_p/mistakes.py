"""What goes wrong in the exercise top_p."""

from check import mistake, replace

border_token_dropped = mistake(
    """The token with which p is reached is missing from your nucleus, so what you keep falls short of p. Look at
    the sum before each token, not at the sum with it.""",
    replace("keep_top_p", "probs.cumsum(dim=-1) - probs < p", "probs.cumsum(dim=-1) < p"),
)

listing_top_p = mistake(
    """You keep tokens while the sum with them is below p, so the one that reaches p is missing, and nothing is left
    where the first does so alone. Look at the sum before each token.""",
    replace("keep_top_p", "probs.cumsum(dim=-1) - probs < p", "probs.cumsum(dim=-1) < p"),
    replace("keep_top_p", "    inside[..., :1] = True\n", ""),
)

one_token_too_many = mistake(
    """When your tokens reach p exactly, you take one more. The smallest set that reaches p is complete then: try
    p = 0.5 on two equal logits.""",
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

not_sorted_back = mistake(
    """You decide in sorted order and mask in the order of the vocabulary, so the wrong tokens go. The decision about
    the n-th most probable token belongs to that token: scatter it back to where it came from.""",
    replace("keep_top_p", "~torch.zeros_like(inside).scatter(-1, order, inside)", "~inside"),
)

p_zero_means_off = mistake(
    """Your p = 0 leaves the logits as they are. It is the smallest p of all, not "no top-p": what is the smallest
    set that reaches 0 and is not empty?""",
    replace("keep_top_p", "(p == 1)", "(p in (0, 1))"),
)

rounded_at_one = mistake(
    """At p = 1 your improbable tokens are gone: a running sum rounds to 1 before it has come to them. p = 1 means
    everything, so give it half a line of its own.""",
    replace("keep_top_p", "torch.float64", "torch.float32"),
    replace("keep_top_p", " | (p == 1)", ""),
)

any_p = mistake(
    """You accept a p below 0 or above 1, or NaN. p is a probability: refuse what cannot be one, with the error that
    the docstring promises.""",
    replace("keep_top_p", "not 0 <= p <= 1", "False"),
)

nucleus_in_half_precision = mistake(
    """You add up the probabilities in half precision. With 4096 tokens the running sum soon stops growing, and never
    reaches p: look at the dtype of your cumsum.""",
    replace(
        "keep_top_p",
        "dtype=torch.float64",
        "dtype=torch.float64 if logits.dtype == torch.float32 else logits.dtype",
    ),
)

p_in_place = mistake(
    """Your nucleus is right, but you write it into the logits you were given. Whoever called you wants to use them
    again: look for an assignment to logits[…] and for functions that end in an underscore.""",
    replace("keep_top_p", "logits.masked_fill(", "logits.masked_fill_("),
)
