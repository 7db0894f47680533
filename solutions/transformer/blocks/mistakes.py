"""What students get wrong in EncoderBlock.forward and DecoderBlock.forward."""

from check import also, mistake, replace

ENCODER, DECODER = "EncoderBlock.forward", "DecoderBlock.forward"
# The lines of the reference, with the norm before and after; the decoder's network has norm3.
READ, READ_AFTER = (
    "x = x + self.attention(self.norm1(x), mask, positions)",
    "self.norm1(x + self.attention(x, mask, positions))",
)
CROSS, CROSS_AFTER = (
    "x = x + self.cross(self.norm2(x), context, context_mask)",
    "self.norm2(x + self.cross(x, context, context_mask))",
)
WORK, WORK_AFTER = "return x + self.feed_forward(self.norm2(x))", "self.norm2(x + self.feed_forward(x))"
WORK3, WORK3_AFTER = WORK.replace("2", "3"), WORK_AFTER.replace("2", "3")

no_residual = mistake(
    """Your block goes on with what a sublayer returns alone. It is *added* to what went in: x + f(…), for each
    sublayer.""",
    replace(ENCODER, READ, READ.replace("x = x + ", "x = ")),
    replace(ENCODER, WORK, WORK.replace("return x + ", "return ")),
    replace(ENCODER, READ_AFTER, READ_AFTER.replace("x + ", "")),
    replace(ENCODER, WORK_AFTER, WORK_AFTER.replace("x + ", "")),
)
no_residual_around_cross = also(
    no_residual,
    replace(DECODER, CROSS, CROSS.replace("x = x + ", "x = ")),
    replace(DECODER, CROSS_AFTER, CROSS_AFTER.replace("x + ", "")),
)

no_residual_around_the_network = also(
    no_residual,
    replace(ENCODER, WORK, WORK.replace("return x + ", "return ")),
    replace(ENCODER, WORK_AFTER, WORK_AFTER.replace("x + ", "")),
)

sublayers_alone = also(
    no_residual,
    replace(
        ENCODER,
        "if self.norm_first:",
        "return self.feed_forward(self.attention(x, mask, positions))\n        if False:",
    ),
)

added_to_the_input = mistake(
    """A later sublayer is not added to what the one before it has made, but to what came into the block, so that the first
    sum is lost. Each line must add to the result of the one above.""",
    replace(ENCODER, READ, f"y = {READ.removeprefix('x = ')}"),
    replace(ENCODER, WORK, WORK.replace("norm2(x)", "norm2(y)")),
    replace(ENCODER, f"x = {READ_AFTER}", f"y = {READ_AFTER}"),
    replace(ENCODER, WORK_AFTER, WORK_AFTER.replace("feed_forward(x)", "feed_forward(y)")),
)

added_to_the_input_of_the_decoder = also(
    added_to_the_input,
    replace(DECODER, "if self.norm_first:", "start = x\n        if self.norm_first:"),
    replace(DECODER, CROSS, CROSS.replace("x + ", "start + ")),
    replace(DECODER, WORK3, WORK3.replace("x + ", "start + ")),
    replace(DECODER, CROSS_AFTER, CROSS_AFTER.replace("x + ", "start + ")),
    replace(DECODER, WORK3_AFTER, WORK3_AFTER.replace("x + ", "start + ")),
)

network_reads_the_input = mistake(
    """Your network reads what came into the block, as if both sublayers stood side by side. They stand one after the other:
    the second reads the sum that the first has made.""",
    replace(ENCODER, READ, f"y = self.norm2(x)\n            {READ}"),
    replace(ENCODER, WORK, WORK.replace("self.norm2(x)", "y")),
)
network_reads_the_input_after = also(
    network_reads_the_input,
    replace(ENCODER, f"x = {READ_AFTER}", f"y, x = x, {READ_AFTER}"),
    replace(ENCODER, WORK_AFTER, WORK_AFTER.replace("feed_forward(x)", "feed_forward(y)")),
)

side_by_side_with_two_norms = also(
    network_reads_the_input,
    replace(ENCODER, "if self.norm_first:", "if True:"),
    replace(ENCODER, READ, f"y = self.norm2(x)\n            {READ}"),
    replace(ENCODER, WORK, WORK.replace("self.norm2(x)", "y")),
)
side_by_side = also(
    network_reads_the_input,
    replace(
        ENCODER,
        "if self.norm_first:",
        "y = self.norm1(x)\n        return x + self.attention(y, mask, positions) + self.feed_forward(y)\n        if False:",
    ),
)

