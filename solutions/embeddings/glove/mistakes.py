"""What students get wrong in cooccurrence and glove_loss."""

from check import also, mistake, redefine, replace

BOTH_WAYS = "(pairs + pairs.T)"
LOG = "x.log()"
KEPT = "x = widen(counts[counts > 0])"
BIASES = "widen(b).unsqueeze(1) + widen(b_ctx)"
DISTANCES = "range(1, min(window, len(ids) - 1) + 1)"
PRODUCT = "widen(w) @ widen(w_ctx).T"
SUM = "((x / x_max).clamp(max=1) ** alpha * residuals**2).sum()"

OWN = "scores[counts > 0] - x.log()"
PRODUCTS = f"({PRODUCT})[counts > 0]"

repeats_counted_once = mistake(
    """A pair of words that comes again adds nothing in your table: X[i, j] += 1 with an index that occurs twice adds
    once. Use bincount, or index_put_ with accumulate=True.""",
    replace("cooccurrence", "minlength=vocab_size**2)", "minlength=vocab_size**2).clamp(max=1)"),
)

not_symmetric = mistake(
    """Your pairs of places are not all there, or count twice. Any two places at most `window` steps apart add once to [i, j]
    and once to [j, i], at the ends of the text too; range(i - window, i + window) stops a step early.""",
    replace("cooccurrence", BOTH_WAYS, "pairs"),
)

only_words_before = also(not_symmetric, replace("cooccurrence", BOTH_WAYS, "pairs.T"))

window_too_short = also(not_symmetric, replace("cooccurrence", BOTH_WAYS, "(pairs.T + pairs * (d < window))"))

pairs_counted_twice = also(not_symmetric, replace("cooccurrence", BOTH_WAYS, "2 * (pairs + pairs.T)"))

next_words_only = also(
    not_symmetric, replace("cooccurrence", DISTANCES, "range(1, min(1, len(ids) - 1) + 1)")
)

last_step_missing = also(not_symmetric, replace("cooccurrence", DISTANCES, "range(1, min(window, len(ids)))"))

one_step_too_far = also(
    not_symmetric, replace("cooccurrence", DISTANCES, "range(1, min(window + 1, len(ids) - 1) + 1)")
)


def around(places):
    """Return replacements that look around some of the places `at`, and from those to both sides."""
    counted = "torch.bincount(cells, minlength=vocab_size**2)"
    back = counted.replace("cells", "cells[seen[d:]]") + ".view(vocab_size, vocab_size).T"
    new = f"at = torch.arange(len(ids))\n        seen = {places}\n        back = {back}\n        pairs = "
    return (
        replace("cooccurrence", f"pairs = {counted}", new + counted.replace("cells", "cells[seen[:-d]]")),
        replace("cooccurrence", BOTH_WAYS, "(pairs + back)"),
    )


ends_left_out = also(not_symmetric, *around("(at >= window) & (at < len(ids) - window)"))

first_place_only = also(not_symmetric, *around("at == 0"))

diagonal_once = mistake(
    """Pairs of equal words count too little in your table, or not at all. Such a pair adds to [i, j] and to [j, i] like any
    other, which is twice to one cell.""",
    replace("cooccurrence", BOTH_WAYS, "(pairs + pairs.T - pairs.diag().diag())"),
)

equal_words_skipped = also(
    diagonal_once, replace("cooccurrence", BOTH_WAYS, "(pairs + pairs.T - 2 * pairs.diag().diag())")
)

distance_ignored = mistake(
    """Your pairs add other numbers than 1/d, or 1 where harmonic is False: d is how many steps the two words are apart, 1 for
    neighbours, and harmonic makes a difference.""",
    replace("cooccurrence", "(d if harmonic else 1)", "1"),
)

harmonic_ignored = also(distance_ignored, replace("cooccurrence", "(d if harmonic else 1)", "d"))

distance_from_zero = also(
    distance_ignored, replace("cooccurrence", "(d if harmonic else 1)", "(d + 1 if harmonic else 1)")
)

