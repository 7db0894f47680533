"""What students get wrong in merge and pair_counts."""

from check import also, mistake, redefine, replace

FOUND = "found = ids[i] == pair[0] and i + 1 < len(ids) and ids[i + 1] == pair[1]"
STEP = "i += 2 if found else 1"
EACH = "for pair in pairwise(ids):"

merge_overlaps = mistake(
    """After a merge you go on by one id, so the second half of the pair stays there, or is used twice. The new id stands for
    both: jump over both.""",
    replace("merge", STEP, "i += 1"),
)

last_id_lost = mistake(
    """The last id is missing where it is not part of a pair. A loop over pairs ends one id early: see to the last one
    yourself.""",
    replace("merge", "while i < len(ids):", "while i < len(ids) - 1:"),
)

first_place_alone = mistake(
    """You merge the pair in the first place only. It is merged in every place where it stands.""",
    replace("merge", STEP, "i += 2 if found else 1\n        pair = (-1, -1) if found else pair"),
)


@redefine("merge")
def merge_from_the_right(ids, pair, new):
    """You merge from the right. In aaa the pair aa is the first two, which leaves the last: begin at the left."""
    merged, i = [], len(ids) - 1
    while i >= 0:
        found = i > 0 and (ids[i - 1], ids[i]) == pair
        merged.append(new if found else ids[i])
        i -= 2 if found else 1
    return merged[::-1]


changed_in_place = mistake(
    """You change the list that you were given. Whoever calls may need it as it was: make a new list.""",
    replace("merge", "return merged", "ids[:] = merged\n    return ids"),
)

times_ignored = mistake(
    """A piece that occurs 6 times must count 6 times. You count each piece once.""",
    replace("pair_counts", "counts.get(pair, 0) + times", "counts.get(pair, 0) + 1"),
)

over_the_border = mistake(
    """You count over the border of two pieces: the last id of one and the first of the next are no pair.""",
    replace(
        "pair_counts",
        f"for ids, times in pieces.items():\n        {EACH}\n            counts[pair] = counts.get(pair, 0) + times",
        "everything = [id for ids, times in pieces.items() for id in ids * times]\n"
        "    for pair in pairwise(everything):\n        counts[pair] = counts.get(pair, 0) + 1",
    ),
)
border_of_different_pieces = also(
    over_the_border,
    replace(
        "pair_counts",
        f"    for ids, times in pieces.items():\n        {EACH}",
        "    last = ()\n    for ids, times in pieces.items():\n        ids, last = last + ids, ids[-1:]\n"
        f"        {EACH}",
    ),
)

once_a_piece = mistake(
    """A pair that stands twice in a piece counts twice in it: abab holds ab two times. You count it once, as a set does.""",
    replace("pair_counts", EACH, "for pair in set(pairwise(ids)):"),
)

overlaps_skipped = mistake(
    """Places that overlap count as well: aaa holds the pair aa twice. Only merging jumps over them.""",
    replace(
        "pair_counts",
        f"{EACH}\n            counts[pair] = counts.get(pair, 0) + times",
        "last = -2\n        for i, pair in enumerate(pairwise(ids)):\n"
        "            if pair[0] == pair[1] and last == i - 1 and ids[last] == pair[0]:\n                continue\n"
        "            last = i\n            counts[pair] = counts.get(pair, 0) + times",
    ),
)
