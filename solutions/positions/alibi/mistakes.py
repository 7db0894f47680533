"""What students get wrong in alibi."""

from check import mistake, redefine, replace


@redefine("alibi_slopes")
def plain_formula(n_heads):
    """You use 2^(-8h/n) for every number of heads. The published formula is for powers of two; any other
    number takes the slopes of the power below it and, after these, every other slope of twice that power: write
    them down for 3."""
    return torch.tensor([2 ** (-8 * h / n_heads) for h in range(1, n_heads + 1)])


slopes_next_to_each_other = mistake(
    "For a number that is no power of two you add the first slopes of twice that power one after the other. "
    "Take every other one: the first, third, fifth.",
    replace("alibi_slopes", "range(1, 2 * power, 2)", "range(1, 2 * power)"),
)


@redefine("alibi_slopes")
def cut_from_the_next_power(n_heads):
    """For a number that is no power of two you take the first slopes of the next larger power. Take all of
    the next smaller one, and only what is missing from the larger."""
    power = 1 << (n_heads - 1).bit_length()
    return torch.tensor([2 ** (-8 * h / power) for h in range(1, n_heads + 1)])


halved_from_head_to_head = mistake(
    "You halve the slope from head to head, which is right for 8 heads only. The ratio is 2^(-8/n), so that "
    "the last slope of n is always 2^-8: try 4 heads.",
    replace("alibi_slopes", "8 * h / power for", "h for"),
    replace("alibi_slopes", "4 * h / power for", "h for"),
)

distance_rewarded = mistake(
    "Your scores rise with the distance. The bias is negative: what is far away should count less.",
    replace("alibi_bias", "return -alibi_slopes", "return alibi_slopes"),
)

signed_distance = mistake(
    "Keys after the query get a positive bias. The distance has no sign, it is |i - j|: under a causal mask "
    "nobody sees the difference, in an encoder everybody does.",
    replace("alibi_bias", ".abs()", ""),
)

future_hidden = mistake(
    "You hide the keys after the query. That is the causal mask's job; the bias is finite everywhere and "
    "serves an encoder too.",
    replace("alibi_bias", "* distance_TS", "* distance_TS + torch.full((T, S), -torch.inf).triu(S - T + 1)"),
)

position_of_the_key = mistake(
    "You add slope times the key's position, which under a causal mask gives the same softmax, since a whole "
    "row is raised alike. Asked for is the distance: it is 0 at the query itself.",
    replace(
        "alibi_bias",
        "(torch.arange(S - T, S)[:, None] - torch.arange(S)).abs()",
        "-torch.arange(S).expand(T, S)",
    ),
)

queries_at_the_beginning = mistake(
    "With S > T your queries stand at the first T positions, but they are the last T of the S. Print "
    "alibi_bias(1, 1, 3): the query stands at position 2, so the last number should be 0.",
    replace("alibi_bias", "torch.arange(S - T, S)", "torch.arange(T)"),
)

more_queries_than_keys = mistake(
    "You accept S < T, where the first queries would stand before position 0. The docstring says which error "
    "to raise.",
    replace("alibi_bias", "if S < T:", "if False:"),
)
