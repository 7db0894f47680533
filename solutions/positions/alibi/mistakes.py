"""What students get wrong in alibi."""

from check import also, mistake, redefine, replace

DISTANCES = "(torch.arange(S - T, S)[:, None] - torch.arange(S)).abs()"


@redefine("alibi_slopes")
def plain_formula(n_heads):
    """You use 2^(-8h/n) for every number of heads. The published formula is for powers of two; any other
    number takes the slopes of the power below it and, after these, every other slope of twice that power: write
    them down for 3."""
    return torch.tensor([2 ** (-8 * h / n_heads) for h in range(1, n_heads + 1)])


slopes_next_to_each_other = mistake(
    "For a number that is no power of two, what comes after the slopes of the power below it is every other "
    "slope of twice that power: the first, third, fifth, in this order and at the end.",
    replace("alibi_slopes", "range(1, 2 * power, 2)", "range(1, 2 * power)"),
)
every_other_from_the_second = also(
    slopes_next_to_each_other, replace("alibi_slopes", "range(1, 2 * power, 2)", "range(2, 2 * power, 2)")
)
slopes_sorted = also(
    slopes_next_to_each_other, replace("alibi_slopes", "exponents[:n_heads]", "sorted(exponents[:n_heads])")
)


@redefine("alibi_slopes")
def cut_from_the_next_power(n_heads):
    """For a number that is no power of two you take the first slopes of the next larger power. Take all of
    the next smaller one, and only what is missing from the larger."""
    power = 1 << (n_heads - 1).bit_length()
    return torch.tensor([2 ** (-8 * h / power) for h in range(1, n_heads + 1)])


halved_from_head_to_head = mistake(
    "For a power of two n your slopes are not 2^(-8h/n) with h from 1 to n. The ratio from head to head is "
    "2^(-8/n), which is a half for 8 heads only, and the last slope is always 2^-8: try 4 heads.",
    replace("alibi_slopes", "8 * h / power for", "h for"),
    replace("alibi_slopes", "4 * h / power for", "h for"),
)
slope_of_one_first = also(
    halved_from_head_to_head,
    replace("alibi_slopes", "1 << (n_heads.bit_length() - 1)", "n_heads"),
    replace("alibi_slopes", "range(1, power + 1)", "range(power)"),
)

slopes_that_rise = also(
    halved_from_head_to_head,
    replace(
        "alibi_slopes",
        "8 * h / power for h in range(1, power + 1)",
        "8 * h / power for h in range(power, 0, -1)",
    ),
)

slopes_in_float64 = mistake(
    "Your slopes are float64. Asked for is float32, which is what scores have: give torch.tensor a dtype.",
    replace("alibi_slopes", "dtype=torch.float32", "dtype=torch.float64"),
)

distance_rewarded = mistake(
    "Your scores rise with the distance of the keys before the query. The bias is negative: what is far away "
    "should count less.",
    replace("alibi_bias", "return -alibi_slopes", "return alibi_slopes"),
)
signed_distance_rewarded = also(
    distance_rewarded,
    replace("alibi_bias", "return -alibi_slopes", "return alibi_slopes"),
    replace("alibi_bias", ".abs()", ""),
)

signed_distance = mistake(
    "Keys after the query do not fall off as those before it do. The distance has no sign, it is |i - j|, and "
    "the bias is finite everywhere, so that it serves an encoder too; hiding is the causal mask's job.",
    replace("alibi_bias", ".abs()", ""),
)
future_at_zero = also(signed_distance, replace("alibi_bias", ".abs()", ".clamp(min=0)"))
future_hidden = also(
    signed_distance,
    replace("alibi_bias", "* distance_TS", "* distance_TS + torch.full((T, S), -torch.inf).triu(S - T + 1)"),
)

position_of_the_key = mistake(
    "You add slope times the key's position, from one end of the text or the other, which under a causal mask "
    "gives the same softmax, since a whole row is raised alike. Asked for is the distance: it is 0 at the "
    "query itself.",
    replace("alibi_bias", DISTANCES, "-torch.arange(S).expand(T, S)"),
)
position_from_the_end = also(
    position_of_the_key, replace("alibi_bias", DISTANCES, "(S - 1 - torch.arange(S)).expand(T, S)")
)

queries_at_the_beginning = mistake(
    "With S > T your queries stand at the first T positions, but they are the last T of the S. Print "
    "alibi_bias(1, 1, 3): the query stands at position 2, so the last number should be 0.",
    replace("alibi_bias", "torch.arange(S - T, S)", "torch.arange(T)"),
)

bias_of_another_shape = mistake(
    "Your bias has not the shape (H, T, S): a row for each of the T queries, a column for each of the S keys, "
    "and no axis for the batch.",
    replace(
        "alibi_bias",
        "return -alibi_slopes(n_heads)[:, None, None]",
        "return -alibi_slopes(n_heads)[None, :, None, None]",
    ),
)
bias_of_all_positions = also(
    bias_of_another_shape, replace("alibi_bias", "torch.arange(S - T, S)", "torch.arange(S)")
)
bias_of_one_row = also(bias_of_another_shape, replace("alibi_bias", DISTANCES, "-torch.arange(S)[None]"))

more_queries_than_keys = mistake(
    "You accept S < T, where the first queries would stand before position 0. The docstring says which error "
    "to raise.",
    replace("alibi_bias", "if S < T:", "if False:"),
)
