"""What students get wrong in left_pad, left_positions and left_mask."""

from check import mistake, replace

ROW = "[*[pad] * (T - len(prompt)), *prompt]"
LENGTHS = "torch.tensor([len(prompt) for prompt in prompts])"
POSITIONS = "(torch.arange(T, device=lengths.device) - (T - lengths[:, None])).clamp(min=0)"
CAUSAL = "s <= s[S - T :, None]"
REAL = "s >= T0 - lengths[:, None]"

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

pad_taken_for_padding = mistake(
    """You count the tokens that are not `pad`. Its id may be a real token's, too, and a prompt may hold it: the lengths of
    the lists say what is real.""",
    replace("left_pad", LENGTHS, "(torch.tensor(rows) != pad).sum(dim=-1)"),
)

padding_counted_as_positions = mistake(
    """You count positions from the beginning of the row, padding included. The first real token stands at 0: else a text
    has other positions in a batch than alone.""",
    replace("left_positions", POSITIONS, "torch.arange(T).expand(len(lengths), T)"),
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

mask_hides_the_right = mistake(
    """Your mask hides what stands behind the first `length` places, as where the padding is on the right. Here it is on the
    left.""",
    replace("left_mask", REAL, "s < lengths[:, None]"),
    forgiven=False,  # a batch that does not see its new tokens is easy
)

future_seen = mistake(
    """Your mask hides the padding, but not the future: a token sees those that come after it.""",
    replace("left_mask", "causal_TS & ", "(causal_TS | True) & "),
)

padding_seen = mistake(
    """Your mask hides the future, but not the padding.""",
    replace("left_mask", "causal_TS & real_BS[:, None, :]", "causal_TS & (real_BS | True)[:, None, :]"),
)

mask_of_the_last_keys = mistake(
    """You count from the end of all S keys, so that with every new token one more real one of the prompt is hidden. The
    padding is the first T0 - length keys, however many come later.""",
    replace("left_mask", REAL, "s >= S - lengths[:, None]"),
)

causal_from_the_front = mistake(
    """You take the T new tokens for the first of the S places. They are the last T: query t stands at place S - T + t.""",
    replace("left_mask", CAUSAL, "s <= s[:T, None]"),
    forgiven=False,  # as above
)

padding_sees_itself = mistake(
    """Your padding sees itself. It sees nothing at all: its rows of the mask are all False.""",
    replace(
        "left_mask",
        "causal_TS & real_BS[:, None, :]",
        "causal_TS & real_BS[:, None, :] | (s == s[S - T :, None])",
    ),
)
