"""What students get wrong in attend_in_blocks."""

from check import also, mistake, redefine, replace

BLOCKS = "attend_in_blocks"
ROOT = " / math.sqrt(q.shape[-1])"
NEW_MAXIMUM = "torch.maximum(m, scores.amax(dim=-1, keepdim=True))"
SCORES = f"q.to(wide) @ k[..., keys, :].to(wide).transpose(-2, -1){ROOT}"
HIDDEN = "scores = scores.to(wide).masked_fill(~mask[..., keys], lowest)\n"
ZEROS = "        weights = weights.masked_fill(~mask[..., keys], 0.0)\n"
WEIGHTS = "(scores - m_new).exp()"

nothing_rescaled = mistake(
    """When a block raises the running maximum, the sums so far still belong to the old one: bring both of
    them, the sum of weights and the mixed values, to the new maximum by exp(m_old - m_new) before you add to
    them. Try block=1 on the card's example.""",
    replace(BLOCKS, "total * shrink", "total"),
    replace(BLOCKS, "mixed * shrink", "mixed"),
)
sum_not_rescaled = also(nothing_rescaled, replace(BLOCKS, "total * shrink", "total"))
values_not_rescaled = also(nothing_rescaled, replace(BLOCKS, "mixed * shrink", "mixed"))

maximum_of_the_block = mistake(
    """Your maximum is that of the block at hand. Where the next block is lower, what you have summed is blown
    up until it overflows: keep the highest score seen so far, which never falls.""",
    replace(BLOCKS, NEW_MAXIMUM, "scores.amax(dim=-1, keepdim=True)"),
)

no_running_maximum = mistake(
    """You take exp of the scores without taking off a running maximum of each row: exp(89) is too large for
    float32, and in a row far below the number that you take off all weights become 0. Which do you subtract?""",
    replace(BLOCKS, NEW_MAXIMUM, "torch.zeros_like(m)"),
)
one_running_maximum = also(
    no_running_maximum,
    replace(BLOCKS, NEW_MAXIMUM, "torch.maximum(m, scores.max())"),
    replace(BLOCKS, ".masked_fill(total == 0, 1.0)", ""),
)

last_block_dropped = mistake(
    """You lose the keys of the last block when it is not full. With 11 keys and blocks of 4, where does your
    loop stop?""",
    replace(BLOCKS, "range(0, k.shape[-2], block)", "range(0, k.shape[-2] // block * block, block)"),
)

softmax_of_a_block = mistake(
    """You take the softmax of a block by itself, where its weights sum to 1 whatever the other blocks hold.
    Keep exp(score - maximum) as it is, sum it up over all blocks, and divide once at the end.""",
    replace(
        BLOCKS,
        f"shrink, weights = (m - m_new).exp(), {WEIGHTS}",
        f"shrink, weights = (m - m_new).exp(), {WEIGHTS}\n        total_new = weights.sum(dim=-1, keepdim=True)\n        weights = scores.softmax(dim=-1)",
    ),
    replace(BLOCKS, "total * shrink + weights.sum(dim=-1, keepdim=True)", "total * shrink + total_new"),
)
blocks_averaged = also(
    softmax_of_a_block,
    replace(
        BLOCKS,
        f"shrink, weights = (m - m_new).exp(), {WEIGHTS}",
        "shrink, weights = 1.0, scores.softmax(dim=-1)",
    ),
)

unscaled_in_blocks = mistake(
    """Your scores are not q·k / √K, where √K is the root of the head's width q.shape[-1]. Divide each block's
    scores as attend does.""",
    replace(BLOCKS, ROOT, ""),
)

first_mask_for_all_blocks = mistake(
    """You do not hide in each block what the mask hides there. The mask has one column for each of the S keys:
    take those of the block's own keys.""",
    replace(BLOCKS, "~mask[..., keys], lowest", "~mask[..., : scores.shape[-1]], lowest"),
    replace(BLOCKS, "~mask[..., keys], 0.0", "~mask[..., : scores.shape[-1]], 0.0"),
)
mask_ignored_in_blocks = also(
    first_mask_for_all_blocks, replace(BLOCKS, f"        {HIDDEN}", ""), replace(BLOCKS, ZEROS, "")
)
whole_mask_for_all_blocks = also(
    first_mask_for_all_blocks,
    replace(BLOCKS, "~mask[..., keys], lowest", "~mask, lowest"),
    replace(BLOCKS, "~mask[..., keys], 0.0", "~mask, 0.0"),
)

single_column_cut = mistake(
    """You cut columns out of the mask as it comes, but it may have a single one, which stands for all keys:
    then the second block finds none. Expand the mask to all S columns first.""",
    replace(
        BLOCKS,
        "    mask = mask.expand(*mask.shape[:-1], k.shape[-2])\n",
        "    mask = mask.expand(*mask.shape[:-1], k.shape[-2]) if mask.shape == (1, 1) else mask\n",
    ),
)

nan_for_hidden_blocks = mistake(
    """Where a query may not look at any key of its first blocks, or of all, you get NaN: the maximum so far is
    -inf, and -inf - (-inf) has no value. Begin from a low number that is finite, and never divide by 0.""",
    replace(BLOCKS, "lowest = torch.finfo(wide).min", "lowest = -torch.inf"),
)

even_weights_in_hidden_rows = mistake(
    """A query that may look at nothing gets the mean of all values: its scores all equal its maximum, and
    exp(0) = 1. It should get zeros: where can the mask be used once more?""",
    replace(BLOCKS, ZEROS, ""),
)

sums_in_half_precision = mistake(
    """Half precision needs two steps. Widen q, k and v to float32 before you multiply them: small differences
    between large scores are lost otherwise, -1e10 does not even fit, and torch multiplies no float32 by half
    precision. And bring the result back to v's dtype at the end.""",
    replace(BLOCKS, "torch.promote_types(q.dtype, torch.float32)", "q.dtype"),
)
sums_alone_in_float32 = also(
    sums_in_half_precision, replace(BLOCKS, SCORES, f"(q @ k[..., keys, :].transpose(-2, -1)).to(wide){ROOT}")
)
low_number_in_half_precision = also(
    sums_in_half_precision,
    replace(BLOCKS, "torch.promote_types(q.dtype, torch.float32)", "q.dtype"),
    replace(BLOCKS, "torch.finfo(wide).min", "-1e10"),
)
values_not_widened = also(
    sums_in_half_precision, replace(BLOCKS, "v[..., keys, :].to(wide)", "v[..., keys, :]")
)


@redefine("attend_in_blocks")
def whole_matrix(q, k, v, mask=None, block=64):
    """The values are right, but you hold the scores of all queries with all keys at once, or of a few queries
    with all keys, which is just what this exercise avoids. Work on one block of keys, keep three running results,
    and let go of the block.
    """
    return attend(q, k, v, mask)
