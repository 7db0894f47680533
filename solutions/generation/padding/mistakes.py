"""What students get wrong in left_pad, left_positions and left_mask."""

from check import also, mistake, replace

ROW = "[*[pad] * (T - len(prompt)), *prompt]"
LENGTHS = "torch.tensor([len(prompt) for prompt in prompts])"
POSITIONS = "(torch.arange(T, device=lengths.device) - (T - lengths[:, None])).clamp(min=0)"
CAUSAL = "s <= s[S - T :, None]"
REAL = "s >= T0 - lengths[:, None]"
RETURNED = "(causal_TS & real_BS[:, None, :])[:, None]"

padded_on_the_right = mistake(
    """You pad on the right. Pad on the left, so that the newest tokens of all rows stand together at the end, where
    the next ones go.""",
    replace("left_pad", ROW, "[*prompt, *[pad] * (T - len(prompt))]"),
)

zeros_on_the_right = also(
    padded_on_the_right, replace("left_pad", ROW, "[*prompt, *[0] * (T - len(prompt))]")
)

zero_for_padding = mistake(
    """You fill up with another number, such as 0. The id of the padding is `pad`.""",
    replace("left_pad", "[pad]", "[0]"),
)
minus_one_for_padding = also(zero_for_padding, replace("left_pad", "[pad]", "[-1]"))

pad_taken_for_padding = mistake(
    """Your lengths are not those of the prompts before the padding. Count each list: what is `pad` in a row may be a
    real token.""",
    replace("left_pad", LENGTHS, "(torch.tensor(rows) != pad).sum(dim=-1)"),
)
lengths_of_the_padding = also(
    pad_taken_for_padding,
    replace("left_pad", LENGTHS, "torch.tensor([T - len(prompt) for prompt in prompts])"),
)

tensors_of_another_kind = mistake(
    """Your tokens or lengths are not the tensors that are asked for. Both are int64: tokens (B, T), lengths (B,), no mask
    of what is real.""",
    replace("left_pad", "torch.tensor(rows)", "torch.tensor(rows).float()"),
    forgiven=False,  # a batch that cannot be read is easy
)
lengths_in_a_column = also(tensors_of_another_kind, replace("left_pad", LENGTHS, f"{LENGTHS}[:, None]"))
lengths_with_a_point = also(tensors_of_another_kind, replace("left_pad", LENGTHS, f"{LENGTHS}.float()"))
mask_for_lengths = also(
    tensors_of_another_kind,
    replace(
        "left_pad",
        LENGTHS,
        "torch.tensor([[i >= T - len(prompt) for i in range(T)] for prompt in prompts]).long()",
    ),
)

padding_counted_as_positions = mistake(
    """You do not count positions from the first real token, which stands at 0, behind T - length of padding. Else a text
    has other positions in a batch than alone.""",
    replace("left_positions", POSITIONS, "torch.arange(T).expand(len(lengths), T)"),
)
length_taken_for_padding = also(
    padding_counted_as_positions, replace("left_positions", "(T - lengths[:, None])", "lengths[:, None]")
)

positions_from_one = mistake(
    """Your real tokens stand one place too far on, or one too early. The first is at position 0, the next at 1.""",
    replace("left_positions", "(T - lengths[:, None])", "(T - 1 - lengths[:, None])"),
)

negative_positions = mistake(
    """Your padding does not stand at position 0. Below 0 an embedding has no row or takes one from its end; 1, as some
    libraries have it, is a real token's.""",
    replace("left_positions", ".clamp(min=0)", ""),
)
padding_at_one = also(
    negative_positions,
    replace(
        "left_positions", POSITIONS, f"{POSITIONS}.masked_fill(torch.arange(T) < T - lengths[:, None], 1)"
    ),
)

mask_hides_the_right = mistake(
    """Your mask hides other keys than the padding. That is just the first T0 - length of all S: T0 counts the places of
    the prompts, however many tokens a pass reads or come later.""",
    replace("left_mask", REAL, "s < lengths[:, None]"),
    forgiven=False,  # a batch that does not see its new tokens is easy
)
mask_of_the_last_keys = also(mask_hides_the_right, replace("left_mask", REAL, "s >= S - lengths[:, None]"))
mask_of_the_new_ones = also(mask_hides_the_right, replace("left_mask", REAL, "s >= T - lengths[:, None]"))
one_too_many_hidden = also(mask_hides_the_right, replace("left_mask", REAL, "s > T0 - lengths[:, None]"))
future_seen = mistake(
    """The padding is hidden, but not just what comes later: a token sees itself and what stands before it, nothing
    behind.""",
    replace("left_mask", "causal_TS & ", "(causal_TS | True) & "),
)
itself_hidden = also(future_seen, replace("left_mask", CAUSAL, "s < s[S - T :, None]"))

padding_seen = mistake(
    """The future is hidden, but not the padding: it has to be hidden in every pass.""",
    replace("left_mask", "causal_TS & real_BS[:, None, :]", "causal_TS & (real_BS | True)[:, None, :]"),
)


true_for_hidden = mistake(
    """Your mask, or its part for the padding, is the wrong way round. True = may look.""",
    replace("left_mask", RETURNED, "~(causal_TS & real_BS[:, None, :])[:, None]"),
    forgiven=False,  # as above
)

padding_alone_marked = also(
    true_for_hidden, replace("left_mask", RETURNED, "(causal_TS & ~real_BS[:, None, :])[:, None]")
)

future_alone_marked = also(
    true_for_hidden,
    replace("left_mask", RETURNED, "(~causal_TS & (real_BS | True)[:, None, :])[:, None]"),
)
right_padding_alone_marked = also(
    true_for_hidden,
    replace("left_mask", REAL, "s < lengths[:, None]"),
    replace("left_mask", RETURNED, "((causal_TS | True) & ~real_BS[:, None, :])[:, None]"),
)

mask_of_numbers = mistake(
    """Your mask has another form than the one that is asked for. It is boolean, and has an axis for the heads: (B, 1,
    T, S).""",
    replace("left_mask", RETURNED, f"{RETURNED}.float()"),
)
no_axis_of_heads = also(mask_of_numbers, replace("left_mask", RETURNED, "causal_TS & real_BS[:, None, :]"))

mask_to_be_added = mistake(
    mask_of_numbers.hint,
    replace("left_mask", RETURNED, f"{RETURNED}.float().log()"),
    forgiven=False,  # sums with -inf in them are all alike
)
future_to_be_added = also(
    mask_to_be_added,
    replace("left_mask", RETURNED, "(causal_TS & (real_BS | True)[:, None, :])[:, None].float().log()"),
)

causal_from_the_front = mistake(
    """You take the T new tokens for the first of the S places. They are the last T: query t stands at place S - T +
    t.""",
    replace("left_mask", CAUSAL, "s <= s[:T, None]"),
    forgiven=False,  # a batch that does not see its new tokens is easy
)

padding_sees_itself = mistake(
    """Your padding sees something: itself, or whatever else. Its rows of the mask are all False.""",
    replace(
        "left_mask",
        "causal_TS & real_BS[:, None, :]",
        "causal_TS & real_BS[:, None, :] | (s == s[S - T :, None])",
    ),
)
