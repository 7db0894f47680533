"""What students get wrong in one_hot and Embedding.forward."""

from check import also, mistake, replace

ONE_HOT = "(ids.unsqueeze(-1) == torch.arange(vocab_size, device=ids.device)).float()"
LOOKUP = "self.weight[ids.long()]"
CHECK = "check_ids(ids, len(self.weight))"

one_hot_of_ints = mistake(
    """Your one-hot rows are whole numbers or booleans. They are to be multiplied with a table of float32: make them
    float32.""",
    replace("one_hot", ".float()", ".long()"),
)

one_hot_transposed = mistake(
    """Your one-hot matrix has the V classes on its first axis. An id becomes a row, so they are on the last one:
    ids of shape (N,) give (N, V).""",
    replace("one_hot", ONE_HOT, "(torch.arange(vocab_size).view(-1, *[1] * ids.ndim) == ids).float()"),
)

counted_from_one = mistake(
    """Your 1 stands one place too early, as if ids counted from 1. The id 0 has its 1 at place 0.""",
    replace("one_hot", "torch.arange(vocab_size, ", "torch.arange(1, vocab_size + 1, "),
)

columns_for_rows = mistake(
    """You take columns of the table. Its first axis counts the V words, its second the D numbers of each: an id selects
    a row.""",
    replace("Embedding.forward", LOOKUP, "self.weight[:, ids.long()]"),
)

shape_lost = mistake(
    """You return one flat list of rows. Ids of shape (2, 3) give (2, 3, D): a new axis comes last, and those before it
    stay.""",
    replace("Embedding.forward", LOOKUP, "self.weight[ids.reshape(-1)]"),
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

left_to_torch = also(
    ids_from_the_end,
    replace("Embedding.forward", CHECK, "pass"),
    replace("Embedding.forward", LOOKUP, "F.embedding(ids.long(), self.weight)"),
)
