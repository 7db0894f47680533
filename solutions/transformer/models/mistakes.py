"""What students get wrong in GPT.forward, BERT.encode, BERT.forward, EncoderDecoder.encode and EncoderDecoder.decode."""

from check import also, mistake, replace

GPT, VECTORS, BERT = "GPT.forward", "BERT.encode", "BERT.forward"
ENCODE, DECODE = "EncoderDecoder.encode", "EncoderDecoder.decode"
CAUSAL, BOTH = "causal_mask(tokens.shape[1])", "mask & padding_mask(lengths, tokens.shape[1])"
LOGITS = "self.head(self.encoder(self.embed(tokens), mask))"
HEAD = "self.head(self.head_norm(F.gelu(self.dense(x))))"
SUM = "self.norm(self.embed(tokens) + self.segments(segments))"
BERTS_MASK = "None if lengths is None else padding_mask(lengths, tokens.shape[1])"
SOURCE_MASK, MEMORY_MASK = "padding_mask(lengths, source.shape[1])", "padding_mask(lengths, memory.shape[1])"

probabilities_for_logits = mistake(
    """You return probabilities, or their logarithms. A model ends in logits, any numbers, just as the head gives them: the
    loss takes their softmax itself.""",
    replace(GPT, LOGITS, f"{LOGITS}.softmax(dim=-1)"),
)
probabilities_of_bert = also(probabilities_for_logits, replace(BERT, HEAD, f"{HEAD}.softmax(dim=-1)"))
probabilities_of_translations = also(
    probabilities_for_logits, replace(DECODE, "self.head(x)", "self.head(x).softmax(dim=-1)")
)

logarithms_for_logits = also(probabilities_for_logits, replace(GPT, LOGITS, f"{LOGITS}.log_softmax(dim=-1)"))
logarithms_of_bert = also(probabilities_for_logits, replace(BERT, HEAD, f"{HEAD}.log_softmax(dim=-1)"))
logarithms_of_translations = also(
    probabilities_for_logits, replace(DECODE, "self.head(x)", "self.head(x).log_softmax(dim=-1)")
)

not_causal = mistake(
    """Your tokens see what comes after them, which is what they are asked for. In training the loss would be near 0
    after a few steps, and nothing learned: what writes needs the causal mask.""",
    replace(GPT, CAUSAL, "torch.ones(tokens.shape[1], tokens.shape[1], dtype=torch.bool)"),
)
causal_turned_around = also(not_causal, replace(GPT, f"{CAUSAL}.to", f"(~{CAUSAL}).to"))
translations_not_causal = also(not_causal, replace(DECODE, "memory, causal,", "memory, None,"))

padding_seen = mistake(
    """Padding is seen. lengths say how many tokens of each row are real, padding_mask makes a mask of them, and whoever
    reads such a row needs it.""",
    replace(GPT, BOTH, "mask"),
)
padding_seen_by_bert = also(padding_seen, replace(VECTORS, BERTS_MASK, "None"))
padding_turned_around = also(padding_seen, replace(VECTORS, "else padding", "else ~padding"))
padding_seen_in_the_source = also(padding_seen, replace(ENCODE, SOURCE_MASK, "None"))
padding_seen_in_the_memory = also(padding_seen, replace(DECODE, MEMORY_MASK, "None"))

padding_for_causal = mistake(
    """With lengths your GPT shows what comes later. A token may see what is real *and* stands
    before it: both masks hold, joined by &.""",
    replace(GPT, BOTH, "padding_mask(lengths, tokens.shape[1])"),
)

last_token_only = mistake(
    """You return the logits of the last token alone. In training each token is asked for the one after it, all at
    once: (B, T, V).""",
    replace(GPT, LOGITS, LOGITS.replace(", mask)", ", mask)[:, -1]")),
)

causal_encoder = mistake(
    """A token of your encoder does not see what comes after it. Nothing is predicted from left to right here: it may
    look to both sides, and the mask is the padding's alone.""",
    replace(VECTORS, BERTS_MASK, "causal_mask(tokens.shape[1])"),
)
causal_source = also(
    causal_encoder, replace(ENCODE, SOURCE_MASK, f"{SOURCE_MASK} & causal_mask(source.shape[1])")
)

segment_missing = mistake(
    """A segment's row is missing in BERT's sum: it is added to each token's row. Where no segments are given all tokens
    are of segment 0, which has a row, too.""",
    replace(VECTORS, "self.embed(tokens) + self.segments(segments)", "self.embed(tokens)"),
)
segment_0_is_nothing = also(
    segment_missing,
    replace(VECTORS, "segments = torch.zeros_like(tokens) if segments is None else segments\n        ", ""),
    replace(VECTORS, "self.segments(segments)", "(0 if segments is None else self.segments(segments))"),
)

sum_not_normalised = mistake(
    """BERT normalises the sum of token, position and segment before its first block: self.norm is for that.""",
    replace(VECTORS, SUM, "self.embed(tokens) + self.segments(segments)"),
)
segments_after_the_norm = also(
    sum_not_normalised, replace(VECTORS, SUM, "self.norm(self.embed(tokens)) + self.segments(segments)")
)

head_out_of_order = mistake(
    """On the way from BERT's vectors to its logits a step is missing, or out of its place: dense, then GELU, then the
    norm, then the head.""",
    replace(BERT, HEAD, "self.head(self.head_norm(self.dense(x)))"),
)
head_without_its_norm = also(head_out_of_order, replace(BERT, HEAD, "self.head(F.gelu(self.dense(x)))"))
norm_before_gelu = also(
    head_out_of_order, replace(BERT, HEAD, "self.head(F.gelu(self.head_norm(self.dense(x))))")
)

no_dense = also(head_out_of_order, replace(BERT, HEAD, "self.head(x)"))

rows_of_the_source = mistake(
    """Your decoder turns target tokens into vectors by the source's table. The two languages have a vocabulary
    each: self.target belongs to the target.""",
    replace(DECODE, "self.target(target)", "self.source(target)"),
)

lengths_of_the_target = mistake(
    """You make a mask of lengths for as many tokens as the target has. They are the source's: the memory has
    memory.shape[1] tokens, and of the target nothing is padding.""",
    replace(DECODE, MEMORY_MASK, "padding_mask(lengths, target.shape[1])"),
)

mask_of_numbers = mistake(
    """Your mask is made of numbers. Here a mask is boolean, True = may look.""",
    replace(GPT, f"mask = {CAUSAL}", f"mask = 1.0 * {CAUSAL}"),
    replace(GPT, BOTH, "mask * padding_mask(lengths, tokens.shape[1])"),
)
