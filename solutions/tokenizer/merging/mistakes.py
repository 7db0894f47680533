"""What students get wrong in merge and pair_counts."""

from check import also, mistake, redefine, replace

FOUND = "found = ids[i] == pair[0] and i + 1 < len(ids) and ids[i + 1] == pair[1]"
WHILE = "while i < len(ids):"
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
    replace("merge", WHILE, "while i < len(ids) - 1:"),
)

overlaps_and_last_lost = mistake(
    """Two things at once: after a merge you go on by one id, so that the second half of the pair stays there, and your loop
    ends before the last id, which is lost. A for loop over range(len(ids) - 1) does both.""",
    replace("merge", STEP, "i += 1"),
    replace("merge", WHILE, "while i < len(ids) - 1:"),
)

last_id_twice = mistake(
    """You put the last id at the end in any case. Where it was merged with the one before it is there already.""",
    replace("merge", WHILE, "while i < len(ids) - 1:"),
    replace("merge", "return merged", "return merged + ids[-1:]"),
)

# Many trainings end in this error, whatever else is wrong there: so it is not forgiven.
beyond_the_end = mistake(
    """You look at ids[i + 1] at the last place, too, where there is none: an IndexError. Ask first whether
    i + 1 < len(ids).""",
    replace("merge", "i + 1 < len(ids) and ", ""),
    forgiven=False,
)
beyond_the_end_by_tuples = also(
    beyond_the_end, replace("merge", FOUND, "found = (ids[i], ids[i + 1]) == pair")
)

pair_at_the_end_left = mistake(
    """A pair at the very end is not merged: you stop looking one place too early.""",
    replace("merge", "i + 1 < len(ids)", "i + 2 < len(ids)"),
)

nothing_merged = mistake(
    """You merge nothing: what you compare is never equal. A list such as ids[i : i + 2] is not equal to a tuple.""",
    replace("merge", FOUND, "found = ids[i : i + 2] == pair"),
    forgiven=False,
)


@redefine("merge")
def shortened_in_the_loop(ids, pair, new):
    """You take ids out of the list while a loop goes over the places that it had at first. So the places do not fit any more:
    put the result into a new list."""
    for i in range(len(ids) - 1):
        if ids[i] == pair[0] and ids[i + 1] == pair[1]:
            ids[i] = new
            ids.pop(i + 1)
    return ids


first_place_alone = mistake(
    """You merge the pair in the first place only. It is merged in every place where it stands.""",
    replace("merge", STEP, "i += 2 if found else 1\n        pair = (-1, -1) if found else pair"),
)

changed_in_place = mistake(
    """You change the list that you were given. Whoever calls may need it as it was: make a new list.""",
    replace("merge", "return merged", "ids[:] = merged\n    return ids"),
)

times_ignored = mistake(
    """A piece that occurs 6 times must count 6 times. You count each piece once.""",
    replace("pair_counts", "counts.get(pair, 0) + times", "counts.get(pair, 0) + 1"),
)

overwritten = mistake(
    """Where a pair stands again you set its count anew. Add to what is there: counts[pair] + times.""",
    replace("pair_counts", "counts.get(pair, 0) + times", "times"),
)

last_pair_uncounted = mistake(
    """The last pair of each piece is not counted. A piece of n ids has n - 1 pairs.""",
    replace("pair_counts", EACH, "for pair in pairwise(ids[:-1]):"),
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
