"""What students get wrong in left_pad, left_positions and left_mask."""

from check import also, mistake, replace

ROW = "[*[pad] * (T - len(prompt)), *prompt]"
LENGTHS = "torch.tensor([len(prompt) for prompt in prompts])"
POSITIONS = "(torch.arange(T, device=lengths.device) - (T - lengths[:, None])).clamp(min=0)"
CAUSAL = "s <= s[S - T :, None]"
REAL = "s >= T0 - lengths[:, None]"
RETURNED = "(causal_TS & real_BS[:, None, :])[:, None]"

padded_on_the_right = mistake(
    """You pad on the right. Pad on the left, so that the newest tokens of all rows stand together at the end, where the
    next ones go.""",
    replace("left_pad", ROW, "[*prompt, *[pad] * (T - len(prompt))]"),
)

lengths_of_the_rows = mistake(
    """Your lengths are those of the rows after the padding, all the same. They are those of the prompts before it: from
    them it is known later what is real.""",
    replace("left_pad", LENGTHS, "torch.tensor([len(row) for row in rows])"),
    forgiven=False,  # without padding a batch is easy
)

prompts_reversed = mistake(
    """Your prompts stand backwards in their rows. Turn each around before you pad it, if you turn the rows.""",
    replace("left_pad", ROW, "[*[pad] * (T - len(prompt)), *reversed(prompt)]"),
)

zero_for_padding = mistake(
    """You fill with 0. The id of the padding is `pad`.""",
    replace("left_pad", ROW, "[*[0] * (T - len(prompt)), *prompt]"),
)

pad_taken_for_padding = mistake(
    """You count the tokens that are not `pad`. Its id may be a real token's, too, and a prompt may hold it: the lengths of
    the lists say what is real.""",
    replace("left_pad", LENGTHS, "(torch.tensor(rows) != pad).sum(dim=-1)"),
)

padding_counted_as_positions = mistake(
    """Positions are counted from the beginning of the row, padding included. The first real token stands at 0: else a
    text has other positions in a batch than alone.""",
    replace("left_positions", POSITIONS, "torch.arange(T).expand(len(lengths), T)"),
)
padding_counted_and_hidden = also(
    padding_counted_as_positions,
    replace("left_positions", POSITIONS, "torch.arange(T) * (torch.arange(T) >= T - lengths[:, None])"),
)

positions_from_one = mistake(
    """Your first real token stands at position 1. Positions count from 0.""",
    replace("left_positions", "(T - lengths[:, None])", "(T - 1 - lengths[:, None])"),
)

negative_positions = mistake(
    """Before the first real token your positions go below 0, where an embedding has no row or takes one from its end.
    Padding stands at 0.""",
    replace("left_positions", ".clamp(min=0)", ""),
)

padding_at_minus_one = also(negative_positions, replace("left_positions", "clamp(min=0)", "clamp(min=-1)"))

positions_as_floats = mistake(
    """Your positions are floating-point numbers. They are int64, since a table is read by them.""",
    replace("left_positions", POSITIONS, f"{POSITIONS}.float()"),
)

padding_at_one = mistake(
    """Your padding stands at position 1, as some libraries have it. Here it stands at 0.""",
    replace(
        "left_positions", POSITIONS, f"{POSITIONS}.masked_fill(torch.arange(T) < T - lengths[:, None], 1)"
    ),
)

mask_hides_the_right = mistake(
    """Your mask hides what stands behind the first `length` places, as where the padding is on the right. Here it is on the
    left.""",
    replace("left_mask", REAL, "s < lengths[:, None]"),
    forgiven=False,  # a batch that does not see its new tokens is easy
)

future_seen = mistake(
    """The padding is hidden, but not the future: a token sees those that come after it.""",
    replace("left_mask", "causal_TS & ", "(causal_TS | True) & "),
)

padding_seen = mistake(
    """The future is hidden, but not the padding: it has to be hidden in every pass.""",
    replace("left_mask", "causal_TS & real_BS[:, None, :]", "causal_TS & (real_BS | True)[:, None, :]"),
)

mask_of_the_last_keys = mistake(
    """With every new token one more real one of the prompt is hidden. The padding is the first T0 - length keys, where T0
    counts the places of the prompts, however many keys come later.""",
    replace("left_mask", REAL, "s >= S - lengths[:, None]"),
)

padding_of_the_pass = mistake(
    """New tokens look at the padding. It stands before the prompts, in rows of T0 places, however many tokens a pass
    reads.""",
    replace("left_mask", REAL, "s >= T - lengths[:, None]"),
)

new_tokens_hidden = mistake(
    """Your mask hides what comes behind the prompts. New tokens are keys, too, for those behind them and for themselves.""",
    replace("left_mask", REAL, "(s >= T0 - lengths[:, None]) & (s < T0)"),
)

itself_hidden = mistake(
    """Your tokens do not see themselves. A token sees the real ones before it and itself.""",
    replace("left_mask", CAUSAL, "s < s[S - T :, None]"),
)

first_real_hidden = mistake(
    """The first real token of each row is hidden. The padding is T0 - length keys: those numbered 0 … T0 - length - 1.""",
    replace("left_mask", REAL, "s > T0 - lengths[:, None]"),
)

true_for_hidden = mistake(
    """Your mask is the wrong way round. True = may look.""",
    replace("left_mask", RETURNED, "~(causal_TS & real_BS[:, None, :])[:, None]"),
)

mask_of_numbers = mistake(
    """Your mask holds numbers. It is boolean, True = may look.""",
    replace("left_mask", RETURNED, f"{RETURNED}.float()"),
)
mask_to_be_added = also(mask_of_numbers, replace("left_mask", RETURNED, f"{RETURNED}.float().log()"))

no_axis_of_heads = mistake(
    """Your mask is (B, T, S). It has an axis for the heads, too: (B, 1, T, S).""",
    replace("left_mask", RETURNED, "causal_TS & real_BS[:, None, :]"),
)

causal_from_the_front = mistake(
    """You take the T new tokens for the first of the S places. They are the last T: query t stands at place S - T + t.""",
    replace("left_mask", CAUSAL, "s <= s[:T, None]"),
    forgiven=False,  # as above
)

padding_sees_itself = mistake(
    """Your padding sees something: itself, or whatever else. Its rows of the mask are all False.""",
    replace(
        "left_mask",
        "causal_TS & real_BS[:, None, :]",
        "causal_TS & real_BS[:, None, :] | (s == s[S - T :, None])",
    ),
)
