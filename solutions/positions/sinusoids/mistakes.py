"""What students get wrong in sinusoids."""

from check import mistake, redefine, replace

halves_concatenated = mistake(
    "You put all sines before all cosines, as some libraries do. Here they alternate: column 2i is a sine "
    "and column 2i + 1 the cosine of the same angle.",
    replace("sinusoidal", "table[:, 0::2] =", "table[:, : (D + 1) // 2] ="),
    replace("sinusoidal", "table[:, 1::2] =", "table[:, (D + 1) // 2 :] ="),
)

angles_only = mistake(
    "You return the angles themselves, so column 0 is just the position. Take the sine in even columns and "
    "the cosine in odd ones: no number of the table is larger than 1.",
    replace("sinusoidal", "angles.sin()", "angles"),
    replace("sinusoidal", "angles[:, : D // 2].cos()", "angles[:, : D // 2]"),
)


@redefine("sinusoidal")
def index_undefined(T, D, base=10000.0, offset=0):
    """You use `i`, which is neither an argument nor defined before. Let it run over the columns: what is
    `torch.arange(D)`?"""
    angle_rates = 1 / base ** ((2 * (i // 2)) / D)
    return torch.arange(offset, offset + T)[:, None] * angle_rates


exponent_by_column = mistake(
    "Your cosines belong to other angles than the sines beside them: each column has an exponent of its own. "
    "The two columns of a pair share the exponent 2i/D.",
    replace(
        "sinusoidal",
        "= angles[:, : D // 2].cos()",
        "= (positions[:, None] / base ** (torch.arange(1, D, 2, dtype=torch.float64) / D)).cos()",
    ),
)

exponent_doubled_twice = mistake(
    "Your exponent is 4i/D where the formula has 2i/D, with i counting pairs. If you step through the "
    "columns two at a time, their numbers are 2i already: print your exponents for D = 4.",
    replace("sinusoidal", "(torch.arange(0", "(2 * torch.arange(0"),
)

base_of_table_ignored = mistake(
    "Your table is the same for every base. Use the argument in place of the 10000.",
    replace("sinusoidal", "/ base **", "/ 10000.0 **"),
)

offset_ignored = mistake(
    "Your first row is position 0 whatever offset says. Row t stands for position offset + t.",
    replace("sinusoidal", "torch.arange(offset, offset + T, ", "torch.arange(T, "),
)

odd_width_fails = mistake(
    "With an odd D there is one sine more than there are cosines, and yours do not fit into the odd columns. "
    "How many odd columns are there among D?",
    replace("sinusoidal", "angles[:, : D // 2].cos()", "angles.cos()"),
)

speeds_of_table_in_float32 = mistake(
    "Your speeds, the powers of the base, are float32. At position 1,000,000 the last digit of a speed is "
    "worth some hundredths of a radian: take positions and powers in float64.",
    replace("sinusoidal", "offset + T, dtype=torch.float64)", "offset + T)"),
    replace(
        "sinusoidal",
        "/ base ** (torch.arange(0, D, 2, dtype=torch.float64) / D)",
        "* torch.exp(torch.arange(0, D, 2) * -(torch.tensor(base).double().log().item() / D))",
    ),
)

float64_comes_out = mistake(
    "The values are right, but you return float64. Compute in float64, then round the table to float32.",
    replace("sinusoidal", "torch.empty(T, D, dtype=torch.float32)", "torch.empty(T, D, dtype=torch.float64)"),
)