normed_residual = mistake(
    """With norm_first you add to the normalised tokens. Only the sublayer reads norm(x); what its result is added to is
    x itself, as it came.""",
    replace(ENCODER, READ, "x = self.norm1(x)\n            x = x + self.attention(x, mask, positions)"),
    replace(ENCODER, WORK, "x = self.norm2(x)\n            return x + self.feed_forward(x)"),
)

attention_added_to_the_norm_everywhere = also(
    normed_residual,
    replace(ENCODER, "if self.norm_first:", "if True:"),
    replace(ENCODER, READ, "x = self.norm1(x)\n            x = x + self.attention(x, mask, positions)"),
)

norm_of_the_sublayer = mistake(
    """Without norm_first you normalise one part of the sum, x or what the sublayer returns, and then add. In 2017 the norm
    stands after the sum: norm(x + f(x)).""",
    replace(ENCODER, READ_AFTER, "x + self.norm1(self.attention(x, mask, positions))"),
    replace(ENCODER, WORK_AFTER, "x + self.norm2(self.feed_forward(x))"),
)

norm_of_x_alone = also(
    norm_of_the_sublayer,
    replace(ENCODER, READ_AFTER, "self.norm1(x) + self.attention(x, mask, positions)"),
    replace(ENCODER, WORK_AFTER, "self.norm2(x) + self.feed_forward(x)"),
)

one_place_for_the_norm = mistake(
    """The norms of your block do not stand where self.norm_first says. Where it is True a sublayer reads norm(x), and
    else the sum is normalised: the card's table has both lines.""",
    replace(ENCODER, "if self.norm_first:", "if True:"),
)
norm_of_the_sublayer_everywhere = also(
    one_place_for_the_norm,
    replace(ENCODER, READ, "x = x + self.norm1(self.attention(x, mask, positions))"),
    replace(ENCODER, WORK, "return x + self.norm2(self.feed_forward(x))"),
)
always_after = also(one_place_for_the_norm, replace(ENCODER, "if self.norm_first:", "if False:"))
one_place_in_the_decoder = also(one_place_for_the_norm, replace(DECODER, "if self.norm_first:", "if True:"))
always_after_in_the_decoder = also(
    one_place_for_the_norm, replace(DECODER, "if self.norm_first:", "if False:")
)

normed_residual_everywhere = also(
    one_place_for_the_norm,
    replace(
        ENCODER, f"x = {READ_AFTER}", "x = self.norm1(x)\n        x = x + self.attention(x, mask, positions)"
    ),
    replace(ENCODER, f"return {WORK_AFTER}", "x = self.norm2(x)\n        return x + self.feed_forward(x)"),
)

one_norm_for_all = mistake(
    """A sublayer has another one's norm, or none. Fresh norms are all alike, so that it may not show before training: each
    sublayer has its own, norm1, norm2, … in their order.""",
    replace(ENCODER, WORK, WORK.replace("norm2", "norm1")),
    replace(ENCODER, WORK_AFTER, WORK_AFTER.replace("norm2", "norm1")),
)
one_norm_for_all_in_the_decoder = also(
    one_norm_for_all,
    replace(DECODER, CROSS, CROSS.replace("norm2", "norm1")),
    replace(DECODER, WORK3, WORK3.replace("norm3", "norm1")),
    replace(DECODER, CROSS_AFTER, CROSS_AFTER.replace("norm2", "norm1")),
    replace(DECODER, WORK3_AFTER, WORK3_AFTER.replace("norm3", "norm1")),
)

no_norms = also(
    one_norm_for_all,
    replace(
        ENCODER,
        "if self.norm_first:",
        "x = x + self.attention(x, mask, positions)\n        return x + self.feed_forward(x)\n        if False:",
    ),
)
norms_exchanged = also(
    one_norm_for_all,
    replace(DECODER, CROSS, CROSS.replace("norm2", "norm3")),
    replace(DECODER, WORK3, WORK),
    replace(DECODER, CROSS_AFTER, CROSS_AFTER.replace("norm2", "norm3")),
    replace(DECODER, WORK3_AFTER, WORK_AFTER),
)
network_without_a_norm = also(
    one_norm_for_all,
    replace(DECODER, WORK3, "return x + self.feed_forward(x)"),
    replace(DECODER, WORK3_AFTER, "x + self.feed_forward(x)"),
)