distance_squared = also(
    distance_ignored, replace("cooccurrence", "(d if harmonic else 1)", "(d**2 if harmonic else 1)")
)

whole_numbers = mistake(
    """Your table holds whole numbers. 1/distance is none, and the logarithms that follow need float32: make the table of
    floats.""",
    replace("cooccurrence", "total.float()", "total.long()"),
)


cut_to_whole_numbers = also(
    whole_numbers,
    replace("cooccurrence", "/ (d if harmonic else 1)", "* (1 // d if harmonic else 1)"),
    replace("cooccurrence", "total.float()", "total.long()"),
)


@redefine("cooccurrence")
def one_hot_text(ids, vocab_size, window, harmonic=True):
    """Your counts are right, but on the way the whole text becomes one-hot rows, N · V numbers: 100,000 words of a
    vocabulary of 50,000 would take 20 GB. The two ids of a pair name its cell: count cells."""
    rows = F.one_hot(ids.long(), vocab_size).double()
    total = torch.zeros(vocab_size, vocab_size, dtype=torch.float64)
    for d in range(1, min(window, len(ids) - 1) + 1):
        pairs = rows[:-d].T @ rows[d:]
        total += (pairs + pairs.T) / (d if harmonic else 1)
    return total.float()


no_cap = mistake(
    """Your weight grows beyond 1. From x_max on all counts weigh the same, so that "the" does not decide everything.""",
    replace("glove_loss", ".clamp(max=1)", ""),
)

nan_from_log_zero = mistake(
    """A cell without a count makes your loss NaN: ln 0 is -inf, and its weight 0 times inf is no number. Leave these
    cells out before the logarithm.""",
    replace("glove_loss", KEPT, "x = widen(counts)"),
    replace("glove_loss", "scores[counts > 0]", "scores"),
)

nan_gradient = mistake(
    """Your loss is right, but its gradient is NaN where two words never met: torch.where or a mask drops these cells
    only after the logarithm, and backward goes through it all the same. Select the cells first, or put 1 into the empty
    ones.""",
    replace("glove_loss", KEPT, "x = widen(counts)"),
    replace("glove_loss", "scores[counts > 0]", "scores"),
    replace("glove_loss", SUM, f"torch.where(counts > 0, {SUM[:-6]}, 0).sum()"),
)

unweighted = mistake(
    """What was seen once has full weight in your loss. Each square is multiplied by min((x / x_max)^α, 1), so that rare pairs
    say little.""",
    replace("glove_loss", "(x / x_max).clamp(max=1) ** alpha * ", ""),
)

unweighted_from_a_half = also(
    unweighted,
    replace("glove_loss", KEPT, "x = widen(counts) + 0.5"),
    replace("glove_loss", "scores[counts > 0]", "scores"),
    replace("glove_loss", "(x / x_max).clamp(max=1) ** alpha * ", ""),
)

capped_from_below = also(unweighted, replace("glove_loss", ".clamp(max=1)", ".clamp(min=1)"))

weight_squared = mistake(
    """You square the weight, too. It stands before the square: first the difference is squared, then it is multiplied by
    min((x / x_max)^α, 1).""",
    replace("glove_loss", SUM, "((x / x_max).clamp(max=1) ** alpha * residuals).square().sum()"),
)

settings_fixed = mistake(
    """Your program takes a fixed number for x_max or for α. 100 and 0.75 are what they are if the caller says nothing; else
    they are what the caller says.""",
    replace("glove_loss", "(x / x_max).clamp(max=1) ** alpha", "(x / 100).clamp(max=1) ** 0.75"),
)

alpha_fixed = also(settings_fixed, replace("glove_loss", "** alpha * ", "** 0.75 * "))

alpha_left_out = also(settings_fixed, replace("glove_loss", "** alpha * ", "* "))

x_max_fixed = also(settings_fixed, replace("glove_loss", "(x / x_max).clamp", "(x / 100).clamp"))

