"""What students get wrong in causal_mask and padding_mask."""

from check import mistake, replace

one_future_token = mistake(
    """Your causal mask lets every query see one token too many, the next one, which is just what the model is
    to predict. Print causal_mask(3): the first row should have a single True.""",
    replace("causal_mask", "tril(diagonal=S - T)", "tril(diagonal=S - T + 1)"),
)

aligned_to_first_keys = mistake(
    """With S > T your queries stand at the first T positions, but they are the last T of the S. Print
    causal_mask(2, 4): the last query should see all four keys.""",
    replace("causal_mask", "tril(diagonal=S - T)", "tril()"),
)

true_means_hidden = mistake(
    """Your mask is True where a query may not look. Here True means "may look", the opposite of what
    nn.MultiheadAttention takes: print causal_mask(3) and padding_mask(torch.tensor([1]), 3).""",
    replace(
        "causal_mask", "torch.ones(T, S, dtype=torch.bool).tril", "~torch.ones(T, S, dtype=torch.bool).tril"
    ),
    replace("padding_mask", "return real", "return ~real"),
)

mask_of_numbers = mistake(
    """Your mask holds the numbers 1 and 0, which can be neither inverted by ~ nor taken by attend. A mask is
    boolean: look at its dtype.""",
    replace("causal_mask", "dtype=torch.bool", "dtype=torch.float32"),
    replace("padding_mask", "return real[:, None, None, :]", "return real[:, None, None, :].float()"),
)

padding_one_too_many = mistake(
    """Your padding mask shows one token too many. A sequence of length 1 has a single real token, which
    stands at position 0: print padding_mask(torch.tensor([1]), 3).""",
    replace("padding_mask", "< lengths[:, None]", "<= lengths[:, None]"),
)

as_wide_as_the_longest = mistake(
    """Your padding mask is as wide as the longest sequence of the batch. It needs a column for each of the S
    keys, also where no sequence has a real token: try padding_mask(torch.tensor([1, 2]), 4).""",
    replace("padding_mask", "torch.arange(S, device", "torch.arange(int(lengths.max()), device"),
)

padding_flat = mistake(
    """Your padding mask has the shape (B, S), which does not broadcast to (B, H, T, S): axes are lined up
    from the right, and B would meet T. Where do axes of size 1 belong?""",
    replace("padding_mask", "return real[:, None, None, :]", "return real"),
)

refuses_nothing = mistake(
    """You accept sizes that no text can have. Try causal_mask(3, 2), and padding_mask on a length of -1 and
    on one beyond S; the docstrings say which error to raise.""",
    replace("causal_mask", "if S < T:", "if False:"),
    replace("padding_mask", "if ((lengths < 0) | (lengths > S)).any():", "if False:"),
)

refuses_empty_sequences = mistake(
    """Your padding_mask refuses the length 0. An empty sequence is padding from end to end, and that is
    allowed: try padding_mask(torch.tensor([0]), 3).""",
    replace("padding_mask", "(lengths < 0)", "(lengths < 1)"),
)

asserts_input = mistake(
    """You refuse bad input with an AssertionError, as assert does, which vanishes under `python -O`. Look up
    which error the docstrings promise.""",
    replace("causal_mask", "raise ValueError(", "raise AssertionError("),
    replace("padding_mask", "raise ValueError(", "raise AssertionError("),
)
