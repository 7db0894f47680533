"""What students get wrong in rope."""

from check import mistake, redefine, replace

PRODUCT = "positions.to(torch.float64)[..., None] * base**-exponents"

half_split = mistake(
    "You pair x[i] with x[i + K/2], as transformers does. Here the pairs are neighbours, x[2i] and x[2i + "
    "1]: both are rotations, but weights trained for one are wrong for the other.",
    replace("apply_rope", "dim=-1)", "dim=-2)"),
    replace("apply_rope", "x[..., 0::2].to(wide), x[..., 1::2].to(wide)", "x.to(wide).chunk(2, dim=-1)"),
)

turned_backwards = mistake(
    "You turn the other way round: (1, 0) at position 1 should become (cos 1, sin 1), with a positive sine. "
    "Which of the four products has the minus sign?",
    replace("apply_rope", "first * cos - second * sin", "first * cos + second * sin"),
    replace("apply_rope", "first * sin + second * cos", "second * cos - first * sin"),
)

pair_exchanged = mistake(
    "You exchange the two members of each pair. At position 0 nothing should change: x[2i] comes from 0::2 "
    "and goes back there, x[2i + 1] from and to 1::2.",
    replace(
        "apply_rope",
        "x[..., 0::2].to(wide), x[..., 1::2].to(wide)",
        "x[..., 1::2].to(wide), x[..., 0::2].to(wide)",
    ),
)

base_ignored = mistake(
    "Your result is the same for every base. Does rope_angles use its argument in place of the 10000, and "
    "does apply_rope hand its own on?",
    replace("rope_angles", "* base**", "* 10000.0**"),
)

batch_meets_heads = mistake(
    "Your angles for positions (B, T) have the shape (B, T, K/2), whose first axis meets the heads of x (B, "
    "H, T, K). If there are as many heads as sequences, nothing complains: give the heads an axis of size 1.",
    replace("apply_rope", ".unsqueeze(-3)", ""),
)

reshape_for_transpose = mistake(
    "You bring heads and tokens into the other order by reshape, which moves no number: tokens of other "
    "heads get each other's positions. Use transpose, or give the angles an axis of size 1 for the heads.",
    replace("apply_rope", ".unsqueeze(-3)", ".unsqueeze(-2)"),
    replace("apply_rope", "wide = torch", "shape, x = x.shape, x.reshape(B, T, -1, K)\n    wide = torch"),
    replace("apply_rope", "turned.flatten(-2)", "turned.reshape(shape)"),
)

looked_up_in_a_table = mistake(
    "You look positions up in a table, so that only whole numbers work. Positions may lie between two "
    "tokens, for instance where a context is stretched: compute the angles from the positions themselves.",
    replace(
        "rope_angles",
        "positions.to(torch.float64)[",
        "torch.arange(int(positions.max()) + 1, dtype=torch.float64)[positions][",
    ),
)

speeds_in_float32 = mistake(
    "Your speeds 1 / base^(2i/K) are float32. At position 1,000,000 their last digit is worth some "
    "hundredths of a radian: take positions and powers in float64, and round the sines and cosines at the "
    "end.",
    replace("rope_angles", "dtype=torch.float64, device", "device"),
    replace("rope_angles", PRODUCT, "positions[..., None] * (1.0 / base**exponents)"),
)


@redefine("apply_rope")
def half_meets_float32_matrices(x, positions, base=10000.0):
    """You multiply half-precision x by matrices in float32, which torch refuses. Widen x before you turn it,
    and bring the result back to its dtype."""
    B, _, T, K = x.shape
    if positions.shape not in ((T,), (B, T)):
        raise ValueError(f"positions has shape {tuple(positions.shape)}; it must be {(T,)} or {(B, T)}")
    angles = rope_angles(positions, K, base, torch.float64).expand(B, T, K // 2)
    cos, sin = angles.cos(), angles.sin()
    matrices = torch.stack([cos, -sin, sin, cos], dim=-1).unflatten(-1, (2, 2))
    matrices = matrices.to(torch.promote_types(x.dtype, torch.float32))
    return torch.einsum("btkij,bhtkj->bhtki", matrices, x.unflatten(-1, (-1, 2))).flatten(-2)


turned_in_half_precision = mistake(
    "You multiply and add in half precision. Where two large products nearly cancel, their rounding is all "
    "that is left: turn in float32 and go back to x's dtype at the end.",
    replace("apply_rope", "torch.promote_types(x.dtype, torch.float32)", "x.dtype"),
)

refuses_nothing = mistake(
    "You refuse no bad input. A single position broadcasts and turns every token alike, and an odd K "
    "stumbles over shapes that do not fit: raise the ValueErrors that the docstrings promise.",
    replace("rope_angles", "if K % 2:", "if False:"),
    replace("apply_rope", "if positions.shape not in ((T,), (B, T)):", "if False:"),
)

x_turned_in_place = mistake(
    "You write the result into x, so the caller's queries have changed when you return, and a second call "
    "turns them twice. Make a new tensor: look for an assignment to x[...].",
    replace("apply_rope", "return turned.flatten(-2).to(x.dtype)", "return x.copy_(turned.flatten(-2))"),
)
