"""What students get wrong in causal_mask and padding_mask."""

from check import also, mistake, replace

TRIANGLE = "torch.ones(T, S, dtype=torch.bool).tril(diagonal=S - T)"

ANY_S = replace("causal_mask", "if S < T:", "if False:")
ANY_LENGTH = replace("padding_mask", "if ((lengths < 0) | (lengths > S)).any():", "if False:")
ASSERTED_S = replace("causal_mask", "raise ValueError(", "raise AssertionError(")
ASSERTED_LENGTHS = replace("padding_mask", "raise ValueError(", "raise AssertionError(")
FUTURE = replace("causal_mask", TRIANGLE, f"~{TRIANGLE}")
PADDING = replace("padding_mask", "return real", "return ~real")

one_future_token = mistake(
    """Your causal mask ends one token too late or too early. A query sees itself and what came before, but not
    the next token, which is just what the model is to predict. Print causal_mask(3): the first row should have
    a single True.""",
    replace("causal_mask", "diagonal=S - T", "diagonal=S - T + 1"),
)
itself_hidden = also(one_future_token, replace("causal_mask", "diagonal=S - T", "diagonal=S - T - 1"))

aligned_to_first_keys = mistake(
    """With S > T your mask does not say that the queries are the last T of the S positions. Print causal_mask(2,
    4): it has two rows of four, and the last query sees all four keys.""",
    replace("causal_mask", "tril(diagonal=S - T)", "tril()"),
)
shifted_the_other_way = also(
    aligned_to_first_keys, replace("causal_mask", "diagonal=S - T", "diagonal=T - S")
)
keys_not_counted = also(
    aligned_to_first_keys, replace("causal_mask", TRIANGLE, "torch.ones(T, T).tril() > 0")
)

true_means_hidden = mistake(
    """Your mask is True where a query may not look. Here True means "may look", the opposite of what
    nn.MultiheadAttention takes: print causal_mask(3) and padding_mask(torch.tensor([1]), 3).""",
    FUTURE,
    PADDING,
)
true_means_future = also(true_means_hidden, FUTURE)
true_means_padding = also(true_means_hidden, PADDING)

mask_of_numbers = mistake(
    """Your mask holds numbers, be they 1 and 0 or 0 and -inf, which can be neither inverted by ~ nor taken by
    attend. A mask is boolean: look at its dtype.""",
    replace("causal_mask", TRIANGLE, "torch.ones(T, S).tril(diagonal=S - T)"),
    replace("padding_mask", "return real[:, None, None, :]", "return real[:, None, None, :].float()"),
)
causal_mask_of_numbers = also(
    mask_of_numbers, replace("causal_mask", TRIANGLE, "torch.ones(T, S).tril(diagonal=S - T)")
)
padding_mask_of_numbers = also(
    mask_of_numbers, replace("padding_mask", "real[:, None, None, :]", "real[:, None, None, :].float()")
)
mask_to_be_added = also(
    mask_of_numbers,
    replace("causal_mask", TRIANGLE, "torch.full((T, S), -torch.inf).triu(diagonal=S - T + 1)"),
)

padding_one_too_many = mistake(
    """Your padding mask ends one token too late or too early. A sequence of length 1 has a single real token,
    which stands at position 0: print padding_mask(torch.tensor([1]), 3).""",
    replace("padding_mask", "< lengths[:, None]", "<= lengths[:, None]"),
)
padding_one_too_few = also(
    padding_one_too_many, replace("padding_mask", "< lengths[:, None]", "< lengths[:, None] - 1")
)

as_wide_as_the_longest = mistake(
    """Your padding mask is as wide as the longest sequence of the batch. It needs a column for each of the S
    keys, also where no sequence has a real token: try padding_mask(torch.tensor([1, 2]), 4).""",
    replace("padding_mask", "torch.arange(S, device", "torch.arange(int(lengths.max()), device"),
)

padding_flat = mistake(
    """Your mask has another shape than asked: causal_mask gives (T, S) and padding_mask (B, 1, 1, S). Axes are
    lined up from the right, and B must meet neither T nor H: where do axes of size 1 belong?""",
    replace("padding_mask", "return real[:, None, None, :]", "return real"),
)
padding_of_three_axes = also(padding_flat, replace("padding_mask", "[:, None, None, :]", "[:, None, :]"))
causal_of_three_axes = also(padding_flat, replace("causal_mask", TRIANGLE, f"{TRIANGLE}[None]"))
causal_of_four_axes = also(padding_flat, replace("causal_mask", TRIANGLE, f"{TRIANGLE}[None, None]"))

refuses_nothing = mistake(
    """You accept sizes that no text can have. Try causal_mask(3, 2), and padding_mask on a length of -1 and
    on one beyond S; the docstrings say which error to raise.""",
    ANY_S,
    ANY_LENGTH,
)
any_number_of_keys = also(refuses_nothing, ANY_S)
any_length = also(refuses_nothing, ANY_LENGTH)
negative_length = also(refuses_nothing, replace("padding_mask", "(lengths < 0) | ", ""))

refuses_empty_sequences = mistake(
    """Your padding_mask refuses the length 0. An empty sequence is padding from end to end, and that is
    allowed: try padding_mask(torch.tensor([0]), 3).""",
    replace("padding_mask", "(lengths < 0)", "(lengths < 1)"),
)

asserts_input = mistake(
    """You refuse bad input with an AssertionError, as assert does, which vanishes under `python -O`. Look up
    which error the docstrings promise.""",
    ASSERTED_S,
    ASSERTED_LENGTHS,
)
number_of_keys_asserted = also(asserts_input, ASSERTED_S)
lengths_asserted = also(asserts_input, ASSERTED_LENGTHS)
