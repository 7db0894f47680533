"""What students get wrong in attend."""

from check import mistake, replace

unscaled = mistake(
    """You do not divide the scores by √K. Their variance grows with K, and the softmax then puts almost all
    weight on one key: compare your scores with q·k / √K of the card's example.""",
    replace("attend", " / math.sqrt(q.shape[-1])", ""),
)

mask_after_softmax = mistake(
    """You set weights to zero after the softmax, so those that are left no longer sum to 1: print the sum of
    each row, and hide the keys before the softmax shares out the weight.""",
    replace("attend", "    scores_BHTS = scores_BHTS.masked_fill(~mask, torch.finfo(wide).min)\n", ""),
)

mask_added = mistake(
    """You add the mask to the scores, where True counts as 1 and False as 0: a hidden key keeps more than a
    third of its weight. How low must its score be for the weight to be 0?""",
    replace("attend", "scores_BHTS.masked_fill(~mask, torch.finfo(wide).min)", "scores_BHTS + mask"),
    replace("attend", ".masked_fill(~mask, 0.0)", ""),
)

mask_not_broadcast = mistake(
    """You use the mask as an index of the scores, and an index never broadcasts: it must have all of the axes
    (B, H, T, S). Try a mask of shape (T, S) with masked_fill or torch.where, which do broadcast.""",
    replace(
        "attend",
        "scores_BHTS = scores_BHTS.masked_fill(~mask, torch.finfo(wide).min)",
        "scores_BHTS[~mask] = torch.finfo(wide).min",
    ),
)

mask_always_needed = mistake(
    """Without a mask your function ends in an error: it then has None in place of a tensor. Try attend(q, k,
    v), where every query may look at every key.""",
    replace(
        "attend",
        "    if mask is None:\n        return scores_BHTS.softmax(dim=-1).to(v.dtype) @ v\n",
        "",
    ),
)

nan_for_empty_rows = mistake(
    """A query that may look at nothing gets NaN: all its scores are -inf, and its softmax is 0/0. It should
    get zeros: try a score that is low but finite, and print the weights of such a row.""",
    replace("attend", "torch.finfo(wide).min", "-torch.inf"),
    replace("attend", ".masked_fill(~mask, 0.0)", ""),
)

even_weights_for_empty_rows = mistake(
    """A query that may look at nothing looks at everything: all its scores are equally low, and the softmax
    gives every key the same weight. It should get zeros: where can the mask be used once more?""",
    replace("attend", ".masked_fill(~mask, 0.0)", ""),
)

nan_in_gradients = mistake(
    """Your result is right, but where a query may look at nothing the gradients are NaN: putting zeros in
    place of NaN after the softmax repairs the values, not their derivatives. Keep the NaN from arising: which
    score is low enough?""",
    replace(
        "attend",
        "scores_BHTS.masked_fill(~mask, torch.finfo(wide).min)",
        "scores_BHTS + torch.where(mask, 0.0, -torch.inf)",
    ),
)

exp_overflows = mistake(
    """You take exp of the scores as they are, and exp(89) is already too large for float32. Softmax does not
    change when the same number is taken from every score of a row: which number makes exp safe?""",
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

scores_in_half_precision = mistake(
    """You take the scores in half precision. Near 600 float16 steps by 0.5 and bfloat16 by 4, so that keys
    which differ look alike to the softmax: widen q and k before you multiply them.""",
    replace("attend", "torch.promote_types(q.dtype, torch.float32)", "q.dtype"),
)

softmax_in_place = mistake(
    """Your values are right, but backward ends in an error: an operation such as exp_() or /= has written
    over numbers from which the gradient is computed. Use exp() and / instead.""",
    replace(
        "attend",
        "weights_BHTS = scores_BHTS.softmax(dim=-1).masked_fill(~mask, 0.0)",
        "weights_BHTS = (scores_BHTS - scores_BHTS.amax(dim=-1, keepdim=True)).exp_()\n"
        "    weights_BHTS /= weights_BHTS.sum(dim=-1, keepdim=True)\n"
        "    weights_BHTS = weights_BHTS.masked_fill(~mask, 0.0)",
    ),
)

queries_changed_in_place = mistake(
    """You scale q in place, so the caller's own tensor has changed when you return. Operators such as /=
    write into the tensor they are given: print q before and after.""",
    replace(
        "attend",
        "q.to(wide) @ k.to(wide).transpose(-2, -1) / math.sqrt(q.shape[-1])",
        "q.div_(math.sqrt(q.shape[-1])).to(wide) @ k.to(wide).transpose(-2, -1)",
    ),
)