cross_first = mistake(
    """Your sublayers come in another order. x reads itself first, then the context, and the network is last.""",
    replace(DECODER, f"{READ}\n            {CROSS}", f"{CROSS}\n            {READ}"),
    replace(
        DECODER,
        f"x = {READ_AFTER}\n        x = {CROSS_AFTER}",
        f"x = {CROSS_AFTER}\n        x = {READ_AFTER}",
    ),
)

context_asks = mistake(
    """Your second attention is asked by the context, and the tokens are read. It is x that asks, so it comes first:
    cross(x, context, mask).""",
    replace(DECODER, CROSS, "x = x + self.cross(context, self.norm2(x), context_mask)"),
    replace(DECODER, CROSS_AFTER, "self.norm2(x + self.cross(context, x, context_mask))"),
)

changed_in_place = mistake(
    """You change x in its place. Whoever gave it has other numbers now, and gradients need those that were there:
    x = x + … makes new ones, x += … does not.""",
    replace(ENCODER, READ, READ.replace("x = x +", "x +=")),
    replace(ENCODER, READ_AFTER, READ_AFTER.replace("x + self.attention(", "x.add_(self.attention(") + ")"),
    replace(DECODER, READ, READ.replace("x = x +", "x +=")),
)

block_forgets_the_mask = mistake(
    """Your block takes a mask for what x may read of x, and attention does not get it, so that all tokens see
    all.""",
    replace(ENCODER, READ, READ.replace("mask", "None")),
    replace(ENCODER, READ_AFTER, READ_AFTER.replace("mask", "None")),
)

decoder_forgets_the_mask = also(
    block_forgets_the_mask,
    replace(DECODER, READ, READ.replace("mask", "None")),
    replace(DECODER, READ_AFTER, READ_AFTER.replace("mask", "None")),
)

context_mask_misused = mistake(
    """Attention to the context does not get the context_mask. mask belongs to the tokens of x, context_mask to
    those of the context: each goes with its own attention.""",
    replace(DECODER, CROSS, CROSS.replace("context_mask", "mask")),
    replace(DECODER, CROSS_AFTER, CROSS_AFTER.replace("context_mask", "mask")),
)
context_mask_forgotten = also(
    context_mask_misused,
    replace(DECODER, CROSS, CROSS.replace("context_mask", "None")),
    replace(DECODER, CROSS_AFTER, CROSS_AFTER.replace("context_mask", "None")),
)

masks_exchanged = also(
    context_mask_misused,
    replace(DECODER, READ, READ.replace("mask", "context_mask")),
    replace(DECODER, READ_AFTER, READ_AFTER.replace("mask", "context_mask")),
    replace(DECODER, CROSS, CROSS.replace("context_mask", "mask")),
    replace(DECODER, CROSS_AFTER, CROSS_AFTER.replace("context_mask", "mask")),
)

cross_reads_itself = mistake(
    """Your second attention does not go to the context. self.cross asks with x and reads the context: hand it both.""",
    replace(DECODER, CROSS, "x = x + self.cross(self.norm2(x))"),
    replace(DECODER, CROSS_AFTER, "self.norm2(x + self.cross(x))"),
)
cross_unused = also(
    cross_reads_itself,
    replace(DECODER, CROSS, CROSS.replace("cross", "attention")),
    replace(DECODER, CROSS_AFTER, CROSS_AFTER.replace("cross", "attention")),
)

context_normed = mistake(
    """You normalise the context as well. It comes from the end of the encoder, which has normalised it, and is read as it
    is.""",
    replace(DECODER, CROSS, CROSS.replace(" context,", " self.norm2(context),")),
)

positions_dropped = mistake(
    """Your block takes positions and attention does not get them, so that it always counts from 0.""",
    replace(ENCODER, READ, READ.replace(", positions", "")),
    replace(ENCODER, READ_AFTER, READ_AFTER.replace(", positions", "")),
)

x_three_times = mistake(
    """You hand query, key and value to attention. Here it makes them itself: attention(x, mask, positions) reads x, and
    cross(x, context, mask) reads the context.""",
    replace(ENCODER, READ, READ.replace("self.norm1(x), mask, positions", "x, x, x, mask")),
    replace(ENCODER, READ_AFTER, READ_AFTER.replace("x, mask, positions", "x, x, x, mask")),
)
context_twice = also(
    x_three_times,
    replace(DECODER, CROSS, CROSS.replace("context, ", "context, context, ")),
    replace(DECODER, CROSS_AFTER, CROSS_AFTER.replace("context, ", "context, context, ")),
)
