"""What students get wrong in nearest and analogy."""

from check import also, mistake, replace

ROWS = "F.normalize(widen(vectors), dim=-1)"
COSINES = f"({ROWS} * F.normalize(widen(query), dim=-1)).sum(dim=-1)"
SORTED = "torch.sort(cosines, descending=True, stable=True).indices"
EXCLUDED = "exclude=(a, b, c) if exclude_inputs else ()"
CALL = f"return nearest(vectors, king - man + woman, k, {EXCLUDED})"
OWN_SEARCH = f"""cosines = {ROWS} @ (king - man + woman)
    if exclude_inputs:
        cosines[[a, b, c]] = -torch.inf
    return cosines.argsort(descending=True)[:k]"""

dot_product = mistake(
    """You compare dot products, so that long rows win. A cosine is the dot product of rows of length 1: only directions
    count.""",
    replace("nearest", COSINES, "(vectors * query).sum(dim=-1)"),
)

euclidean = mistake(
    """You compare distances. They agree with cosines only between rows of length 1: scale rows and query first, or take
    the cosine.""",
    replace("nearest", COSINES, "-(vectors - query).norm(dim=-1)"),
)

smallest_first = mistake(
    """You return the rows that point away most. The highest cosine comes first; sorting goes upwards unless you say
    descending=True.""",
    replace("nearest", "descending=True", "descending=False"),
)

nan_for_zero_rows = mistake(
    """A row of zeros is divided by its length, 0, and its cosine becomes NaN, which a sort puts first, or anywhere. Its
    cosine is 0: see to it that nothing is divided by 0.""",
    replace("nearest", ROWS, "(widen(vectors) / widen(vectors).norm(dim=-1, keepdim=True))"),
)

first_dropped = mistake(
    """You drop the nearest row, as if it were always the query itself. The query need not be one of the rows: leave out
    what the caller excludes, and nothing else.""",
    replace("nearest", "ranked[left[ranked]][:k]", "ranked[left[ranked]][1 : k + 1]"),
)

only_nearest_drops_it = also(
    first_dropped,
    replace("nearest", "ranked[left[ranked]][:k]", "ranked[left[ranked]][1 : k + 1]"),
    replace("analogy", CALL, OWN_SEARCH),
)

nearest_last = mistake(
    """Your k rows are the right ones, but the nearest comes last: argsort goes upwards, and [-k:] leaves it so. Turn them
    round.""",
    replace("nearest", "ranked[left[ranked]][:k]", "ranked[left[ranked]][:k].flip(0)"),
)

excluded_after_the_cut = mistake(
    """You do not return k rows: what is excluded is dropped after the cut, so that fewer are left, or the cut is not at k.
    Drop first, then take k.""",
    replace("nearest", "ranked[left[ranked]][:k]", "ranked[:k][left[ranked[:k]]]"),
)

one_row_more = also(
    excluded_after_the_cut,
    replace("nearest", "ranked[left[ranked]][:k]", "ranked[left[ranked]][: k + 1]"),
)

nearest_row_only = also(
    excluded_after_the_cut, replace("nearest", "ranked[left[ranked]][:k]", "ranked[left[ranked]][:1]")
)

best_answer_only = also(
    excluded_after_the_cut, replace("analogy", "king - man + woman, k,", "king - man + woman, 1,")
)

exclude_ignored = mistake(
    """Rows that the caller has excluded are returned by your nearest. Leave them out, or give them the cosine -inf.""",
    replace("nearest", "left[list(exclude)] = False", "pass"),
)

no_use_for_exclude = also(
    exclude_ignored,
    replace("nearest", "left[list(exclude)] = False", "pass"),
    replace("analogy", CALL, OWN_SEARCH),
)

later_of_equals = mistake(
    """Rows with the same cosine come in another order than by their ids: topk, a plain sort and a flip promise none, or
    the reverse. Sort downwards with stable=True.""",
    replace("nearest", SORTED, "torch.sort(cosines, stable=True).indices.flip(0)"),
)

inputs_win = mistake(
    """Your analogy answers with one of the three words that it was given. Unless exclude_inputs is False they are left
    out.""",
    replace("analogy", EXCLUDED, "exclude=()"),
)

tuple_as_index = mistake(
    """You index with exclude as it comes. As an index the empty tuple () means everything, and (a, b, c) means three axes:
    make a list of it.""",
    replace("nearest", "    ranked = ", "    cosines[exclude] = -torch.inf\n    ranked = "),
    replace("nearest", "left[list(exclude)] = False", "pass"),
)

best_dropped = also(
    first_dropped,
    replace("analogy", f"k, {EXCLUDED})", "k + 1)[1:]"),
)

only_c_left_out = mistake(
    """Your analogy leaves out some of the three words, whatever exclude_inputs says. All three lie near b - a + c, and any
    of them may come first: leave out a, b and c, and with exclude_inputs=False none of them.""",
    replace("analogy", EXCLUDED, "exclude=(c,)"),
)

only_b_left_out = also(only_c_left_out, replace("analogy", EXCLUDED, "exclude=(b,)"))

always_excluded = mistake(
    """You leave out the given words even where exclude_inputs is False. Then they may be the answer, and often are.""",
    replace("analogy", EXCLUDED, "exclude=(a, b, c)"),
)

sign_turned = mistake(
    """You do not take away a, or not a alone. "a is to b as c is to …" goes from a to b, and the same way on from c:
    b - a + c.""",
    replace("analogy", "king - man + woman", "man - king + woman"),
)

c_taken_away = also(sign_turned, replace("analogy", "king - man + woman", "man + king - woman"))

nothing_taken_away = also(sign_turned, replace("analogy", "king - man + woman", "man + king + woman"))

differences_compared = mistake(
    """You look for the d whose d - c points as b - a does, cos(b - a, d - c). Here the rows themselves are compared with
    b - a + c.""",
    replace(
        "analogy",
        "nearest(vectors, king - man + woman,",
        "nearest(F.normalize(widen(vectors), dim=-1) - woman, king - man,",
    ),
)

raw_rows = mistake(
    """You add the three rows as they are, so that the longest decides. Scale each of them to length 1 first.""",
    replace("analogy", "F.normalize(widen(vectors[[a, b, c]]), dim=-1)", "widen(vectors[[a, b, c]])"),
)
