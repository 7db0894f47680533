"""What students get wrong in shingles, signature, candidates and components."""

from check import also, mistake, redefine, replace

RUN = '" ".join(words[i : i + n])'
STARTS = "range(max(1, len(words) - n + 1))"
HASHED = "(a * members[i : i + 1024] + b) % P"


last_run_missed = mistake(
    """The last run is missing. N words have N - n + 1 runs of n words, and `range` stops before its end.""",
    replace("shingles", STARTS, "range(max(1, len(words) - n) if len(words) < n else len(words) - n)"),
)

runs_of_characters = mistake(
    """Your runs are of n characters. They are of n words: words[i : i + n] of the list.""",
    replace("shingles", STARTS, 'range(max(1, len(" ".join(words)) - n + 1))'),
    replace("shingles", RUN, '" ".join(words)[i : i + n]'),
)
characters_of_long_texts = also(
    runs_of_characters,
    replace("shingles", STARTS, 'range(len(" ".join(words)) - n + 1)'),
    replace("shingles", RUN, '" ".join(words)[i : i + n]'),
)
characters_without_blanks = also(
    runs_of_characters,
    replace("shingles", STARTS, 'range(len("".join(words)) - n)'),
    replace("shingles", RUN, '"".join(words)[i : i + n]'),
)

shingles_in_a_list = mistake(
    """You return a list, and a run that comes twice is in it twice. Similarity is asked of sets: make a set.""",
    replace("shingles", f"{{hash_text({RUN}) for i in {STARTS}}}", f"[hash_text({RUN}) for i in {STARTS}]"),
)

short_texts_empty = mistake(
    """A short text has other shingles than it should. One with fewer than n words has one, of all its words, so that short texts
    are not all alike; one without words has none.""",
    replace("shingles", STARTS, "range(len(words) - n + 1)"),
)
empty_text_has_one = also(short_texts_empty, replace("shingles", "if not words:", "if words is None:"))

another_hash = mistake(
    """Your shingles are others than `hash_text` gives for the words joined by one blank. Python's own hash() of a text
    even differs from run to run.""",
    replace("shingles", RUN, '"".join(words[i : i + n])'),
)


another_prime = mistake(
    """You take the rest by another number than P, or none at all. P is 2³¹ - 1 here, and the signatures of two texts can be
    compared only where both took the same.""",
    replace("signature", HASHED, "(a * members[i : i + 1024] + b) % (2**61 - 1)"),
    replace("signature", "(a, P,", "(a, 2**62,"),
)
float_signature = mistake(
    """Your signature is no tensor of int64. Begin with P in place of infinity, and make int64 of lists and of numpy's
    arrays.""",
    replace("signature", "return smallest", "return smallest.double()"),
)

too_few_digits = mistake(
    """Your products lose digits. They have up to 62 bits: float64 holds 53, int32 holds 31. Multiply in int64, or
    with Python's own numbers.""",
    replace("signature", HASHED, "((a.double() * members[i : i + 1024] + b) % P).long()"),
)
in_32_bits = also(
    too_few_digits,
    replace("signature", HASHED, "((a.int() * members[i : i + 1024].int() + b.int()) % P).long()"),
)

all_products_at_once = mistake(
    """Your values are right, but all products of the set's members with all a are there at once. Take one hash function
    after the other, or some members at a time, and keep the smallest so far.""",
    replace("signature", "range(0, len(members), 1024)", "range(0, len(members), 10**9)"),
    replace("signature", "i : i + 1024", "i : i + 10**9"),
)

rows_for_bands = mistake(
    """You cut into bands of `bands` numbers. There are `bands` bands, each of K / bands numbers.""",
    replace("candidates", "K // bands", "bands"),
)


place_of_the_band_ignored = mistake(
    """You compare the first band of one signature with the second of another: all bands share one dict. Numbers of
    different hash functions have nothing to do with each other, so each band needs its own.""",
    replace(
        "candidates",
        "    for band in signatures",
        "    alike = defaultdict(list)\n    for band in signatures",
    ),
    replace("candidates", "        alike = defaultdict(list)\n", ""),
    replace("candidates", "combinations(group, 2)", "combinations(sorted(set(group)), 2)"),
)


tensors_for_keys = mistake(
    """What you look up in a dict is not the tuple of a band's numbers: each tensor counts as another key, even where its number
    is the same, and joined digits are the same for 1, 23 and 12, 3. Take the numbers that `tolist` gives.""",
    replace("candidates", "enumerate(band.tolist())", "enumerate(band)"),
)


@redefine("components")
def direct_links_only(n, pairs):
    """Groups that a pair links stay apart, or a number is in two. If A is like B and B like C, all three are one group: join the
    two groups of each pair, with all who are in them."""
    neighbours = {i: [i] for i in range(n)}
    for i, j in pairs:
        neighbours[i].append(j)
        neighbours[j].append(i)
    seen, groups = set(), []
    for i in range(n):
        if i not in seen:
            group = sorted(set(neighbours[i]) - seen)
            seen.update(group)
            groups.append(group)
    return groups


@redefine("components")
def groups_never_joined(n, pairs):
    """Groups that a pair links stay apart, or a number is in two. If A is like B and B like C, all three are one group: join the
    two groups of each pair, with all who are in them."""
    groups = []
    for pair in pairs:
        group = next((one for one in groups if one.intersection(pair)), None)
        if group is None:
            groups.append(set(pair))
        else:
            group.update(pair)
    alone = set(range(n)).difference(*groups)
    return sorted([*map(sorted, groups), *([i] for i in alone)])


alone_left_out = mistake(
    """Numbers without a pair are missing. Each of them is a group of one: that text has no near copy and is kept.""",
    replace("components", "}.values()]", "}.values() if len(group) > 1]"),
)

groups_in_disorder = mistake(
    """Groups or pairs are not in order, or pairs are missing. Any two with an equal band are a pair (i, j) with i < j, and there
    once; each group is sorted, and the groups come by their first member.""",
    replace("components", "[sorted(group) for", "[sorted(group, reverse=True) for"),
)
pairs_both_ways = also(
    groups_in_disorder,
    replace("candidates", "combinations(group, 2)", "((i, j) for i in group for j in group if i != j)"),
)
pairs_turned_around = also(
    groups_in_disorder, replace("candidates", "combinations(group, 2)", "combinations(group[::-1], 2)")
)


@redefine("components")
def recursion(n, pairs):
    """You go from link to link by recursion, and Python allows a thousand calls inside each other. Use a loop with a list
    of what is still to be visited, or move groups together."""
    neighbours = {i: [] for i in range(n)}
    for i, j in pairs:
        neighbours[i].append(j)
        neighbours[j].append(i)
    seen = set()

    def visit(i):
        seen.add(i)
        return [i, *(k for j in neighbours[i] if j not in seen for k in visit(j))]

    return [sorted(visit(i)) for i in range(n) if i not in seen]


digits_joined = also(tensors_for_keys, replace("candidates", "tuple(row)", '"".join(map(str, row))'))

linked_to_the_first = also(
    groups_in_disorder, replace("candidates", "combinations(group, 2)", "((group[0], j) for j in group[1:])")
)
linked_to_the_next = also(
    groups_in_disorder, replace("candidates", "combinations(group, 2)", "zip(group, group[1:])")
)
