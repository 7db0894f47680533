"""What students get wrong in attend."""

from check import also, mistake, replace

ROOT = " / math.sqrt(q.shape[-1])"
SCORES = f"q.to(wide) @ k.to(wide).transpose(-2, -1){ROOT}"
HIDDEN = "scores_BHTS.masked_fill(~mask, torch.finfo(scores_BHTS.dtype).min)"
WEIGHTS = "weights_BHTS = scores_BHTS.softmax(dim=-1).masked_fill(~mask, 0.0)"
NO_ZEROS = replace("attend", ".masked_fill(~mask, 0.0)", "")
LATER = "scores_BHTS.masked_fill(torch.ones(scores_BHTS.shape[-2:]).triu(1) > 0, -torch.inf)"
NO_MASK = """    if mask is None:
        return scores_BHTS.softmax(dim=-1).to(v.dtype) @ v
"""

unscaled = mistake(
    """You do not divide the scores by √K, the root of the head's width q.shape[-1], a number: math.sqrt takes one,
    torch.sqrt wants a tensor. The variance of the scores grows with K, and the softmax shifts the weight: the card's
    example has the scores ln 3 and 0.""",
    replace("attend", ROOT, ""),
)
scaled_by_the_width = also(unscaled, replace("attend", ROOT, " / q.shape[-1]"))
root_of_a_tensor = also(unscaled, replace("attend", ROOT, " / torch.sqrt(q.shape[-1])"))
scaled_by_half_the_width = also(unscaled, replace("attend", ROOT, " / q.shape[-1] ** 1 / 2"))
scaled_by_all_heads = also(unscaled, replace("attend", ROOT, " / math.sqrt(q.shape[1] * q.shape[-1])"))
scaled_by_the_queries = also(unscaled, replace("attend", ROOT, " / math.sqrt(q.shape[-2])"))

softmax_over_another_axis = mistake(
    """Two axes are mixed up. Scores are (B, H, T, S), and S need not be T, so no square mask of your own fits. k.transpose(-2,
    -1) exchanges the last two axes of k and leaves the others, as k.T and bmm do not; a maximum or a sum of a row keeps its axis by keepdim=True; and the softmax runs over the axis of the keys, the last, so that
    the weights of each query sum to 1. Print the shapes of q, k and the scores, and the sums of the weights.""",
    replace("attend", "return scores_BHTS.softmax(dim=-1)", "return scores_BHTS.softmax(dim=-2)"),
    replace(
        "attend", "weights_BHTS = scores_BHTS.softmax(dim=-1)", "weights_BHTS = scores_BHTS.softmax(dim=-2)"
    ),
)
softmax_over_heads = also(
    softmax_over_another_axis,
    replace("attend", "return scores_BHTS.softmax(dim=-1)", "return scores_BHTS.softmax(dim=1)"),
    replace(
        "attend", "weights_BHTS = scores_BHTS.softmax(dim=-1)", "weights_BHTS = scores_BHTS.softmax(dim=1)"
    ),
)
softmax_over_the_axis_called_width = also(
    softmax_over_another_axis,
    replace("attend", "return scores_BHTS.softmax(dim=-1)", "return scores_BHTS.softmax(dim=q.shape[-1])"),
    replace(
        "attend",
        "weights_BHTS = scores_BHTS.softmax(dim=-1)",
        "weights_BHTS = scores_BHTS.softmax(dim=q.shape[-1])",
    ),
)
keys_not_transposed = also(
    softmax_over_another_axis, replace("attend", "k.to(wide).transpose(-2, -1)", "k.to(wide)")
)

