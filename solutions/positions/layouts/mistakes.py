"""What students get wrong in layouts."""

from check import also, mistake, replace

SPLIT, INTERLEAVED = "interleaved_to_split", "split_to_interleaved"
PAIRS, HALVES = "(n_heads, -1, 2)", "(n_heads, 2, -1)"


def both(old, new):
    """Return the same replacement in both functions."""
    return replace(SPLIT, old, new), replace(INTERLEAVED, old, new)


nothing_moves = mistake(
    "Your result is the weight as it was: reshaping there and back moves no number. Between the two, two "
    "axes have to change places: try transpose.",
    *both(".transpose(1, 2)", ""),
    forgiven=False,  # the input as it was
)

conversions_exchanged = mistake(
    "Each of your two functions does the other's work. With K = 4 they are the same, so try K = 6: the rows "
    "0 to 5 should become 0, 2, 4, 1, 3, 5.",
    replace(SPLIT, PAIRS, HALVES),
    replace(INTERLEAVED, HALVES, PAIRS),
)

both_to_split = mistake(
    "Both of your functions go the same way, though each should undo the other: one goes from pairs to halves, "
    "the other from halves to pairs. Look at the order of the 2 and the K/2, and try K = 6, since with K = 4 "
    "the two ways are the same.",
    replace(INTERLEAVED, HALVES, PAIRS),
)
both_to_interleaved = also(both_to_split, replace(SPLIT, PAIRS, HALVES))

heads_mixed = mistake(
    "You split all rows into two halves at once, so that a pair ends up in two different heads. Every head "
    "is converted by itself: use n_heads.",
    replace(SPLIT, PAIRS, "(1, -1, 2)"),
    replace(INTERLEAVED, HALVES, "(1, 2, -1)"),
)

heads_dealt_out = mistake(
    "You take row r for head r % H. A head owns K neighbouring rows, h*K to (h+1)*K - 1: n_heads comes first "
    "when you split the axis.",
    replace(SPLIT, f"{PAIRS}).transpose(1, 2)", "(-1, 2, n_heads)).transpose(0, 1)"),
    replace(INTERLEAVED, f"{HALVES}).transpose(1, 2)", "(2, -1, n_heads)).transpose(0, 1)"),
)

columns_moved = mistake(
    "You reorder the columns, which are the features that go in. The pairs are among the rows, the features "
    "that come out: look at axis 0.",
    *both("weight.unflatten(0", "weight.transpose(0, -1).unflatten(0"),
    *both("reshape(weight.shape)", "flatten(0, 2).transpose(0, -1)"),
)

a_bias_fails = mistake(
    "You need a second axis, but a bias has none: it is (H*K,). Leave the axes after the rows alone instead "
    "of naming them; `unflatten` does.",
    replace(SPLIT, f"weight.unflatten(0, {PAIRS})", "weight.view(n_heads, -1, 2, weight.shape[1])"),
    replace(INTERLEAVED, f"weight.unflatten(0, {HALVES})", "weight.view(n_heads, 2, -1, weight.shape[1])"),
)
two_axes_unpacked = also(
    a_bias_fails,
    *both("return weight", "rows, columns = weight.shape\n    return weight"),
)

weight_changed_in_place = mistake(
    "You write the reordered rows into the weight you were given, so the model it came from is spoilt, and a "
    "second call reorders again. Return a new tensor.",
    *both("return weight", "weight[:] = weight"),
    *both("reshape(weight.shape)", "reshape(weight.shape)\n    return weight"),
)

weight_detached = mistake(
    "The values are right, but no gradient reaches the weight. Look for detach, .data, numpy or no_grad: "
    "there the graph is cut, while indexing and reshaping keep it.",
    *both("weight.unflatten", "weight.detach().unflatten"),
)
