"""What students get wrong in rope."""

from check import also, mistake, replace

EXPONENTS = "torch.arange(0, K, 2, dtype=torch.float64, device=positions.device) / K"
PRODUCT = "positions.to(torch.float64)[..., None] * base**-exponents"
ANGLES = "rope_angles(positions.to(x.device), K, base, torch.float64).unsqueeze(-3)"
PAIR = "x[..., 0::2].to(wide), x[..., 1::2].to(wide)"
TURNED = "torch.stack([first * cos - second * sin, first * sin + second * cos], dim=-1)"

halves = (
    replace("apply_rope", "dim=-1)", "dim=-2)"),
    replace("apply_rope", PAIR, "x.to(wide).chunk(2, dim=-1)"),
)
backwards = (
    replace("apply_rope", "first * cos - second * sin", "first * cos + second * sin"),
    replace("apply_rope", "first * sin + second * cos", "second * cos - first * sin"),
)

half_split = mistake(
    """You lay x or the angles out in halves, as transformers does, so that x[i], or angle i, belongs with what
    stands K/2 further. Here the pairs are neighbours, x[2i] and x[2i + 1]: both are rotations, but weights
    trained for one are wrong for the other.""",
    *halves,
)
half_split_backwards = also(half_split, *halves, *backwards)
angles_in_halves = also(
    half_split,
    replace(
        "apply_rope",
        "    first, second =",
        "    cos, sin = torch.cat([cos, cos], -1), torch.cat([sin, sin], -1)\n    first, second =",
    ),
    replace("apply_rope", PAIR, f"{PAIR}\n    turned = torch.stack([-second, first], dim=-1).flatten(-2)"),
    replace("apply_rope", TURNED, "x.to(wide) * cos + turned * sin"),
    replace("apply_rope", "turned.flatten(-2)", "turned"),
)

turned_backwards = mistake(
    """The signs of your four products are not those of a rotation to the left: at position 1 (1, 0) should become
    (cos 1, sin 1), and (0, 1) should become (-sin 1, cos 1). Which product has the minus sign?""",
    *backwards,
)
no_minus_sign = also(turned_backwards, backwards[0])

pair_exchanged = mistake(
    """A pair does not come back to the places that it came from. At position 0 nothing should change: x[2i]
    comes from 0::2 and goes back there, x[2i + 1] from and to 1::2. What does your last step put side by side?""",
    replace("apply_rope", PAIR, "x[..., 1::2].to(wide), x[..., 0::2].to(wide)"),
)
halves_come_out = also(pair_exchanged, replace("apply_rope", "dim=-1)", "dim=-2)"))

base_ignored = mistake(
    """Your result is the same for every base. Does rope_angles use its argument in place of the 10000, and does
    apply_rope hand its own on?""",
    replace("rope_angles", "* base**", "* 10000.0**"),
)

exponent_doubled = mistake(
    """Your speeds are not base^(-2i/K). With K = 4 and base 10000 they are 1 and 1/100: print yours. Does arange
    in steps of two count 2i already, and is it the exponent alone that is divided by K?""",
    replace("rope_angles", "exponents = ", "exponents = 2 * "),
)
exponent_halved = also(exponent_doubled, replace("rope_angles", "exponents = ", "exponents = 0.5 * "))
power_divided = also(
    exponent_doubled,
    replace("rope_angles", f"{EXPONENTS}\n", f"{EXPONENTS} * K\n"),
    replace("rope_angles", "base**-exponents", "(1 / (base**exponents / K))"),
)
speeds_counted_from_one = also(
    exponent_doubled, replace("rope_angles", "torch.arange(0, K, 2,", "torch.arange(2, K + 2, 2,")
)

positions_ignored = mistake(
    """You do not turn a token by the position that you were given for it. Token t stands at positions[t], which
    need not be t, and positions count from 0: a token at position 0 is not turned at all.""",
    replace(
        "apply_rope", "rope_angles(positions.to(x.device)", "rope_angles(torch.arange(T, device=x.device)"
    ),
)
positions_from_one = also(
    positions_ignored,
    replace("rope_angles", "positions.to(torch.float64)", "(positions + 1).to(torch.float64)"),
)