not_the_mix_alone = mistake(
    """What you return is not the mix of the values alone. It is one tensor, (B, H, T, K): neither the weights, nor a pair
    that holds them, nor the heads side by side.""",
    replace(
        "attend",
        "return scores_BHTS.softmax(dim=-1).to(v.dtype) @ v",
        "return scores_BHTS.softmax(dim=-1).to(v.dtype) @ v, scores_BHTS.softmax(dim=-1)",
    ),
    replace(
        "attend", "return weights_BHTS.to(v.dtype) @ v", "return weights_BHTS.to(v.dtype) @ v, weights_BHTS"
    ),
)
mask_ignored = mistake(
    """The keys that you hide are not those where the mask is False. masked_fill fills where its own argument
    is True, so it takes ~mask, and it returns a new tensor: do you use what it returns? What the mask leaves open
    stays open: later keys are hidden only if it says so.""",
    replace("attend", "    if mask is None:\n        return", "    return"),
)
mask_turned_around = also(
    mask_ignored,
    replace(
        "attend",
        "masked_fill(~mask, torch.finfo(scores_BHTS.dtype).min)",
        "masked_fill(mask, torch.finfo(scores_BHTS.dtype).min)",
    ),
    NO_ZEROS,
)
later_keys_hidden_instead = also(
    mask_ignored,
    replace(
        "attend", f"{ROOT}\n    if mask is None:\n", f"{ROOT}\n    scores_BHTS = {LATER}\n    if True:\n"
    ),
)
later_keys_hidden_anyway = also(
    mask_ignored,
    replace("attend", ROOT, f"{ROOT}\n    scores_BHTS = {LATER}"),
)

hidden_keys_keep_weight = mistake(
    """A key that the mask hides still gets weight, since its score is not low enough. How low must a score be for
    its weight to be 0, whatever the others are? The mask itself, added or as a factor, is far from that: exp(0) is
    1, and exp(-10) not yet 0.""",
    replace("attend", HIDDEN, "scores_BHTS + mask"),
    NO_ZEROS,
)
hidden_scores_at_zero = also(
    hidden_keys_keep_weight, replace("attend", HIDDEN, "scores_BHTS * mask"), NO_ZEROS
)

hidden_scores_at_minus_100 = also(
    hidden_keys_keep_weight, replace("attend", HIDDEN, "scores_BHTS.masked_fill(~mask, -100)"), NO_ZEROS
)

mask_after_softmax = mistake(
    """You set weights to zero after the softmax, so those that are left no longer sum to 1: print the sum of
    each row, and hide the keys before the softmax shares out the weight.""",
    replace("attend", f"    scores_BHTS = {HIDDEN}\n", ""),
)

mask_as_an_index = mistake(
    """Your mask works in one form only. It may be None: ask `if mask is not None`, since `if mask` asks many numbers at
    once. Else it is boolean, is turned round by ~mask, since there is no 1 - mask, and has any shape that broadcasts:
    masked_fill and torch.where take (T, S) and (B, 1, 1, S) alike, while an index such as scores[~mask], a new axis
    or a bias of one shape does not.""",
    replace("attend", f"scores_BHTS = {HIDDEN}", "scores_BHTS[~mask] = torch.finfo(scores_BHTS.dtype).min"),
)
mask_into_a_bias = also(
    mask_as_an_index,
    replace(
        "attend",
        f"    scores_BHTS = {HIDDEN}",
        "    bias = scores_BHTS.new_zeros(scores_BHTS.shape[-2:]).masked_fill_(~mask, -1e9)\n"
        "    scores_BHTS = scores_BHTS + bias",
    ),
)
mask_with_another_axis = also(
    mask_as_an_index,
    replace(
        "attend", f"    scores_BHTS = {HIDDEN}", f"    mask = mask.unsqueeze(1)\n    scores_BHTS = {HIDDEN}"
    ),
    NO_ZEROS,
)

mask_always_needed = also(mask_as_an_index, replace("attend", NO_MASK, ""))

nan_for_empty_rows = mistake(
    """Where a query may look at nothing you get NaN, in the result or in its gradient: with all its scores at
    -inf, or all its weights at 0, the softmax is 0/0. Keep the NaN from arising: try a score that is low but
    finite, and print the weights of such a row. It should get zeros.""",
    replace("attend", "torch.finfo(scores_BHTS.dtype).min", "-torch.inf"),
    NO_ZEROS,
)
infinity_added = also(
    nan_for_empty_rows,
    replace("attend", HIDDEN, "scores_BHTS + torch.where(mask, 0.0, -torch.inf)"),
    NO_ZEROS,
)
nan_in_gradients = also(
    nan_for_empty_rows, replace("attend", HIDDEN, "scores_BHTS + torch.where(mask, 0.0, -torch.inf)")
)

nan_in_the_weights = also(
    nan_for_empty_rows,
    replace("attend", HIDDEN, "scores_BHTS.masked_fill(~mask, -torch.inf)"),
    NO_ZEROS,
    replace(
        "attend", "return weights_BHTS.to(v.dtype) @ v", "return (weights_BHTS.to(v.dtype) @ v).nan_to_num()"
    ),
)

