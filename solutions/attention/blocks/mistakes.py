"""What students get wrong in attend_in_blocks."""

from check import mistake, redefine, replace

BLOCKS = "attend_in_blocks"
NEW_MAXIMUM = "torch.maximum(m, scores.amax(dim=-1, keepdim=True))"

nothing_rescaled = mistake(
    """When a block raises the running maximum, the sums so far still belong to the old one: bring both of
    them, the sum of weights and the mixed values, to the new maximum before you add to them. Try block=1 on
    the card's example.""",
    replace(BLOCKS, "total * shrink", "total"),
    replace(BLOCKS, "mixed * shrink", "mixed"),
)

sum_not_rescaled = mistake(
    """You rescale the mixed values when the running maximum rises, but not the sum of weights that you divide
    by in the end. Both were added up under the old maximum: compare yours with the card's table.""",
    replace(BLOCKS, "total * shrink", "total"),
)

maximum_of_the_block = mistake(
    """Your maximum is that of the block at hand. Where the next block is lower, what you have summed is blown
    up until it overflows: keep the highest score seen so far, which never falls.""",
    replace(BLOCKS, NEW_MAXIMUM, "scores.amax(dim=-1, keepdim=True)"),
)

no_running_maximum = mistake(
    """You take exp of the scores without taking off a maximum, and exp(89) is too large for float32. That is
    what the running maximum is for: which number do you subtract?""",
    replace(BLOCKS, NEW_MAXIMUM, "torch.zeros_like(m)"),
)

last_block_dropped = mistake(
    """You lose the keys of the last block when it is not full. With 11 keys and blocks of 4, where does your
    loop stop?""",
    replace(BLOCKS, "range(0, k.shape[-2], block)", "range(0, k.shape[-2] // block * block, block)"),
)

first_mask_for_all_blocks = mistake(
    """Every block uses the mask's first columns. The mask has one column for each of the S keys: take those
    of the block's own keys.""",
    replace(BLOCKS, "~mask[..., keys], lowest", "~mask[..., : scores.shape[-1]], lowest"),
    replace(BLOCKS, "~mask[..., keys], 0.0", "~mask[..., : scores.shape[-1]], 0.0"),
)

nan_for_hidden_blocks = mistake(
    """Where a query may not look at any key of its first blocks you get NaN: the maximum so far is -inf, and
    -inf - (-inf) has no value. Begin from a low number that is finite.""",
    replace(BLOCKS, "lowest = torch.finfo(wide).min", "lowest = -torch.inf"),
)

even_weights_in_hidden_rows = mistake(
    """A query that may look at nothing gets the mean of all values: its scores all equal its maximum, and
    exp(0) = 1. It should get zeros: where can the mask be used once more?""",
    replace(BLOCKS, "        weights = weights.masked_fill(~mask[..., keys], 0.0)\n", ""),
)

sums_in_half_precision = mistake(
    """You keep scores and sums in the inputs' half precision, where small differences between large scores
    are lost. Compute in float32, and go back at the end.""",
    replace(BLOCKS, "torch.promote_types(q.dtype, torch.float32)", "q.dtype"),
)


@redefine("attend_in_blocks")
def whole_matrix(q, k, v, mask=None, block=64):
    """The values are right, but you hold the scores of all queries with all keys at once, which is just what
    this exercise avoids. Work on one block of keys, keep three running results, and let go of the block.
    """
    return attend(q, k, v, mask)
