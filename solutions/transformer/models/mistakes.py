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
    """You return probabilities, or their logarithms, or logits that were scaled or bounded. A model ends in what the head
    gives of the last vectors, any numbers: the loss takes their softmax itself.""",
    replace(GPT, LOGITS, f"{LOGITS}.softmax(dim=-1)"),
)
probabilities_of_translations = also(
    probabilities_for_logits, replace(DECODE, "self.head(x)", "self.head(x).softmax(dim=-1)")
)

logarithms_for_logits = also(probabilities_for_logits, replace(GPT, LOGITS, f"{LOGITS}.log_softmax(dim=-1)"))
bounded_logits = also(probabilities_for_logits, replace(GPT, LOGITS, f"15 * ({LOGITS} / 15).tanh()"))
scaled_translations = also(
    probabilities_for_logits, replace(DECODE, "self.head(x)", "self.head(x) / x.shape[-1] ** 0.5")
)
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
causal_transposed = also(not_causal, replace(GPT, f"{CAUSAL}.to", f"{CAUSAL}.mT.to"))
padding_alone_of_the_target = also(
    not_causal, replace(DECODE, "causal_mask(target.shape[1])", "(target != 0)[:, None, None]")
)
translations_not_causal = also(not_causal, replace(DECODE, "memory, causal,", "memory, None,"))

padding_seen = mistake(
    """Padding is seen. lengths say how many tokens of each row are real, padding_mask makes a mask of them, and whoever
    reads such a row needs it.""",
    replace(GPT, BOTH, "mask"),
)
padding_seen_by_bert = also(padding_seen, replace(VECTORS, BERTS_MASK, "None"))
padding_turned_around = also(padding_seen, replace(VECTORS, "else padding", "else ~padding"))
padding_alone_seen_in_the_source = also(padding_seen, replace(ENCODE, SOURCE_MASK, f"~{SOURCE_MASK}"))
padding_seen_in_the_source = also(padding_seen, replace(ENCODE, SOURCE_MASK, "None"))
padding_seen_in_the_memory = also(padding_seen, replace(DECODE, MEMORY_MASK, "None"))

padding_for_causal = mistake(
    """With lengths your GPT shows what comes later. A token may see what is real *and* stands
    before it: both masks hold, joined by &.""",
    replace(GPT, BOTH, "padding_mask(lengths, tokens.shape[1])"),
)
either_mask = also(padding_for_causal, replace(GPT, BOTH, BOTH.replace("&", "|")))

zero_taken_for_padding = mistake(
    """You take token 0 for padding. Here every number is a token like others: lengths say what is real, and where there are
    none, or for a target, all is.""",
    replace(VECTORS, BERTS_MASK, "(tokens != 0)[:, None, None]"),
)
zero_taken_for_padding_in_the_source = also(
    zero_taken_for_padding, replace(ENCODE, SOURCE_MASK, "(source != 0)[:, None, None]")
)
zero_taken_for_padding_in_the_target = also(
    zero_taken_for_padding,
    replace(
        DECODE,
        "causal = causal_mask(target.shape[1])",
        "causal = ((target != 0)[:, None, None] & causal_mask(target.shape[1]))",
    ),
)
zero_asks_nothing = also(
    zero_taken_for_padding,
    replace(
        DECODE,
        "causal = causal_mask(target.shape[1])",
        "causal = ((target != 0)[:, None, :, None] & causal_mask(target.shape[1]))",
    ),
)

itself_hidden = mistake(
    """Your tokens do not see themselves, and the first sees nothing. What stands before includes the token that asks: the
    mask's diagonal is True.""",
    replace(GPT, CAUSAL, f"{CAUSAL}.tril(-1)"),
)

head_unused = mistake(
    """You do not end in self.head. It makes logits, (B, T, V), of the last vectors; where it is tied to the rows, its matrix
    is theirs, and you need not know.""",
    replace(GPT, LOGITS, LOGITS.replace("self.head(", "F.linear(")[:-1] + ", self.embed.table.weight)"),
)
head_of_the_decoder_unused = also(head_unused, replace(DECODE, "self.head(x)", "x"))

arguments_exchanged = mistake(
    """You hand over arguments in another order than they are taken. decoder(x, context, mask, context_mask) begins with the
    target, and both masks follow in the same order; BERT's encode takes lengths before segments.""",
    replace(DECODE, "self.target(target), memory", "memory, self.target(target)"),
)
masks_of_the_decoder_exchanged = also(
    arguments_exchanged,
    replace(DECODE, f"causal, {MEMORY_MASK}", f"{MEMORY_MASK}, causal"),
)
segments_for_lengths = also(
    arguments_exchanged, replace(BERT, "tokens, lengths, segments", "tokens, segments, lengths")
)

