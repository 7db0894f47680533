"""What students get wrong in TokenEmbedding.forward, Encoder.forward and Decoder.forward."""

from check import also, mistake, replace

EMBED, ENCODER, DECODER = "TokenEmbedding.forward", "Encoder.forward", "Decoder.forward"
SINUSOIDS, LEARNED = "sinusoidal(tokens.shape[1], D)", "self.places(x)"
READ, READ_CONTEXT = "x = block(x, mask, positions)", "x = block(x, context, mask, context_mask)"

positions_along_the_batch = mistake(
    """Your positions run along the batch: you count texts, where tokens are to be counted. They are (B, T), and the positions
    are 0 to T - 1.""",
    replace(EMBED, SINUSOIDS, "sinusoidal(len(tokens), D)[:, None]"),
    replace(EMBED, LEARNED, "x + self.places.table.weight[: len(x), None]"),
)

as_many_positions_as_texts = also(
    positions_along_the_batch,
    replace(EMBED, SINUSOIDS, "sinusoidal(len(tokens), D)"),
    replace(EMBED, LEARNED, "x + self.places.table.weight[: len(x)]"),
)

sinusoids_always = mistake(
    """You add sinusoids whatever self.kind says. They are for "sinusoidal" alone: "learned" has self.places instead, and
    "none" adds nothing.""",
    replace(EMBED, 'if self.kind == "sinusoidal":', "if True:"),
)
plain_sinusoids_always = also(
    sinusoids_always,
    replace(EMBED, 'if self.kind == "sinusoidal":', "if True:"),
    replace(EMBED, "x * math.sqrt(D)", "x"),
)

no_positions = mistake(
    """Your tokens do not know where they stand. Where places is not None it adds the learned positions, and with the kind
    "sinusoidal" the sinusoids are added.""",
    replace(EMBED, f" + {SINUSOIDS}.to(x)", ""),
    replace(EMBED, f"x if self.places is None else {LEARNED}", "x"),
)

rows_scaled_wrongly = mistake(
    """The tokens' rows are multiplied by √D where sinusoids are added, so that neither drowns the other: the rows alone,
    and only there.""",
    replace(EMBED, "x * math.sqrt(D) + ", "x + "),
)
rows_always_scaled = also(
    rows_scaled_wrongly,
    replace(EMBED, "return x if self", "x = x * math.sqrt(D)\n        return x if self"),
)

sum_scaled = also(
    rows_scaled_wrongly,
    replace(EMBED, f"x * math.sqrt(D) + {SINUSOIDS}", f"math.sqrt(D) * (x + {SINUSOIDS})"),
)
rows_divided = also(rows_scaled_wrongly, replace(EMBED, "x * math.sqrt(D)", "x / math.sqrt(D)"))

positions_of_the_tokens = mistake(
    """You look up positions by the tokens' numbers, so that a token has the same one wherever it stands. The place is what
    counts: 0, 1, 2, … along a text.""",
    replace(EMBED, SINUSOIDS, "sinusoidal(self.context, D)[tokens]"),
    replace(EMBED, LEARNED, "x + self.places.table(tokens)"),
)

positions_of_the_whole_context = mistake(
    """You add as many positions as the context allows. A text has T tokens, mostly fewer, and needs the first T.""",
    replace(EMBED, LEARNED, "x + self.places.table.weight"),
)
sinusoids_of_the_whole_context = also(
    positions_of_the_whole_context, replace(EMBED, SINUSOIDS, "sinusoidal(self.context, D)")
)

last_norm_forgotten = mistake(
    """You return what the last block gives. self.norm comes after it; where no norm is wanted, it does nothing.""",
    replace(ENCODER, "return self.norm(x)", "return x"),
)
last_norm_of_the_decoder_forgotten = also(
    last_norm_forgotten, replace(DECODER, "return self.norm(x)", "return x")
)

norm_after_each_block = mistake(
    """You normalise elsewhere than at the end. The blocks have their own norms; self.norm stands once, after the last, and
    the context comes normalised.""",
    replace(ENCODER, READ, "x = self.norm(block(x, mask, positions))"),
    replace(ENCODER, "return self.norm(x)", "return x"),
)

norm_after_each_block_of_the_decoder = also(
    norm_after_each_block,
    replace(DECODER, READ_CONTEXT, "x = self.norm(block(x, context, mask, context_mask))"),
    replace(DECODER, "return self.norm(x)", "return x"),
)
norm_before_the_blocks = also(
    norm_after_each_block,
    replace(ENCODER, "for block", "x = self.norm(x)\n        for block"),
    replace(ENCODER, "return self.norm(x)", "return x"),
)
context_normed_again = also(
    norm_after_each_block, replace(DECODER, "for block", "context = self.norm(context)\n        for block")
)

added_around_the_blocks = mistake(
    """You add what a block returns to what went in. The block has done so itself, around each sublayer: x = block(x, …).""",
    replace(ENCODER, READ, READ.replace("x = ", "x = x + ")),
)

each_reads_the_first = mistake(
    """Your blocks do not all count, or not in their order. The first reads what comes into the stack, each other one what
    the one before it returned, and what the last one returns goes on: x = block(x, …).""",
    replace(ENCODER, READ, "y = block(x, mask, positions)"),
    replace(ENCODER, "return self.norm(x)", "return self.norm(y)"),
)
only_the_first_block = also(
    each_reads_the_first, replace(ENCODER, f"{READ}\n        return", f"{READ}\n            return")
)
from_the_top = also(each_reads_the_first, replace(ENCODER, "self.blocks", "reversed(self.blocks)"))

masks_stay_above = mistake(
    """A mask does not reach your blocks, or as another one. What was given to the stack is for each of them, in the order in
    which they take it.""",
    replace(ENCODER, READ, "x = block(x, positions=positions)"),
)
masks_stay_above_the_decoder = also(masks_stay_above, replace(DECODER, READ_CONTEXT, "x = block(x, context)"))
only_the_first_mask = also(masks_stay_above, replace(DECODER, READ_CONTEXT, "x = block(x, context, mask)"))

masks_exchanged_in_the_stack = also(
    masks_stay_above, replace(DECODER, READ_CONTEXT, "x = block(x, context, context_mask, mask)")
)

positions_stay_above = mistake(
    """Your encoder does not hand positions to its blocks, where attention may rotate by them.""",
    replace(ENCODER, READ, "x = block(x, mask)"),
)

context_lost = mistake(
    """Your decoder's blocks do not all read the context that was given. It is the same for every block, as the encoder
    left it.""",
    replace(DECODER, READ_CONTEXT, "x = context = block(x, context, mask, context_mask)"),
)

rows_twice = mistake(
    """Learned positions come from self.places, which takes the tokens' vectors and returns them with
    their positions: call it on x, and add nothing more.""",
    replace(EMBED, f"else {LEARNED}", f"else x + {LEARNED}"),
)
places_of_numbers = also(rows_twice, replace(EMBED, f"else {LEARNED}", "else x + self.places(tokens)"))

places_taken_for_granted = mistake(
    """You call self.places where there is none. It is None unless the kind is "learned".""",
    replace(EMBED, f"x if self.places is None else {LEARNED}", LEARNED),
    replace(EMBED, 'if self.kind == "sinusoidal":', "if False:"),
)
table_taken_for_granted = also(
    places_taken_for_granted,
    replace(EMBED, f"x if self.places is None else {LEARNED}", "x + self.places.table.weight[: x.shape[1]]"),
    replace(EMBED, 'if self.kind == "sinusoidal":', "if False:"),
)
