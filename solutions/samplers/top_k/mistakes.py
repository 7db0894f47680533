"""What goes wrong in the exercise top_k."""

from check import mistake, redefine, replace


@redefine("keep_top_k")
def ties_kept(logits, k):
    """You keep everything that is at least as high as the k-th logit, so ties at the border all stay and more
    than k survive. Try k=1 on a row of zeros."""
    if k < 1:
        raise ValueError(f"k={k} must be at least 1")
    border = logits.topk(min(k, logits.shape[-1]), dim=-1).values[..., -1:]
    return logits.masked_fill(logits < border, -torch.inf)


last_of_equals_kept = mistake(
    """Exactly k survive, but of equal logits you keep the last. The first are asked: look at how your sort orders
    equals.""",
    replace("keep_top_k", "descending=True, stable=True)[..., :k]", "stable=True)[..., -k:]"),
)

topk_at_ties = mistake(
    """Exactly k survive, but not always the first of equals: torch.topk promises nothing about ties. Look for a
    sort that does.""",
    replace(
        "keep_top_k",
        "logits.argsort(dim=-1, descending=True, stable=True)[..., :k]",
        "logits.topk(min(k, logits.shape[-1]), dim=-1).indices",
    ),
)

k_above_v_fails = mistake(
    """You fail when k is larger than the vocabulary. There are not that many logits to find: what should be kept
    then?""",
    replace("keep_top_k", "    kept = ", "    logits.topk(k, dim=-1)\n    kept = "),
)

any_k = mistake(
    """You accept a k below 1. With 0 nothing is left to draw from, and a negative k counts from the other end.
    Look at which error the docstring promises.""",
    replace("keep_top_k", "k < 1", "False"),
)

zero_for_the_others = mistake(
    """You set the logits that go to 0. A logit of 0 is quite probable, more so than the negative ones that stay.
    Which logit has probability zero?""",
    replace("keep_top_k", "-torch.inf", "0.0"),
)

minus_1e9 = mistake(
    """You set what goes to a large negative number. To the next filter it looks like any other logit, and float16
    has no such number: look for one that exists in every dtype and has probability zero.""",
    replace("keep_top_k", "-torch.inf", "-1e9"),
)

k_columns = mistake(
    """You return the k highest logits by themselves, (B, k), so nobody can tell which tokens they belong to. Print
    your result's shape.""",
    replace(
        "keep_top_k",
        "torch.full_like(logits, -torch.inf).scatter(-1, kept, logits.gather(-1, kept))",
        "logits.gather(-1, kept)",
    ),
    forgiven=False,  # the library does all of it
)

k_in_place = mistake(
    """Your top-k is right, but you write it into the logits you were given. Whoever called you wants to use them
    again: look for an assignment to logits[…] and for functions that end in an underscore.""",
    replace(
        "keep_top_k",
        "torch.full_like(logits, -torch.inf).scatter(-1, kept, logits.gather(-1, kept))",
        "logits.copy_(torch.full_like(logits, -torch.inf).scatter(-1, kept, logits.gather(-1, kept)))",
    ),
)