even_weights_for_empty_rows = mistake(
    """A query that may look at nothing looks at everything: all its scores are equally low, and the softmax
    gives every key the same weight. It should get zeros: where can the mask be used once more?""",
    NO_ZEROS,
)
low_number_added = also(
    even_weights_for_empty_rows, replace("attend", HIDDEN, "scores_BHTS + ~mask * -1e4"), NO_ZEROS
)

exp_overflows = mistake(
    """You take exp of numbers that are too large, since exp(89) is more than float32 holds, or so low that a
    whole row becomes 0. Softmax does not change when the same number is taken from every score of a row: which
    number of each row makes exp safe?""",
    replace(
        "attend",
        "return scores_BHTS.softmax(dim=-1)",
        "return (scores_BHTS.exp() / scores_BHTS.exp().sum(dim=-1, keepdim=True))",
    ),
    replace(
        "attend",
        "weights_BHTS = scores_BHTS.softmax(dim=-1)",
        "scores_BHTS = scores_BHTS.exp()\n"
        "    weights_BHTS = (scores_BHTS / scores_BHTS.sum(dim=-1, keepdim=True).clamp(min=1e-30))",
    ),
)

nothing_taken_off = also(
    exp_overflows,
    replace(
        "attend",
        "weights_BHTS = scores_BHTS.softmax(dim=-1)",
        "scores_BHTS = scores_BHTS.exp()\n"
        "    weights_BHTS = scores_BHTS / scores_BHTS.sum(dim=-1, keepdim=True)",
    ),
    NO_ZEROS,
)
one_maximum_for_all_rows = also(
    exp_overflows,
    replace(
        "attend",
        "weights_BHTS = scores_BHTS.softmax(dim=-1)",
        "scores_BHTS = (scores_BHTS - scores_BHTS.max()).exp()\n"
        "    weights_BHTS = (scores_BHTS / scores_BHTS.sum(dim=-1, keepdim=True))",
    ),
)

scores_in_half_precision = mistake(
    """Half precision needs two steps. Widen q and k to float32 before you multiply them: near 600 float16 steps
    by 0.5 and bfloat16 by 4, so that keys which differ look alike, and -1e9 does not even fit. And bring the
    weights back to v's dtype, since torch multiplies no float32 by half precision. float64 stays float64.""",
    replace("attend", "torch.promote_types(q.dtype, torch.float32)", "q.dtype"),
)
softmax_alone_in_float32 = also(
    scores_in_half_precision,
    replace("attend", SCORES, f"(q @ k.transpose(-2, -1){ROOT}).to(wide)"),
)
billion_in_half_precision = also(
    scores_in_half_precision,
    replace("attend", "torch.promote_types(q.dtype, torch.float32)", "q.dtype"),
    replace("attend", "torch.finfo(scores_BHTS.dtype).min", "-1e9"),
)
weights_stay_wide = also(
    scores_in_half_precision, replace("attend", "weights_BHTS.to(v.dtype)", "weights_BHTS")
)

float32_returned = also(
    scores_in_half_precision,
    replace("attend", "torch.promote_types(q.dtype, torch.float32)", "torch.float32\n    v = v.to(wide)"),
)
float32_throughout = also(
    scores_in_half_precision,
    replace("attend", "torch.promote_types(q.dtype, torch.float32)", "torch.float32"),
)

softmax_in_place = mistake(
    """You write over a tensor that is still needed: the caller's own q or k, or numbers from which backward computes
    the gradient. Operators such as /= and methods such as exp_() do so; use / and exp() instead.""",
    replace(
        "attend",
        WEIGHTS,
        "weights_BHTS = (scores_BHTS - scores_BHTS.amax(dim=-1, keepdim=True)).exp_()\n"
        "    weights_BHTS /= weights_BHTS.sum(dim=-1, keepdim=True)\n"
        "    weights_BHTS = weights_BHTS.masked_fill(~mask, 0.0)",
    ),
)
queries_changed_in_place = also(
    softmax_in_place,
    replace("attend", "q.to(wide) @", "q.div_(math.sqrt(q.shape[-1])).to(wide) @"),
    replace("attend", ROOT, ""),
)
keys_changed_in_place = also(
    softmax_in_place,
    replace("attend", "k.to(wide)", "k.div_(math.sqrt(q.shape[-1])).to(wide)"),
    replace("attend", ROOT, ""),
)
