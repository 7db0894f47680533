"""What students get wrong in shingles, signature, candidates and components."""

from check import also, mistake, redefine, replace

RUN = '" ".join(words[i : i + n])'
STARTS = "range(max(1, len(words) - n + 1))"
HASHED = "(a * members[i : i + 1024] + b) % P"


side_by_side = mistake(
    """Your runs lie side by side. They overlap: one begins at every word, so that a word more in front of a text
    does not change them all.""",
    replace("shingles", STARTS, "range(0, max(1, len(words) - n + 1), n)"),
)


short_texts_empty = mistake(
    """A text with fewer than n words has no shingle in your version, so all short texts would be alike. It has one, of
    all its words.""",
    replace("shingles", STARTS, "range(len(words) - n + 1)"),
)

another_hash = mistake(
    """Your shingles are others than `hash_text` gives for the words joined by one blank. Python's own hash() of a text
    even differs from run to run.""",
    replace("shingles", RUN, '"".join(words[i : i + n])'),
)
joined_by_underscores = also(another_hash, replace("shingles", RUN, '"_".join(words[i : i + n])'))


hash_of_the_smallest = mistake(
    """You hash the smallest number of the set. Take the smallest of the hashes: each hash function puts the set into
    another order.""",
    replace("signature", HASHED, "(a * members.amin() + b) % P"),
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

any_number_agrees = mistake(
    """One equal number makes a pair in your version. All numbers of a band must agree.""",
    replace("candidates", "K // bands", "1"),
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


@redefine("components")
def direct_links_only(n, pairs):
    """You put a number together with those it is linked to, but not with theirs. If A is like B and B like C, all three
    are one group."""
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
def label_of_one_alone(n, pairs):
    """When a pair joins two groups, you give the new label to one member only. The others of its group must come
    along."""
    label = list(range(n))
    for i, j in pairs:
        label[i] = label[j] = min(label[i], label[j])
    groups = {}
    for i in range(n):
        groups.setdefault(label[i], []).append(i)
    return list(groups.values())


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
