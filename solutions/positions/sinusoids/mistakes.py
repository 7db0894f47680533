"""What students get wrong in sinusoids."""

from check import also, mistake, replace

POSITIONS = "torch.arange(offset, offset + T, dtype=torch.float64)"
EXPONENTS = "torch.arange(0, D, 2, dtype=torch.float64) / D"
SINES, COSINES = "table[:, 0::2] = angles.sin()", "table[:, 1::2] = angles[:, : D // 2].cos()"
IN_FLOAT32 = replace("sinusoidal", "offset + T, dtype=torch.float64)", "offset + T)")

halves_concatenated = mistake(
    """You keep sines and cosines in two halves, as some libraries do. Here they alternate: column 2i is a sine
    and column 2i + 1 the cosine of the same angle.""",
    replace("sinusoidal", "table[:, 0::2] =", "table[:, : (D + 1) // 2] ="),
    replace("sinusoidal", "table[:, 1::2] =", "table[:, (D + 1) // 2 :] ="),
)
half_of_cosines_first = also(
    halves_concatenated,
    replace("sinusoidal", SINES, "table[:, : D // 2] = angles[:, : D // 2].cos()"),
    replace("sinusoidal", COSINES, "table[:, D // 2 :] = angles.sin()"),
)

sines_and_cosines_exchanged = mistake(
    """Your columns are not sine, cosine, sine, cosine. Column 2i is the sine of an angle and column 2i + 1 its
    cosine, so that position 0 is 0, 1, 0, 1.""",
    replace("sinusoidal", SINES, "table[:, 0::2] = angles.cos()"),
    replace("sinusoidal", COSINES, "table[:, 1::2] = angles[:, : D // 2].sin()"),
)

sines_alone = also(
    sines_and_cosines_exchanged,
    replace("sinusoidal", COSINES, "table[:, 1::2] = angles[:, : D // 2].sin()"),
)

exponent_by_column = mistake(
    """Your cosines belong to other angles than the sines beside them: each column has an exponent of its own.
    The two columns of a pair share the exponent 2i/D.""",
    replace(
        "sinusoidal",
        "= angles[:, : D // 2].cos()",
        "= (positions[:, None] / base ** (torch.arange(1, D, 2, dtype=torch.float64) / D)).cos()",
    ),
)
exponent_by_column_doubled = also(
    exponent_by_column,
    replace("sinusoidal", EXPONENTS, f"2 * {EXPONENTS}"),
    replace(
        "sinusoidal",
        "= angles[:, : D // 2].cos()",
        "= (positions[:, None] / base ** (2 * torch.arange(1, D, 2, dtype=torch.float64) / D)).cos()",
    ),
)

exponent_doubled_twice = mistake(
    """Your exponent is not 2i/D, with i counting pairs from 0. If you step through the columns two at a time,
    their numbers are 2i already: print your exponents for D = 4, which should be 0 and 1/2.""",
    replace("sinusoidal", EXPONENTS, f"2 * {EXPONENTS}"),
)
exponent_to_the_last_pair = also(
    exponent_doubled_twice,
    replace("sinusoidal", EXPONENTS, "torch.arange((D + 1) // 2, dtype=torch.float64) / max(D // 2 - 1, 1)"),
)
exponent_by_pair = also(
    exponent_doubled_twice,
    replace("sinusoidal", EXPONENTS, "torch.arange((D + 1) // 2, dtype=torch.float64) / D"),
)

base_of_table_ignored = mistake(
    "Your table is the same for every base. Use the argument in place of the 10000.",
    replace("sinusoidal", "/ base **", "/ 10000.0 **"),
)

offset_ignored = mistake(
    """Your rows stand for other positions than asked: row t is position offset + t, and positions count from 0,
    where all sines are 0.""",
    replace("sinusoidal", "torch.arange(offset, offset + T, ", "torch.arange(T, "),
)
rows_from_one = also(
    offset_ignored,
    replace("sinusoidal", "torch.arange(offset, offset + T, ", "torch.arange(offset + 1, offset + T + 1, "),
)

odd_width_fails = mistake(
    """With an odd D there is one sine more than there are cosines, and yours do not fit into the odd columns.
    How many odd columns are there among D?""",
    replace("sinusoidal", "angles[:, : D // 2].cos()", "angles.cos()"),
)

speeds_of_table_in_float32 = mistake(
    """Your speeds, the powers of the base, are float32. At position 1,000,000 the last digit of a speed is
    worth some hundredths of a radian: take positions and powers in float64.""",
    IN_FLOAT32,
    replace(
        "sinusoidal",
        f"/ base ** ({EXPONENTS})",
        "* torch.exp(torch.arange(0, D, 2) * -(torch.tensor(base).double().log().item() / D))",
    ),
)
powers_of_table_in_float32 = also(
    speeds_of_table_in_float32,
    IN_FLOAT32,
    replace("sinusoidal", f"/ base ** ({EXPONENTS})", "/ base ** (torch.arange(0, D, 2) / D)"),
)
inverse_powers_of_table_in_float32 = also(
    speeds_of_table_in_float32,
    IN_FLOAT32,
    replace("sinusoidal", f"/ base ** ({EXPONENTS})", "* (1.0 / base ** (torch.arange(0, D, 2) / D))"),
)

float64_comes_out = mistake(
    "The values are right, but you return float64. Compute in float64, then round the table to float32.",
    replace("sinusoidal", "torch.empty(T, D, dtype=torch.float32)", "torch.empty(T, D, dtype=torch.float64)"),
)

table_of_three_axes = mistake(
    """Your table has another axis for the batch. Asked for is (T, D), which broadcasts to any batch.""",
    replace("sinusoidal", "return table", "return table[None]"),
)
