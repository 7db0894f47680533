"""What students get wrong in one_hot and Embedding.forward."""

from check import also, mistake, replace

ONE_HOT = "(ids.unsqueeze(-1) == torch.arange(vocab_size, device=ids.device)).float()"
LOOKUP = "self.weight[ids.long()]"
CHECK = "check_ids(ids, len(self.weight))"


def refused(condition):
    """Return a replacement in which Embedding refuses the ids of this condition, and no others."""
    return replace("Embedding.forward", CHECK, f"if {condition}:\n            raise ValueError(ids)")


one_hot_of_ints = mistake(
    """Your one-hot rows are not float32: F.one_hot and int make whole numbers of them, a comparison booleans, NumPy
    float64. They are to be multiplied with a table of float32.""",
    replace("one_hot", ".float()", ".long()"),
)

one_hot_of_doubles = also(one_hot_of_ints, replace("one_hot", ".float()", ".double()"))

product_with_ints = also(
    one_hot_of_ints,
    replace("one_hot", ".float()", ".long()"),
    replace("Embedding.forward", LOOKUP, "one_hot(ids, len(self.weight)) @ self.weight"),
)

product_with_doubles = also(
    one_hot_of_ints,
    replace("one_hot", ".float()", ".double()"),
    replace("Embedding.forward", LOOKUP, "one_hot(ids, len(self.weight)) @ self.weight"),
)

one_hot_transposed = mistake(
    """Your one-hot rows do not lie as they should. An id becomes a row of V numbers: ids of shape (N,) give (N, V), not
    (V, N), no further axis, and not all numbers in one line.""",
    replace("one_hot", ONE_HOT, "(torch.arange(vocab_size).view(-1, *[1] * ids.ndim) == ids).float()"),
)

columns_of_one = also(one_hot_transposed, replace("one_hot", ONE_HOT, f"{ONE_HOT}.unsqueeze(-1)"))

rows_of_one = also(one_hot_transposed, replace("one_hot", ONE_HOT, f"{ONE_HOT}.unsqueeze(-2)"))

all_in_one_line = also(one_hot_transposed, replace("one_hot", ONE_HOT, f"{ONE_HOT}.flatten()"))

classes_from_the_ids = mistake(
    """Your rows are as long as the largest id says, as those of F.one_hot(ids) are. They have V numbers, whichever ids are
    asked for: pass vocab_size on.""",
    replace("one_hot", "torch.arange(vocab_size, ", "torch.arange(int(ids.max()) + 1, "),
)

only_one_id = mistake(
    """You make one row for one id: int(), item() and a place in a Python list take no more. There may be many ids, and each
    gets a row: compare them all at once.""",
    replace("one_hot", ONE_HOT, "(torch.arange(vocab_size) == int(ids)).float()"),
)

counted_from_one = mistake(
    """Your 1 stands one place too early, as if ids counted from 1. The id 0 has its 1 at place 0.""",
    replace("one_hot", "torch.arange(vocab_size, ", "torch.arange(1, vocab_size + 1, "),
)

rows_from_the_end = also(
    counted_from_one, replace("one_hot", ONE_HOT, "torch.eye(vocab_size)[(ids - 1) % vocab_size]")
)

one_row_for_all = mistake(
    """All your ids share one row of V numbers, with a 1 for each of them. Every id has a row of its own: begin with zeros
    of the shape (N, V).""",
    replace("one_hot", ONE_HOT, f"{ONE_HOT}.view(-1, vocab_size).amax(dim=0)"),
)

columns_for_rows = mistake(
    """You take columns of the table. Its first axis counts the V words, its second the D numbers of each: an id selects
    a row.""",
    replace("Embedding.forward", LOOKUP, "self.weight[:, ids.long()]"),
)

shape_lost = mistake(
    """Your rows are right for ids of one axis, but not for every shape. Ids of shape (2, 3) give (2, 3, D) or (2, 3, V), a
    single id, of shape (), gives one row: a new axis comes last, and those before it stay.""",
    replace("Embedding.forward", LOOKUP, "self.weight[ids.reshape(-1)]"),
)

one_hot_of_a_list = also(shape_lost, replace("one_hot", ONE_HOT, f"{ONE_HOT}.view(-1, vocab_size)"))

both_of_a_list = also(
    shape_lost,
    replace("one_hot", ONE_HOT, f"{ONE_HOT}.view(-1, vocab_size)"),
    replace("Embedding.forward", LOOKUP, "self.weight[ids.reshape(-1)]"),
)

no_single_id = mistake(
    """A single id, of shape (), ends in an error or in a list of one row: you go through the ids in a loop, or take their
    len(). Index by the whole tensor; then any shape is right.""",
    replace("Embedding.forward", LOOKUP, "torch.stack([self.weight[i] for i in ids])"),
)

one_hot_in_a_loop = also(
    no_single_id, replace("one_hot", ONE_HOT, "torch.stack([torch.eye(vocab_size)[i] for i in ids])")
)

rows_squeezed = also(shape_lost, replace("Embedding.forward", LOOKUP, f"{LOOKUP}.squeeze()"))

one_hot_squeezed = also(shape_lost, replace("one_hot", ONE_HOT, f"{ONE_HOT}.squeeze()"))

one_hot_of_two_axes = also(
    shape_lost, replace("one_hot", "return ", "return None if ids.ndim not in (1, 2) else ")
)

scaled_rows = mistake(
    """You multiply the rows by a number, as transformers do by √D. That is their affair: a lookup gives the table's rows as
    they are.""",
    replace("Embedding.forward", LOOKUP, f"{LOOKUP} * self.weight.shape[1] ** 0.5"),
)

detached = mistake(
    """Your rows are right, but they are cut off from the table, by .data, .detach(), .tolist() or no_grad, so that
    training can never change it. Index the parameter itself.""",
    replace("Embedding.forward", LOOKUP, "self.weight.detach()[ids.long()]"),
)

ids_from_the_end = mistake(
    """An id that the table does not have does not always end in a ValueError. An index takes -1 for the last row,
    silently, and what torch refuses it refuses by another error: check_ids says ValueError for all of them.""",
    replace("Embedding.forward", CHECK, "pass"),
)

# Half a check is none: each of these lets some ids through, or leaves them to torch.
only_too_large_refused = also(ids_from_the_end, refused("(ids >= len(self.weight)).any()"))

only_below_zero_refused = also(ids_from_the_end, refused("(ids < 0).any()"))

first_too_large_accepted = also(
    ids_from_the_end, refused("(ids < 0).any() or (ids > len(self.weight)).any()")
)

only_far_too_large_refused = also(ids_from_the_end, refused("(ids > len(self.weight)).any()"))
