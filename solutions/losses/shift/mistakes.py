"""What students get wrong in next_token_loss."""

from check import also, mistake, replace

TARGETS, SHIFTED = "targets = tokens[:, 1:]", "cross_entropy(logits[:, :-1], targets)"
LEFT_OUT = "targets.masked_fill(~keep[:, 1:], IGNORED)"

no_shift = mistake(
    """You ask each position for the token that it has just read. The logits at t are asked for token t + 1: drop the
    last position of the logits and the first of the tokens.""",
    replace("next_token_loss", TARGETS, "targets = tokens"),
    replace("next_token_loss", SHIFTED, "cross_entropy(logits, targets)"),
    replace("next_token_loss", "~keep[:, 1:]", "~keep"),
)

shifted_back = mistake(
    """You shift the wrong way: each position is asked for the token before it. The logits lose their last position,
    the tokens their first.""",
    replace("next_token_loss", TARGETS, "targets = tokens[:, :-1]"),
    replace("next_token_loss", "~keep[:, 1:]", "~keep[:, :-1]"),
    replace("next_token_loss", SHIFTED, "cross_entropy(logits[:, 1:], targets)"),
)

shifted_twice = mistake(
    """You ask position t for token t + 2. It looks as if something is shifted that is shifted already: count, for the
    card's example, which token each position is asked for.""",
    replace("next_token_loss", TARGETS, "targets = tokens[:, 2:]"),
    replace("next_token_loss", "~keep[:, 1:]", "~keep[:, 2:]"),
    replace("next_token_loss", SHIFTED, "cross_entropy(logits[:, :-2], targets)"),
)

rolled = mistake(
    """Your last position is asked for the first token: roll brings it round to the end. The last position is asked
    for nothing, so drop it.""",
    replace("next_token_loss", TARGETS, "targets = tokens.roll(-1, dims=1)"),
    replace("next_token_loss", "~keep[:, 1:]", "~keep.roll(-1, dims=1)"),
    replace("next_token_loss", SHIFTED, "cross_entropy(logits, targets)"),
)

rows_run_together = mistake(
    """You flatten the batch before you shift, so the end of one text is asked for the beginning of the next. Shift
    along the time axis first.""",
    replace("next_token_loss", TARGETS, "targets = tokens.flatten()[1:]"),
    replace("next_token_loss", "~keep[:, 1:]", "~keep.flatten()[1:]"),
    replace("next_token_loss", SHIFTED, "cross_entropy(logits.flatten(0, 1)[:-1], targets)"),
)

mask_not_shifted = mistake(
    """You use the mask of what is read, not of what is asked for: with keep[:, :-1] the first token of the padding
    counts, and what follows a hole does not. keep belongs to the targets, so it is cut as they are.""",
    replace("next_token_loss", "~keep[:, 1:]", "~keep[:, :-1]"),
)

mask_of_both = mistake(
    """You count a token only where the one before it counts too. keep says which targets count, whatever they are predicted
    from: the first word of an answer counts, though the prompt before it does not.""",
    replace("next_token_loss", "~keep[:, 1:]", "~(keep[:, 1:] & keep[:, :-1])"),
)

rows_averaged_first = mistake(
    """You take a mean of means, of each text or of each position, so a token among two counts as much as fifty among a
    hundred. Each token counts the same: take one mean over all of them.""",
    replace(
        "next_token_loss",
        SHIFTED,
        "torch.stack([cross_entropy(row[:-1], asked) for row, asked in zip(logits, targets)]).mean()",
    ),
)

positions_averaged_first = also(
    rows_averaged_first,
    replace(
        "next_token_loss",
        SHIFTED,
        "torch.stack([cross_entropy(logits[:, t], asked) for t, asked in enumerate(targets.T)"
        " if (asked != IGNORED).any()]).mean()",
    ),
)

summed_over_time = mistake(
    """You add up the losses of a text's tokens and average over the texts alone, so a long text costs more. The mean over
    all tokens that count is asked for.""",
    replace("next_token_loss", SHIFTED, f"{SHIFTED} * (targets != IGNORED).sum() / len(targets)"),
)

keep_ignored = mistake(
    """You do not use keep, so padding and prompts count as well. Where keep is False, no token is a target: write
    ignore_index over it.""",
    replace("next_token_loss", LEFT_OUT, "targets"),
)

keep_turned = mistake(
    """You leave out what keep wants and count the rest. keep is True for the tokens that count.""",
    replace("next_token_loss", "~keep[:, 1:]", "keep[:, 1:]"),
)

view_of_a_slice = mistake(
    """You give view what a slice along the time axis leaves. It does not take that, since its rows no longer follow each other in
    memory. Use reshape, or flatten.""",
    replace(
        "next_token_loss", "logits[:, :-1], targets", "logits[:, :-1].view(-1, logits.size(-1)), targets"
    ),
)
