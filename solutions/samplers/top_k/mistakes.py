"""What goes wrong in the exercise top_k."""

from check import mistake, redefine, replace

SCATTERED = "torch.full_like(logits, -torch.inf).scatter(-1, kept, logits.gather(-1, kept))"

zero_for_the_others = mistake(
    """You set the logits that go to 0. A logit of 0 is quite probable, more so than the negative ones that stay.
    Which logit has probability zero?""",
    replace("keep_top_k", "-torch.inf", "0.0"),
)

large_negative_number = mistake(
    """You set what goes to a large negative number. To the next filter it looks like any other logit, and float16
    has no -1e9: look for a number that exists in every dtype and has probability zero.""",
    replace("keep_top_k", "-torch.inf", "torch.finfo(logits.dtype).min"),
)

k_columns = mistake(
    """You return the k highest logits by themselves, (B, k), so nobody can tell which tokens they belong to. Print
    your result's shape.""",
    replace("keep_top_k", SCATTERED, "logits.gather(-1, kept)"),
    forgiven=False,  # the library does all of it
)


@redefine("keep_top_k")
def threshold_without_axis(logits, k):
    """You compare (B, V) with the (B,) lowest logits that stay. They need a second axis, (B, 1), so that each row is
    compared with its own: keep the last axis when you take the k-th."""
    if k < 1:
        raise ValueError(f"k={k} must be at least 1")
    border = logits.topk(min(k, logits.shape[-1]), dim=-1).values[..., -1]
    return logits.masked_fill(logits < border, -torch.inf)


everything_hidden = mistake(
    """All that you return is -inf, the k highest logits too. Look which way round your mask is: masked_fill hides
    where it is True, so a mask that starts with ones needs False at the places that stay.""",
    replace("keep_top_k", SCATTERED, "torch.full_like(logits, -torch.inf)"),
)

k_in_place = mistake(
    """Your keep_top_k writes into the logits that it was given. Whoever called you wants to use them again: look
    for an assignment to logits[…] and for functions that end in an underscore, and start from a copy.""",
    replace("keep_top_k", SCATTERED, f"logits.copy_({SCATTERED})"),
)

k_to_float32 = mistake(
    """Your logits come back as float32 where half precision came in. Nothing is computed here, so nothing needs more
    digits: leave the dtype as it is.""",
    replace("keep_top_k", SCATTERED, f"{SCATTERED}.float()"),
)


@redefine("keep_top_k")
def ties_kept(logits, k):
    """You keep everything that is at least as high as the k-th logit, so ties at the border all stay and more
    than k survive. Try k=1 on a row of zeros."""
    if k < 1:
        raise ValueError(f"k={k} must be at least 1")
    border = logits.topk(min(k, logits.shape[-1]), dim=-1).values[..., -1:]
    return logits.masked_fill(logits < border, -torch.inf)


others_of_equals_kept = mistake(
    """Of equal logits you keep others than the first. torch.topk promises no order among equals, and neither does a
    sort without stable=True: with forty tokens it shows, with four it may not.""",
    replace("keep_top_k", "descending=True, stable=True)[..., :k]", "stable=True)[..., -k:]"),
)

k_above_v_fails = mistake(
    """You fail when k is larger than the vocabulary. There are not that many logits to find: what should be kept
    then?""",
    replace("keep_top_k", "    kept = ", "    logits.topk(k, dim=-1)\n    kept = "),
)

any_k = mistake(
    """Not every k below 1 gets a ValueError from you: try 0, with which nothing is left to draw from, and -1. Look at
    which error the docstring promises. An assert raises another one, and vanishes under `python -O`.""",
    replace("keep_top_k", "k < 1", "False"),
)
