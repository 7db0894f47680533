"""What students get wrong in orthogonalise."""

from check import also, mistake, replace

ORTHO = "orthogonalise"
TURNED = "x = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix  # the smaller of the two products"
NORMED = "x = x / x.norm().clamp(min=torch.finfo(x.dtype).tiny)"
STEP = "x = a * x + (b * squared + c * squared @ squared) @ x"

not_normalised = mistake(
    """You do not divide by the norm first. The polynomial works on singular values from 0 to 1; what is larger runs away
    within a few steps.""",
    replace(ORTHO, f"    {NORMED}\n", ""),
)

norm_put_back = mistake(
    """You multiply by the norm again at the end. It goes for good: the step is as long for a large gradient as for a small
    one, and its singular values are about 1.""",
    replace(ORTHO, "    return x.T if", "    x = x * matrix.norm()\n    return x.T if"),
)

largest_singular_value = mistake(
    """You divide by the largest singular value, or by the largest entry. The Frobenius norm, the root of the sum of all
    squares, is wanted: it is cheap, and never below the largest singular value.""",
    replace(ORTHO, "x.norm()", "torch.linalg.matrix_norm(x, ord=2)"),
)
largest_entry = also(largest_singular_value, replace(ORTHO, "x.norm()", "x.abs().max()"))

rows_normalised = mistake(
    """You divide each row by its own norm. One number divides the whole matrix, or its singular vectors change.""",
    replace(ORTHO, "x.norm()", "x.norm(dim=-1, keepdim=True)"),
)

elementwise_powers = mistake(
    """You take powers of the entries, one by one. X³ stands for X Xᵀ X here: products of matrices, which act on the
    singular values and leave the vectors alone.""",
    replace(ORTHO, STEP, "x = a * x + b * x**3 + c * x**5"),
)
square_elementwise = also(
    elementwise_powers, replace(ORTHO, "c * squared @ squared", "c * squared * squared")
)

coefficients_exchanged = mistake(
    """The coefficients are mixed up, or are others than COEFFICIENTS. a belongs to X, b to X Xᵀ X, c to (X Xᵀ)² X: with
    steps=1 the card's example must come out.""",
    replace(ORTHO, "a, b, c = COEFFICIENTS", "a, c, b = COEFFICIENTS"),
)
newton_schulz = also(coefficients_exchanged, replace(ORTHO, "COEFFICIENTS", "(15 / 8, -10 / 8, 3 / 8)"))
simple_quintic = also(coefficients_exchanged, replace(ORTHO, "COEFFICIENTS", "(2.0, -1.5, 0.5)"))

other_side = mistake(
    """XᵀX stands on the side where X Xᵀ belongs, so that the shapes of your product do not fit. From the left X is
    multiplied by X Xᵀ, from the right by XᵀX.""",
    replace(ORTHO, "x @ x.T", "x.T @ x"),
)

fifth_power_forgotten = mistake(
    """The fifth power is missing, or is another: it is c (X Xᵀ)² X. Without it small singular values grow slowly, and large
    ones are not held.""",
    replace(ORTHO, " + c * squared @ squared", ""),
)
classical_cubic = also(fifth_power_forgotten, replace(ORTHO, STEP, "x = 1.5 * x - 0.5 * squared @ x"))

exactly_one = mistake(
    """All your singular values are exactly 1: an SVD, or another polynomial, has done it. That is what Muon aims at, but
    not what its five cheap steps give, 0.7 to 1.2, and those are asked for.""",
    replace(
        ORTHO,
        "    return x.T if",
        "    u, _, vh = torch.linalg.svd(x, full_matrices=False)\n    x = u @ vh\n    return x.T if",
    ),
)

in_bfloat16 = mistake(
    """You compute in bfloat16 or in another dtype than the matrix has. Large runs do that for speed, and live with three
    digits; here the matrix keeps its dtype throughout.""",
    replace(ORTHO, TURNED, "matrix = matrix.bfloat16()\n    " + TURNED),
)
in_float32 = also(in_bfloat16, replace(ORTHO, TURNED, "matrix = matrix.float()\n    " + TURNED))

steps_ignored = mistake(
    """You always do five steps. How many is what `steps` says.""",
    replace(ORTHO, "range(steps)", "range(5)"),
)

not_turned_back = mistake(
    """A tall matrix is turned for the sake of speed, but you do not turn it back: (6, 3) comes in, (3, 6) goes out.""",
    replace(ORTHO, "return x.T if matrix.shape[0] > matrix.shape[1] else x", "return x"),
)

nan_for_zero_matrix = mistake(
    """A matrix of zeros is divided by its norm, 0, and becomes NaN. A layer that took no part has such a gradient: see to
    it that nothing is divided by 0.""",
    replace(ORTHO, ".clamp(min=torch.finfo(x.dtype).tiny)", ""),
)

fixed_eps = mistake(
    """The number that guards your norm against 0 is not small beside the norm of a matrix of size 1e-9, which then comes
    out as another than at size 1. A norm that is above 0 divides as it is.""",
    replace(ORTHO, "x.norm().clamp(min=torch.finfo(x.dtype).tiny)", "(x.norm() + 1e-7)"),
)