last_token_only = mistake(
    """You do not return just one tensor of logits for each token of each text, (B, T, V). In training each token is asked
    for the one after it, all at once, and the loss is taken elsewhere.""",
    replace(GPT, LOGITS, LOGITS.replace(", mask)", ", mask)[:, -1]")),
)
last_token_kept = also(last_token_only, replace(GPT, LOGITS, LOGITS.replace(", mask)", ", mask)[:, [-1]]")))
logits_and_no_loss = also(last_token_only, replace(GPT, LOGITS, f"{LOGITS}, None"))
logits_in_one_row = also(last_token_only, replace(GPT, LOGITS, f"{LOGITS}.flatten(0, 1)"))
translations_in_one_row = also(last_token_only, replace(DECODE, "self.head(x)", "self.head(x).flatten(0, 1)"))
last_translated_token = also(last_token_only, replace(DECODE, "self.head(x)", "self.head(x)[:, -1]"))
first_token_only = also(last_token_only, replace(BERT, "lengths, segments)", "lengths, segments)[:, 0]"))

causal_encoder = mistake(
    """A token of your encoder does not see what comes after it. Nothing is predicted from left to right here: it may
    look to both sides, and the mask is the padding's alone.""",
    replace(VECTORS, BERTS_MASK, "causal_mask(tokens.shape[1])"),
)
causal_source = also(
    causal_encoder, replace(ENCODE, SOURCE_MASK, f"{SOURCE_MASK} & causal_mask(source.shape[1])")
)

segment_missing = mistake(
    """BERT's sum has not each token's row and its segment's, always. Where no segments are given all tokens are of segment
    0, which has a row, too.""",
    replace(VECTORS, "self.embed(tokens) + self.segments(segments)", "self.embed(tokens)"),
)
segment_0_is_nothing = also(
    segment_missing,
    replace(VECTORS, "segments = torch.zeros_like(tokens) if segments is None else segments\n        ", ""),
    replace(VECTORS, "self.segments(segments)", "(0 if segments is None else self.segments(segments))"),
)

segments_taken_for_granted = also(
    segment_missing,
    replace(VECTORS, "torch.zeros_like(tokens) if segments is None else segments", "segments"),
)
segment_1_if_none = also(segment_missing, replace(VECTORS, "torch.zeros_like", "torch.ones_like"))

sum_not_normalised = mistake(
    """BERT normalises the sum of token, position and segment before its first block: self.norm is for that.""",
    replace(VECTORS, SUM, "self.embed(tokens) + self.segments(segments)"),
)
segments_after_the_norm = also(
    sum_not_normalised, replace(VECTORS, SUM, "self.norm(self.embed(tokens)) + self.segments(segments)")
)

norm_after_the_stack = also(
    sum_not_normalised,
    replace(VECTORS, SUM, SUM.removeprefix("self.norm(")[:-1]),
    replace(VECTORS, f"self.encoder(x, {BERTS_MASK})", f"self.norm(self.encoder(x, {BERTS_MASK}))"),
)

head_out_of_order = mistake(
    """On the way from BERT's vectors to its logits a step is missing, out of its place, or another one: dense, then the exact
    GELU, then the norm, then the head.""",
    replace(BERT, HEAD, "self.head(self.head_norm(self.dense(x)))"),
)
head_without_its_norm = also(head_out_of_order, replace(BERT, HEAD, "self.head(F.gelu(self.dense(x)))"))
norm_before_gelu = also(
    head_out_of_order, replace(BERT, HEAD, "self.head(F.gelu(self.head_norm(self.dense(x))))")
)

head_alone_and_logarithms = also(head_out_of_order, replace(BERT, HEAD, "self.head(x).log_softmax(dim=-1)"))
norm_and_logarithms = also(
    head_out_of_order, replace(BERT, HEAD, "self.head(self.head_norm(x)).log_softmax(dim=-1)")
)
no_dense = also(head_out_of_order, replace(BERT, HEAD, "self.head(x)"))

norm_before_dense = also(
    head_out_of_order, replace(BERT, HEAD, "self.head(F.gelu(self.dense(self.head_norm(x))))")
)
relu_for_gelu = also(head_out_of_order, replace(BERT, "F.gelu(", "F.relu("))
relu_above_a_plain_sum = also(
    head_out_of_order,
    replace(VECTORS, SUM, SUM.removeprefix("self.norm(")[:-1]),
    replace(BERT, "F.gelu(", "F.relu("),
)
tanh_alone = also(head_out_of_order, replace(BERT, "F.gelu(", "torch.tanh("))
tanh_for_gelu_of_bert = also(
    head_out_of_order, replace(BERT, "self.dense(x)", "self.dense(x), approximate='tanh'")
)

rows_of_the_source = mistake(
    """You turn tokens into vectors by the other language's table. The two languages have a vocabulary each: self.source
    belongs to the source, self.target to the target.""",
    replace(DECODE, "self.target(target)", "self.source(target)"),
)
rows_of_the_target = also(rows_of_the_source, replace(ENCODE, "self.source(source)", "self.target(source)"))

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
mask_of_numbers_in_the_decoder = also(mask_of_numbers, replace(DECODE, "causal = ", "causal = 1.0 * "))
