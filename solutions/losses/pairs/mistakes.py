"""What students get wrong in bce_with_logits and info_nce."""

from check import also, mistake, replace

LOSSES = "losses = y * F.softplus(-z) + (1 - y) * F.softplus(z)"
BOTH = "(cross_entropy(scores, own) + cross_entropy(scores.T, own)) / 2"
LAST = f"    own = torch.arange(len(scores), device=scores.device)\n    return {BOTH}"

sigmoid_then_log = mistake(
    """Far out your loss or its gradient is inf or NaN: a sigmoid has become 0 there, whose logarithm is -inf, or an exp
    has become too large, also where torch.where does not choose it. Begin from the logit, -ln σ(z) = ln(1 + exp(-z)), and use a function that is safe for every z.""",
    replace("bce_with_logits", LOSSES, "losses = -y * z.sigmoid().log() - (1 - y) * (1 - z.sigmoid()).log()"),
)

probability_held_off = mistake(
    """You hold a probability away from 0 before its logarithm, by a small number that you add, a clamp, or torch's own
    binary_cross_entropy. So far out the loss stops growing, and the gradient is 0 just where the model is most wrong: begin
    from the logit.""",
    replace(
        "bce_with_logits",
        LOSSES,
        "losses = -y * (z.sigmoid() + 1e-8).log() - (1 - y) * (1 - z.sigmoid() + 1e-8).log()",
    ),
)

bce_summed = mistake(
    """You return a sum of losses, over everything or over all but the first axis. The mean is asked for: divide by the
    number of all targets.""",
    replace("bce_with_logits", " / max(losses.numel(), 1)", ""),
)
bce_summed_but_for_rows = also(bce_summed, replace("bce_with_logits", "losses.numel()", "len(losses)"))

no_sigmoid = mistake(
    """You take logits for probabilities. They are any numbers: σ(z) is the probability, and the loss is -ln σ(z) or
    -ln(1 - σ(z)).""",
    replace("bce_with_logits", LOSSES, 'losses = F.binary_cross_entropy(z, y, reduction="none")'),
)

zeros_cost_nothing = mistake(
    """Only targets of 1 cost anything in your loss, so a model that always says yes has none. A target of 0 costs
    -ln(1 - p).""",
    replace("bce_with_logits", LOSSES, "losses = y * F.softplus(-z)"),
)

corner_at_zero = mistake(
    """Your value is right, but at a logit of exactly 0 the slope is not ½ - y: clamp, relu and abs have a corner
    there. softplus, logsigmoid and logaddexp have none.""",
    replace("bce_with_logits", LOSSES, "losses = z.clamp(min=0) - z * y + (-z.abs()).exp().log1p()"),
)
corner_of_relu = also(
    corner_at_zero,
    replace("bce_with_logits", LOSSES, "losses = z.relu() - z * y + (-z.abs()).exp().log1p()"),
)

hard_targets_only = mistake(
    """You take each target for 0 or 1. It may be 0.3, which stands for 0.3 of the one loss and 0.7 of the other.""",
    replace("bce_with_logits", LOSSES, "losses = torch.where(y == 1, F.softplus(-z), F.softplus(z))"),
)
halves_up = also(
    hard_targets_only,
    replace("bce_with_logits", LOSSES, "losses = torch.where(y > 0.5, F.softplus(-z), F.softplus(z))"),
)

one_direction = mistake(
    """You ask each query for its key, but not each key for its query. The second loss is the same, of the transposed
    scores; take the mean of both.""",
    replace("info_nce", BOTH, "cross_entropy(scores, own)"),
)

not_normalised = mistake(
    """You use the rows as they come, so long ones win. The scores are cosines: divide each row by its length
    first.""",
    replace("info_nce", "both / lengths.masked_fill(lengths == 0, 1.0)", "both"),
)

times_temperature = mistake(
    """You do not divide the cosines by the temperature itself: you multiply by it, or take exp of it as if it were a
    logarithm. A small temperature makes the choice sharper, as in sampling.""",
    replace("info_nce", "q @ k.T / temperature", "q @ k.T * temperature"),
)
times_exp_of_temperature = also(
    times_temperature, replace("info_nce", "/ temperature", "* math.exp(temperature)")
)
by_exp_of_temperature = also(
    times_temperature, replace("info_nce", "/ temperature", "/ math.exp(temperature)")
)

positive_left_out = mistake(
    """Only the wrong pairs are in your denominator. The right one belongs there too, or its quotient is no
    probability: with B = 1 the loss is 0.""",
    replace(
        "info_nce",
        LAST,
        "    right, others = scores.diag(), scores.masked_fill(torch.eye(len(scores)) > 0, -torch.inf)\n"
        "    return (others.logsumexp(0) + others.logsumexp(1) - 2 * right).mean() / 2",
    ),
)

right_pairs_alone = mistake(
    """Your loss sees the right pairs alone: it is minus the mean of their scores, and nothing pushes the wrong ones away.
    Each query has to find its key among all, by a cross-entropy over the row.""",
    replace("info_nce", LAST, "    return -scores.diag().mean()"),
)

own_kind_too = mistake(
    """You let each query choose among the other queries as well, and each key among the other keys. A query chooses among
    the B keys alone.""",
    replace(
        "info_nce",
        LAST,
        "    rows = torch.cat([q, k])\n"
        "    scores = (rows @ rows.T / temperature).fill_diagonal_(-torch.inf)\n"
        "    return cross_entropy(scores, torch.arange(len(rows)).roll(len(q)))",
    ),
)

both_added = mistake(
    """You add the losses of the two directions. The result is their mean: halve it.""",
    replace("info_nce", BOTH, BOTH.removesuffix(" / 2")),
)

nan_for_zero_row = mistake(
    """A row of zeros is divided by its length, 0, and becomes NaN. It has no direction and stays as it is: see to it
    that nothing is divided by 0.""",
    replace("info_nce", "lengths.masked_fill(lengths == 0, 1.0)", "lengths"),
)

any_temperature = mistake(
    """You do not refuse every bad temperature, 0, negative or NaN, with a ValueError. Every comparison with NaN is False,
    `temperature <= 0` too, and assert raises another error: ask whether it is right, and refuse all else.""",
    replace("info_nce", "not temperature > 0", "False"),
)
nan_is_a_temperature = also(any_temperature, replace("info_nce", "not temperature > 0", "temperature <= 0"))
asserted_temperature = also(
    any_temperature,
    replace("info_nce", 'ValueError(f"temperature={temperature} must be greater than 0")', "AssertionError"),
)
