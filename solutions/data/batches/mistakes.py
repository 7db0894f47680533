"""What students get wrong in pack, collate and batch_indices."""

from check import also, mistake, redefine, replace

STREAM = "[token for document in documents for token in [*document, end]]"
ROWS = "stream[: len(stream) // context * context].view(-1, context)"
KEEP = "torch.arange(T) < lengths[:, None]"
FILLED = "[*example, *[pad] * (T - len(example))]"
BUCKETS = "[sorted(order[i : i + size], key=lambda k: lengths[k]) for i in range(0, len(order), size)]"
SHUFFLED = "[batches[k] for k in u[: len(batches)].argsort(stable=True)]"

no_end = mistake(
    """Your documents do not end in `end`: it is missing, or it stands in front of them. It comes after each, also
    after one that is empty or already ends in it, so that a model learns where a text ends.""",
    replace("pack", "[*document, end]", "document"),
)

end_between_only = mistake(
    """Where the stream fills its last row exactly, your version has a row less. Either the last document has no `end`, which
    comes after every document, or your loop stops one row early.""",
    replace("pack", STREAM, f"{STREAM}[:-1]"),
)


end_in_front = also(
    no_end,
    replace("pack", "[*document, end]", "[end, *document]"),
)
empty_ones_left_out = also(
    no_end,
    replace(
        "pack", STREAM, STREAM.replace("in [*document, end]", "in ([*document, end] if document else [])")
    ),
)

rows_overlap = mistake(
    """Your rows begin at every token, so that each is nearly the one before. Cut the stream: the next row begins where the last
    one ended.""",
    replace("pack", ROWS, "stream.unfold(0, context, 1)"),
)
rows_overlap_but_the_last = also(rows_overlap, replace("pack", ROWS, "stream[:-1].unfold(0, context, 1)"))

remainder_padded = mistake(
    """Rows are not full, are filled up, or are longer than `context`. All documents are one stream, cut into rows; what does not
    fill the last is left out, and no token of a packed batch is padding.""",
    replace(
        "pack", ROWS, "torch.cat([stream, torch.full((-len(stream) % context,), end)]).view(-1, context)"
    ),
)


remainder_padded_with_another = also(
    remainder_padded,
    replace(
        "pack", ROWS, "torch.cat([stream, torch.full((-len(stream) % context,), -100)]).view(-1, context)"
    ),
)


@redefine("pack")
def documents_kept_whole(documents, context, end):
    """Rows are not full, are filled up, or are longer than `context`. All documents are one stream, cut into rows; what does not
    fill the last is left out, and no token of a packed batch is padding."""
    rows, row = [], []
    for document in documents:
        if row and len(row) + len(document) + 1 > context:
            rows, row = [*rows, row], []
        row = [*row, *document, end]
    return torch.tensor([*rows, row], dtype=torch.int64)


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

tokens_first = mistake(
    """Your tensors have the shape (T, B): `pad_sequence` puts time first unless batch_first=True. A row is an example.""",
    replace("collate", "return ids, " + KEEP, "return ids.T, (" + KEEP + ").T"),
)

filled_with_zero = mistake(
    """Your padding is another, or there is none. Rows are filled up with `pad`, not with 0, which may be a token like any other, and to the longest
    example of this batch, not to a fixed length.""",
    replace("collate", FILLED, "[*example, *[0] * (T - len(example))]"),
)
filled_to_a_fixed_length = also(
    filled_with_zero, replace("collate", "T = int(lengths.max())", "T = int(lengths.max()) + 64")
)
not_filled_up = also(
    filled_with_zero,
    replace(
        "collate", f"torch.tensor([{FILLED} for", "torch.stack([torch.tensor(example, dtype=torch.int64) for"
    ),
    replace("collate", "for example in examples], dtype=torch.int64)", "for example in examples])"),
)

