"""What students get wrong in TokenEmbedding.forward, Encoder.forward and Decoder.forward."""

from check import also, mistake, replace

EMBED, ENCODER, DECODER = "TokenEmbedding.forward", "Encoder.forward", "Decoder.forward"
SINUSOIDS, LEARNED = "sinusoidal(tokens.shape[1], D)", "self.places(x)"
READ, READ_CONTEXT = "x = block(x, mask, positions)", "x = block(x, context, mask, context_mask)"

positions_from_one = mistake(
    """Your positions count from 1. The first token has position 0, and the table's first row.""",
    replace(EMBED, SINUSOIDS, "sinusoidal(tokens.shape[1], D, offset=1)"),
    replace(EMBED, LEARNED, "self.places(x, 1)"),
)

positions_along_the_batch = mistake(
    """You add the same position to all tokens of a text, and another to the next text: your positions run along the
    batch. Tokens are (B, T), and it is T that is counted.""",
    replace(EMBED, SINUSOIDS, "sinusoidal(len(tokens), D)[:, None]"),
    replace(EMBED, LEARNED, "x + self.places.table.weight[: len(x), None]"),
)

no_positions = mistake(
    """Your tokens do not know where they stand. Where places is not None it adds the learned positions, and with the kind
    "sinusoidal" the sinusoids are added.""",
    replace(EMBED, f" + {SINUSOIDS}.to(x)", ""),
    replace(EMBED, f"x if self.places is None else {LEARNED}", "x"),
)

rows_scaled_wrongly = mistake(
    """The tokens' rows are multiplied by √D where sinusoids are added, so that neither drowns the other, and only
    there.""",
    replace(EMBED, "x * math.sqrt(D) + ", "x + "),
)
rows_always_scaled = also(
    rows_scaled_wrongly,
    replace(EMBED, "return x if self", "x = x * math.sqrt(D)\n        return x if self"),
)

last_norm_forgotten = mistake(
    """You return what the last block gives. self.norm comes after it; where no norm is wanted, it does nothing.""",
    replace(ENCODER, "return self.norm(x)", "return x"),
)
last_norm_of_the_decoder_forgotten = also(
    last_norm_forgotten, replace(DECODER, "return self.norm(x)", "return x")
)

norm_after_each_block = mistake(
    """You normalise after each block. The blocks have their own norms; self.norm stands once, after the last.""",
    replace(ENCODER, READ, "x = self.norm(block(x, mask, positions))"),
    replace(ENCODER, "return self.norm(x)", "return x"),
)
norm_after_each_block_of_the_decoder = also(
    norm_after_each_block,
    replace(DECODER, READ_CONTEXT, "x = self.norm(block(x, context, mask, context_mask))"),
    replace(DECODER, "return self.norm(x)", "return x"),
)

each_reads_the_first = mistake(
    """All your blocks read what came into the stack, and only the last one counts. Each block reads what the one before
    it returned: x = block(x, …).""",
    replace(ENCODER, READ, "y = block(x, mask, positions)"),
    replace(ENCODER, "return self.norm(x)", "return self.norm(y)"),
)
each_decoder_block_reads_the_first = also(
    each_reads_the_first,
    replace(DECODER, READ_CONTEXT, "y = block(x, context, mask, context_mask)"),
    replace(DECODER, "return self.norm(x)", "return self.norm(y)"),
)

masks_stay_above = mistake(
    """A mask does not reach your blocks: what was given to the stack is for each of them.""",
    replace(ENCODER, READ, "x = block(x, positions=positions)"),
)
masks_stay_above_the_decoder = also(masks_stay_above, replace(DECODER, READ_CONTEXT, "x = block(x, context)"))
only_the_first_mask = also(masks_stay_above, replace(DECODER, READ_CONTEXT, "x = block(x, context, mask)"))

positions_stay_above = mistake(
    """Your encoder does not hand positions to its blocks, where attention may rotate by them.""",
    replace(ENCODER, READ, "x = block(x, mask)"),
)

context_lost = mistake(
    """Your decoder's blocks do not all read the context that was given. It is the same for every block, as the encoder
    left it.""",
    replace(DECODER, READ_CONTEXT, "x = block(x, x, mask)"),
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
