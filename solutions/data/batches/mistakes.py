"""What students get wrong in pack, collate and batch_indices."""

from check import mistake, redefine, replace

STREAM = "[token for document in documents for token in [*document, end]]"
ROWS = "stream[: len(stream) // context * context].view(-1, context)"
KEEP = "torch.arange(T) < lengths[:, None]"
FILLED = "[*example, *[pad] * (T - len(example))]"
BUCKETS = "[sorted(order[i : i + size], key=lambda k: lengths[k]) for i in range(0, len(order), size)]"
SHUFFLED = "[batches[k] for k in u[: len(batches)].argsort(stable=True)]"

no_end = mistake(
    """There is no end between your documents, so a model reads two of them as one.""",
    replace("pack", "[*document, end]", "document"),
)

end_between_only = mistake(
    """The last document has no end. `end` comes after every document: what follows in the next shard is another
    text.""",
    replace("pack", STREAM, f"{STREAM}[:-1]"),
)


remainder_padded = mistake(
    """You fill up the last row. What does not fill a row is left out: no token of a packed batch is padding.""",
    replace(
        "pack", ROWS, "torch.cat([stream, torch.full((-len(stream) % context,), end)]).view(-1, context)"
    ),
)


@redefine("pack")
def documents_cut_apart(documents, context, end):
    """You cut each document by itself and throw away what is left of it. Rows go on over the end of a document: all are
    one stream, and only its last row can be too short."""
    rows = []
    for document in documents:
        tokens = [*document, end]
        rows += [tokens[i : i + context] for i in range(0, len(tokens) - context + 1, context)]
    return torch.tensor(rows, dtype=torch.int64).view(-1, context)


pad_decides = mistake(
    """You take keep = ids ≠ pad, but pad is also a token, often the one that ends a text. The lengths say what is
    real.""",
    replace("collate", KEEP, "ids != pad"),
)

filled_at_the_left = mistake(
    """You fill up at the left. Padding stands at the right here, so that position t is the same in every row.""",
    replace("collate", FILLED, "[*[pad] * (T - len(example)), *example]"),
    replace("collate", KEEP, "torch.arange(T - 1, -1, -1) < lengths[:, None]"),
)

keep_turned_around = mistake(
    """Your keep is True for padding. True stands for what is real: keep it.""",
    replace("collate", KEEP, "torch.arange(T) >= lengths[:, None]"),
)

batch_is_one_text = mistake(
    """You put all examples into one row, one after the other: a batch of texts has become one text. Each example has a
    row of its own.""",
    replace(
        "collate",
        "    lengths = ",
        "    examples = [[token for example in examples for token in example]]\n    lengths = ",
    ),
)


last_batch_dropped = mistake(
    """The examples that fill no batch are missing. Every index is in one batch; only one may be smaller.""",
    replace(
        "batch_indices",
        "for i in range(0, len(some), batch)]",
        "for i in range(0, len(some) - batch + 1, batch)]",
    ),
)


everything_sorted = mistake(
    """You sort all examples by length, so that the same ones share a batch in every epoch. Sort within buckets of the
    shuffled order.""",
    replace("batch_indices", BUCKETS, "[sorted(order, key=lambda k: lengths[k])]"),
)

examples_in_a_bucket = mistake(
    """Your buckets have `bucket` examples. A bucket is so many batches: bucket · batch examples.""",
    replace("batch_indices", "bucket * batch", "bucket"),
)


batches_in_order = mistake(
    """Your batches come as they were cut, within each bucket from short to long. Shuffle them once more, by the first
    numbers of u.""",
    replace("batch_indices", SHUFFLED, "batches"),
)
