"""What students get wrong in learned."""

from check import also, mistake, replace

ADDED = "x + self.table.weight[offset : offset + T]"
REFUSED = "if offset < 0 or offset + T > max_len:"


def forward(old, new):
    return replace("LearnedPositions.forward", old, new)


first_rows_always = mistake(
    "You always add the table's first rows. With an offset the first token stands at position offset, as it "
    "does when a model continues a text.",
    forward("weight[offset : offset + T]", "weight[:T]"),
)
first_rows_unchecked = also(
    first_rows_always,
    forward(REFUSED, "if False:"),
    forward(ADDED, "x + self.table(torch.arange(T))"),
)

one_row_for_all_tokens = mistake(
    "All your tokens get the same row, that of the first of them. Token t gets row offset + t.",
    forward("weight[offset : offset + T]", "weight[offset]"),
)

positions_alone = mistake(
    "You return the positions without the tokens. Add the rows of the table to x.",
    forward(ADDED, "self.table.weight[offset : offset + T].expand_as(x)"),
)

ends_not_checked = mistake(
    "You take rows without asking whether all of them exist, and a slice never complains: past the end it is "
    "cut, maybe to a single row that is then added to every token. Try offset=max_len - 1 with two tokens.",
    forward(REFUSED, "if False:"),
)
length_alone_checked = also(ends_not_checked, forward(REFUSED, "if T > max_len:"))

negative_offset_accepted = mistake(
    "You refuse positions past the end of the table, but not those before its beginning. Try offset=-4: the "
    "slice counts from the end.",
    forward(REFUSED, "if offset + T > max_len:"),
)

index_error_from_the_table = mistake(
    "You refuse a row with an IndexError, as the table does by itself without saying which. The docstring "
    "promises a ValueError: compare the first and the last position with max_len.",
    forward(REFUSED, "if False:"),
    forward(ADDED, "x + self.table(torch.arange(offset, offset + T))"),
)

last_row_refused = mistake(
    "You refuse the last position. Rows 0 to max_len - 1 exist, so offset + T may be as large as max_len.",
    forward("offset + T > max_len", "offset + T >= max_len"),
)

positions_asserted = mistake(
    "You refuse positions with assert, which raises AssertionError and vanishes under `python -O`. The "
    "docstring promises a ValueError.",
    forward(REFUSED, "assert 0 <= offset <= max_len - T\n        if False:"),
)
end_asserted = also(
    positions_asserted,
    forward(REFUSED, "assert offset + T <= max_len\n        if False:"),
    forward(ADDED, "x + self.table(torch.arange(offset, offset + T))"),
)

table_detached = mistake(
    "The values are right, but no gradient reaches the table, so it would never learn. Look for detach, "
    ".data or no_grad: there the graph is cut.",
    forward(ADDED, "x + self.table.weight.data[offset : offset + T]"),
)

x_added_to_in_place = mistake(
    "You add into x itself, so the caller's tensor has changed when you return. Look for += or a method "
    "whose name ends in _: they write into the tensor they are given.",
    forward(ADDED, "x.add_(self.table.weight[offset : offset + T])"),
)