biases_broadcast = mistake(
    """Shapes (P, 1) and (P,) meet in your loss and make P times P numbers, so that the cells' scores and counts are mixed.
    Each score has one bias of its row and one of its column, and meets its own count: see to it that all have one shape.""",
    replace("glove_loss", OWN, f"{PRODUCTS} + ({BIASES})[counts > 0].unsqueeze(1) - x.log()"),
)

scores_broadcast = also(
    biases_broadcast, replace("glove_loss", OWN, "scores[counts > 0].unsqueeze(1) - x.log()")
)

zeros_counted_as_one = mistake(
    """Your scores are not to be near ln x: you take ln(1 + x), another logarithm, x itself, or add ln x. The square is of
    the score minus the natural logarithm of x; cells with x = 0 have no part in the loss.""",
    replace("glove_loss", LOG, "x.log1p()"),
)

logarithm_added = also(zeros_counted_as_one, replace("glove_loss", "- x.log()", "+ x.log()"))

logarithm_to_the_base_ten = also(zeros_counted_as_one, replace("glove_loss", LOG, "x.log10()"))

logarithm_to_the_base_two = also(zeros_counted_as_one, replace("glove_loss", LOG, "x.log2()"))

counts_as_they_are = also(zeros_counted_as_one, replace("glove_loss", LOG, "x"))

ones_added = also(
    zeros_counted_as_one,
    replace("glove_loss", KEPT, "x = widen(counts) + 1"),
    replace("glove_loss", "scores[counts > 0]", "scores"),
)

# This makes two mistakes at once, so that it stands under both hints.
UNWEIGHTED_LOGS_OF_ALL = (
    replace("glove_loss", KEPT, "x = widen(counts)"),
    replace("glove_loss", "scores[counts > 0]", "scores"),
    replace("glove_loss", LOG, "x.log1p()"),
    replace("glove_loss", "(x / x_max).clamp(max=1) ** alpha * ", ""),
)
zeros_counted_unweighted = also(zeros_counted_as_one, *UNWEIGHTED_LOGS_OF_ALL)
unweighted_with_zeros = also(unweighted, *UNWEIGHTED_LOGS_OF_ALL)

biases_exchanged = mistake(
    """Your tables or biases stand on the wrong axes, or one of the four is missing or comes twice. w and b belong to the rows,
    w̃ and b̃ to the columns: cell [i, j] has w[i] · w̃[j] + b[i] + b̃[j].""",
    replace("glove_loss", BIASES, "widen(b) + widen(b_ctx).unsqueeze(1)"),
)

both_on_columns = also(biases_exchanged, replace("glove_loss", BIASES, "widen(b) + widen(b_ctx)"))

biases_missing = also(biases_exchanged, replace("glove_loss", f" + {BIASES}", ""))

bias_of_rows_only = also(biases_exchanged, replace("glove_loss", BIASES, "widen(b).unsqueeze(1)"))

bias_of_columns_only = also(biases_exchanged, replace("glove_loss", BIASES, "widen(b_ctx)"))

one_bias_twice = also(biases_exchanged, replace("glove_loss", BIASES, "widen(b).unsqueeze(1) + widen(b)"))

one_table_twice = also(biases_exchanged, replace("glove_loss", PRODUCT, "widen(w) @ widen(w).T"))

tables_exchanged = also(biases_exchanged, replace("glove_loss", PRODUCT, "widen(w_ctx) @ widen(w).T"))

mean_not_sum = mistake(
    """Your loss is no plain sum over the cells: it is a number for each of them, or has a factor before it, such as that of a
    mean over cells or rows, or the ½ of some least squares. It is one number, the sum, each cell with its weight.""",
    replace("glove_loss", ").sum()", ").mean()"),
)

mean_over_rows = also(mean_not_sum, replace("glove_loss", ").sum()", ").sum() / len(w)"))

mean_over_all_cells = also(mean_not_sum, replace("glove_loss", ").sum()", ").sum() / counts.numel()"))

halved = also(mean_not_sum, replace("glove_loss", ").sum()", ").sum() / 2"))

loss_of_each_cell = also(mean_not_sum, replace("glove_loss", ").sum()", ")"))
