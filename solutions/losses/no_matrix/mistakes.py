"""What students get wrong in linear_cross_entropy."""

from check import also, mistake, redefine, replace

LINEAR = "linear_cross_entropy"


@redefine("linear_cross_entropy")
def whole_logits(hidden, weight, targets, chunk=1024):
    """Your values are right, but somewhere all N · V logits, or their probabilities, exist at once, which is just
    what this exercise avoids. Do all of it, gradients too, for one chunk of rows before you begin the next."""
    wide = torch.promote_types(hidden.dtype, torch.float32)
    hidden, weight = hidden.to(wide), weight.to(wide)
    log_p = (hidden @ weight.T).log_softmax(dim=-1)
    one_hot = torch.nn.functional.one_hot(targets, len(weight))
    d_logits = (log_p.exp() - one_hot) / len(hidden)
    return -(log_p * one_hot).sum() / len(hidden), d_logits @ weight, d_logits.T @ hidden


last_chunk_dropped = mistake(
    """What is left over after the last whole chunk is missing. With 7 rows and chunks of 3, where does your loop
    stop?""",
    replace(LINEAR, "range(0, len(hidden), chunk)", "range(0, len(hidden) // chunk * chunk, chunk)"),
    replace(LINEAR, "torch.empty_like(hidden)", "torch.zeros_like(hidden)"),
)

chunk_means_averaged = mistake(
    """You average the means of the chunks, but the last chunk can be shorter. Add up sums, and divide by N once.""",
    replace(
        LINEAR,
        ".sum() / len(hidden)",
        ".mean() / -(-len(hidden) // chunk)",
    ),
)

weight_gradient_of_last_chunk = mistake(
    """Your gradient by the weight is that of the last chunk: each chunk overwrites what came before. All rows meet
    the same weight, so their gradients add up.""",
    replace(LINEAR, "d_weight += ", "d_weight = "),
)

one_hot_forgotten = mistake(
    """You multiply the probabilities on, but the gradient of a logit is p - y: take 1 off at the target.""",
    replace(
        LINEAR, "d_logits.scatter_add_(-1, own, torch.full_like(own, -1, dtype=wide)).div_", "d_logits.div_"
    ),
)

gradient_not_divided = mistake(
    """Your gradients are those of the sum of the losses. The loss is a mean over N rows, so its gradients are divided
    by N as well.""",
    replace(LINEAR, ".div_(len(hidden))", ""),
)

gradient_divided_by_the_chunk = mistake(
    """You divide each chunk's gradient by the rows of the chunk. The mean is over all N rows: divide by N.""",
    replace(LINEAR, ".div_(len(hidden))", ".div_(len(own))"),
)
gradient_of_the_mean_of_means = also(
    gradient_divided_by_the_chunk,
    replace(LINEAR, ".div_(len(hidden))", ".div_(len(own) * -(-len(hidden) // chunk))"),
)

linear_in_half = mistake(
    """You compute, or return, half precision. Its three digits are too few for sums over vocabulary and rows: widen
    hidden and weight before you begin, not what comes of them, and return what you then have.""",
    replace(LINEAR, "torch.promote_types(hidden.dtype, torch.float32)", "hidden.dtype"),
)
logits_in_half = also(
    linear_in_half,
    replace(
        LINEAR,
        "hidden, weight = hidden.to(wide), weight.to(wide)",
        "half = hidden.dtype\n    hidden, weight = hidden.to(wide), weight.to(wide)",
    ),
    replace(
        LINEAR,
        "logits = hidden[rows] @ weight.T",
        "logits = (hidden[rows].to(half) @ weight.T.to(half)).to(wide)",
    ),
)