batch_meets_heads = mistake(
    """Your angles meet the wrong axes of x. For positions (B, T) they have the shape (B, T, K/2), whose first
    axis lines up with the heads of (B, H, T, K); and a reshape into another order moves no number. Give the
    angles an axis of size 1 for the heads.""",
    replace("apply_rope", ".unsqueeze(-3)", ""),
)
reshape_for_transpose = also(
    batch_meets_heads,
    replace("apply_rope", ".unsqueeze(-3)", ".unsqueeze(-2)"),
    replace("apply_rope", "wide = torch", "shape, x = x.shape, x.reshape(B, T, -1, K)\n    wide = torch"),
    replace("apply_rope", "turned.flatten(-2)", "turned.reshape(shape)"),
)

looked_up_in_a_table = mistake(
    """You look positions up in a table, so that only whole numbers work. Positions may lie between two tokens,
    for instance where a context is stretched: compute the angles from the positions themselves.""",
    replace(
        "rope_angles",
        "positions.to(torch.float64)[",
        "torch.arange(int(positions.max()) + 1, dtype=torch.float64)[positions][",
    ),
)

speeds_in_float32 = mistake(
    """Your speeds 1 / base^(2i/K) are float32. At position 1,000,000 their last digit is worth some hundredths
    of a radian: take positions and powers in float64, and round the sines and cosines at the end.""",
    replace("rope_angles", "dtype=torch.float64, device", "device"),
    replace("rope_angles", PRODUCT, "positions[..., None] * (1.0 / base**exponents)"),
)
negative_powers_in_float32 = also(
    speeds_in_float32,
    replace("rope_angles", "dtype=torch.float64, device", "device"),
    replace("rope_angles", PRODUCT, "positions[..., None] * base**-exponents"),
)
exponentials_in_float32 = also(
    speeds_in_float32,
    replace("rope_angles", EXPONENTS, "torch.arange(0, K, 2, device=positions.device)"),
    replace(
        "rope_angles",
        PRODUCT,
        "positions[..., None] * torch.exp(exponents * -(torch.tensor(base).double().log().item() / K))",
    ),
)

turned_in_half_precision = mistake(
    """Half precision needs two steps. Widen x to float32 before you turn it: where two large products nearly
    cancel, their rounding is all that is left, and torch multiplies no half precision by float32 matrices. And
    bring the result back to x's dtype.""",
    replace("apply_rope", "torch.promote_types(x.dtype, torch.float32)", "x.dtype"),
)
result_stays_wide = also(
    turned_in_half_precision, replace("apply_rope", ".flatten(-2).to(x.dtype)", ".flatten(-2)")
)
half_meets_float32_matrices = also(
    turned_in_half_precision,
    replace(
        "apply_rope",
        "    return turned.flatten(-2).to(x.dtype)",
        "    matrices = torch.stack([cos, -sin, sin, cos], dim=-1).unflatten(-1, (2, 2))\n"
        '    return torch.einsum("...ij,...j->...i", matrices, x.unflatten(-1, (-1, 2))).flatten(-2)',
    ),
)

refuses_nothing = mistake(
    """Bad input does not end in the ValueErrors that the docstrings promise. A single position broadcasts and
    turns every token alike, and an odd K stumbles over shapes that do not fit, or over an assert.""",
    replace("rope_angles", "if K % 2:", "if False:"),
    replace("apply_rope", "if positions.shape not in ((T,), (B, T)):", "if False:"),
)

x_turned_in_place = mistake(
    """You write into x, so the caller's queries have changed when you return, a second call turns them twice, and
    a formula that reads x again finds half of it turned already. Make a new tensor: look for an assignment to
    x[...].""",
    replace("apply_rope", "return turned.flatten(-2).to(x.dtype)", "return x.copy_(turned.flatten(-2))"),
)
turned_half_read_again = also(
    x_turned_in_place,
    replace("apply_rope", PAIR, "x[..., 0::2], x[..., 1::2]"),
    replace(
        "apply_rope",
        f"    turned = {TURNED}\n    return turned.flatten(-2).to(x.dtype)",
        "    x[..., 0::2] = first * cos - second * sin\n"
        "    x[..., 1::2] = first * sin + second * cos\n    return x",
    ),
)
