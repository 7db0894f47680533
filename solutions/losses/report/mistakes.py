"""What students get wrong in perplexity and bits_per_byte."""

from check import also, mistake, replace

SUM = "math.exp(sum(loss * n for loss, n in zip(losses, tokens, strict=True)) / sum(tokens))"
BITS = "loss * n_tokens / math.log(2) / len(text.encode())"

counts_ignored = mistake(
    """You average the losses evenly, so a batch of two tokens counts as much as one of eight. Weight each loss by its
    tokens, and divide by all tokens.""",
    replace("perplexity", SUM, "math.exp(sum(losses) / len(losses))"),
)

mean_of_perplexities = mistake(
    """You take exp of each loss and average perplexities. Average the losses, and take exp once, of the mean.""",
    replace(
        "perplexity", SUM, "sum(math.exp(x) * n for x, n in zip(losses, tokens, strict=True)) / sum(tokens)"
    ),
)

plain_mean_of_perplexities = also(
    mean_of_perplexities, replace("perplexity", SUM, "sum(map(math.exp, losses)) / len(losses)")
)

means_by_tokens = mistake(
    """You add up the means of the batches and divide by all tokens. A mean times its tokens is what a batch costs: weight
    each loss first.""",
    replace("perplexity", "loss * n for loss, n", "loss for loss, n"),
)

power_of_two = mistake(
    """You raise 2 to the mean loss. The losses are in nats, so the base is e: a loss of ln V must give the perplexity
    V.""",
    replace("perplexity", "math.exp(", "math.pow(2, "),
)

characters_for_bytes = mistake(
    """You divide by the number of characters. 你好 has two characters and six bytes in UTF-8: encode the text.""",
    replace("bits_per_byte", "len(text.encode())", "len(text)"),
)

natural_bits = mistake(
    """Your result is in nats. A bit is ln 2 nats: divide by ln 2.""",
    replace("bits_per_byte", BITS, "loss * n_tokens / len(text.encode())"),
)

times_ln_2 = mistake(
    """You multiply by ln 2. A nat is more than a bit, so the number of bits is larger: divide.""",
    replace("bits_per_byte", BITS, "loss * n_tokens * math.log(2) / len(text.encode())"),
)

times_the_bytes = mistake(
    """You multiply by the number of bytes: in `a / b * c` c stands above the line. Divide by ln 2 and by the bytes.""",
    replace("bits_per_byte", "/ len(text.encode())", "* len(text.encode())"),
)

bits_of_a_token = mistake(
    """Your result is the bits of a token: you have changed nats into bits, and no more. Multiply by the number of tokens,
    and divide by that of the bytes.""",
    replace("bits_per_byte", BITS, "loss / math.log(2)"),
)

tokens_left_out = mistake(
    """You divide the loss of one token by the bytes of the whole text. Multiply it by the number of tokens
    first.""",
    replace("bits_per_byte", BITS, "loss / math.log(2) / len(text.encode())"),
)