mask_of_numbers = mistake(
    """A type is another one. Rows and ids are tensors of int64, not lists, also where there are no tokens, of which torch makes
    float32 unless it is told; keep is boolean, not 0 and 1.""",
    replace("collate", "return ids, " + KEEP, "return ids, (" + KEEP + ").long()"),
)

dtype_of_nothing = also(
    mask_of_numbers,
    replace("collate", "for example in examples], dtype=torch.int64)", "for example in examples])"),
)


rows_in_lists = also(mask_of_numbers, replace("pack", ROWS, f"{ROWS}.tolist()"))


last_batch_dropped = mistake(
    """The examples that fill no batch are missing. Every index is in one batch; only one may be smaller.""",
    replace(
        "batch_indices",
        "for i in range(0, len(some), batch)]",
        "for i in range(0, len(some) - batch + 1, batch)]",
    ),
)


everything_sorted = mistake(
    """You sort all examples by length first, or none, draw an order of your own, or leave them as they came. Put them in the order of u,
    cut this into buckets, and sort within each of these alone.""",
    replace("batch_indices", BUCKETS, "[sorted(order, key=lambda k: lengths[k])]"),
)
SORTED = "sorted(order, key=lambda k: lengths[k])"
shuffled_within_sorted_buckets = also(
    everything_sorted,
    replace(
        "batch_indices",
        BUCKETS,
        f"[sorted({SORTED}[i : i + size], key=lambda k: u[k]) for i in range(0, len(order), size)]",
    ),
)

examples_in_a_bucket = mistake(
    """Your buckets have another size: `bucket` is neither how many examples are in one nor how many buckets there are. A bucket is
    so many batches: bucket · batch examples.""",
    replace("batch_indices", "bucket * batch", "bucket"),
)
number_of_buckets = also(
    examples_in_a_bucket, replace("batch_indices", "bucket * batch", "-(-len(lengths) // bucket)")
)


batches_in_order = mistake(
    """Your batches come as they were cut, shuffled within each bucket alone, with the longest first, or in an order that you draw
    yourself. Sort all of them together by the first numbers of u.""",
    replace("batch_indices", SHUFFLED, "batches"),
)
cut_from_long_to_short = also(
    batches_in_order,
    replace("batch_indices", SHUFFLED, "batches"),
    replace("batch_indices", "key=lambda k: lengths[k]", "key=lambda k: -lengths[k]"),
)

longest_first = mistake(
    """You sort from long to short. Within a bucket the shortest comes first.""",
    replace("batch_indices", "key=lambda k: lengths[k]", "key=lambda k: -lengths[k]"),
)

longest_batch_first = also(
    batches_in_order,
    replace("batch_indices", "key=lambda k: lengths[k]", "key=lambda k: -lengths[k]"),
    replace(
        "batch_indices",
        f"return {SHUFFLED}",
        "first = max(range(len(batches)), key=lambda k: lengths[batches[k][0]])\n"
        "    batches[0], batches[first] = batches[first], batches[0]\n"
        "    return [batches[0], *(batches[k + 1] for k in u[: len(batches) - 1].argsort(stable=True))]",
    ),
)

shuffled_within_buckets = also(
    batches_in_order,
    replace(
        "batch_indices",
        SHUFFLED,
        "[batches[i + k] for i in range(0, len(batches), bucket) for k in u[: len(batches[i : i + bucket])].argsort()]",
    ),
)


end_where_there_is_none = also(
    no_end,
    replace("pack", "[*document, end]", "(document if [*document][-1:] == [end] else [*document, end])"),
)

not_sorted_within = also(
    everything_sorted,
    replace("batch_indices", "sorted(order[i : i + size], key=lambda k: lengths[k])", "order[i : i + size]"),
)

shuffled_within_by_further_numbers = also(
    batches_in_order,
    replace(
        "batch_indices",
        SHUFFLED,
        "[batches[i + k] for i in range(0, len(batches), bucket) for k in u[i : i + len(batches[i : i + bucket])].argsort()]",
    ),
)
