"""What students get wrong in split_by_group and contaminated."""

from check import also, mistake, redefine, replace

LACKING = "[share * len(groups) - len(part) for share, part in zip(shares, parts, strict=True)]"
TO_PART = "parts[lacking.index(max(lacking))] += members[group]"
IN_ORDER = "sorted(zip(u.tolist(), members, strict=True), key=lambda pair: pair[0])"
BY_NAME = IN_ORDER.replace("members", "sorted(members)")
PLACE = "sum(place >= sum(shares[: k + 1]) * len(u) for k in range(len(shares) - 1))"
PLACE_FROM_THE_LAST = "sum(place < sum(shares[k:]) * len(u) for k in range(1, len(shares)))"
MIDDLE_FIRST = (
    "next(k for k, until in ((1, shares[1]), (2, shares[1] + shares[2]), (0, 2)) if {} < until * {})"
)
ASKED = "[words_of(text) for text in train], [words_of(text) for text in test]"
RUNS = "{tuple(words[i : i + n]) for i in range(len(words) - n + 1)} if n else set()"


def to_part(place):
    """Return the replacement by which a group goes to the part of this number."""
    return replace("split_by_group", TO_PART, f"parts[{place}] += members[group]")


def cut_at(place, order):
    """Return replacements by which the groups, in this order, are cut at certain places of their list."""
    walk = replace(
        "split_by_group", f"for _, group in {IN_ORDER}:", f"for place, (_, group) in enumerate({order}):"
    )
    return walk, to_part(place)


@redefine("split_by_group")
def cut_through_a_group(groups, shares, u):
    """You put the texts in order and cut at the shares, which can go through the middle of a group: its texts end up on
    both sides. A group goes as a whole."""
    number = {group: k for k, group in enumerate(dict.fromkeys(groups))}
    order = sorted(range(len(groups)), key=lambda i: u[number[groups[i]]].item())
    parts, begin = [], 0
    for k in range(len(shares)):
        end = round(sum(shares[: k + 1]) * len(groups))
        parts.append(sorted(order[begin:end]))
        begin = end
    return parts


cut_by_number_of_groups = mistake(
    """You cut the list of groups at the shares, so that a group of one text weighs as much as one of thirty. The shares are
    shares of the texts: each group goes to the part that lacks most of them.""",
    *cut_at(PLACE, IN_ORDER),
)
cut_in_order_of_names = also(
    cut_by_number_of_groups,
    *cut_at(PLACE, BY_NAME),
)
last_part_first = also(
    cut_by_number_of_groups,
    *cut_at(PLACE_FROM_THE_LAST, IN_ORDER),
)
middle_part_first = also(
    cut_by_number_of_groups,
    *cut_at(MIDDLE_FIRST.format("place", "len(u)"), IN_ORDER),
)
middle_part_first_by_name = also(
    cut_by_number_of_groups,
    *cut_at(MIDDLE_FIRST.format("place", "len(u)"), BY_NAME),
)
last_part_first_by_name = also(
    cut_by_number_of_groups,
    *cut_at(PLACE_FROM_THE_LAST, BY_NAME),
)

part_by_its_own_number = mistake(
    """You let each u by itself say to which part its group goes, as with a random number or a hash for each group: how much a
    part has already does not count. u only gives the order; each group goes to the part that lacks most texts.""",
    to_part("sum(number >= sum(shares[: k + 1]) for k in range(len(shares) - 1))"),
    replace("split_by_group", "for _, group", "for number, group"),
)
last_part_by_its_own_number = also(
    part_by_its_own_number,
    to_part("sum(number < sum(shares[k:]) for k in range(1, len(shares)))"),
    replace("split_by_group", "for _, group", "for number, group"),
)
middle_part_by_its_own_number = also(
    part_by_its_own_number,
    to_part(MIDDLE_FIRST.format("number", "1")),
    replace("split_by_group", "for _, group", "for number, group"),
)

u_ignored = mistake(
    """Your parts do not follow from u: they are the same whatever it is, or drawn anew. Sort the groups by u, not by their size or
    a hash of their name, and draw nothing yourself.""",
    replace("split_by_group", IN_ORDER, "sorted(((-len(members[g]), g) for g in members))"),
)

fullest_by_ratio = mistake(
    """You choose the part that is filled to the smallest fraction of its share. What counts is how many texts it
    lacks: share · N - size.""",
    replace(
        "split_by_group",
        LACKING,
        "[-len(part) / (share * len(groups)) for share, part in zip(shares, parts, strict=True)]",
    ),
)

most_lacking_by_ratio = also(
    fullest_by_ratio,
    replace(
        "split_by_group",
        LACKING,
        "[1 - (len(part) + 1e-9) / (share * len(groups)) for share, part in zip(shares, parts, strict=True)]",
    ),
)

one_part_after_the_other = mistake(
    """You fill one part before the next, until it has its share or as long as a group fits into it. Each group goes to the part
    that lacks most texts at that moment.""",
    replace("split_by_group", LACKING, f"[x * (x > 0) / (1 + 1e9 * k) for k, x in enumerate({LACKING})]"),
)
PLACE_OF = "sum(sum(map(len, parts)){} {} sum(shares[: k + 1]) * len(groups) for k in range(len(shares) - 1))"
FITS = f"next((k for k, x in [*enumerate({LACKING})]{{}} if len(members[group]) <= x), {{}})"
first_that_it_fits = also(
    one_part_after_the_other,
    to_part(FITS.format("", -1)),
)
fits_below_the_sum = also(
    one_part_after_the_other,
    to_part(PLACE_OF.format(" + len(members[group])", ">")),
)
begins_below_the_sum = also(
    one_part_after_the_other,
    to_part(PLACE_OF.format("", ">=")),
)
last_that_it_fits = also(
    one_part_after_the_other,
    to_part(FITS.format("[:0:-1]", 0)),
)


numbered_by_name = mistake(
    """You number the groups in alphabetical order, as `sorted`, `set` or `unique` give them. u[0] belongs to the group that
    appears first, as in `dict.fromkeys(groups)`.""",
    replace(
        "split_by_group",
        "zip(u.tolist(), members, strict=True)",
        "zip(u.tolist(), sorted(members), strict=True)",
    ),
)


@redefine("contaminated")
def whole_text_alone(train, test, n=13):
    """You look whether a whole test text stands in a training text. n words of it in a row are enough: who copies, copies a
    part."""
    return [any(text.lower() in other.lower() for other in train) for text in test]


share_of_the_runs = mistake(
    """You ask for a share of the runs of a test text, so that a long one may be copied in part. One run that stands in a
    training text is enough.""",
    replace(
        "contaminated",
        "not seen[k].isdisjoint(runs(words, k))",
        "len(seen[k] & runs(words, k)) / max(1, len(runs(words, k))) >= 0.5",
    ),
)

other_words = mistake(
    """Your words are others than those of `words_of`: it leaves out punctuation, takes capitals for small letters, and keeps
    numbers. Use it for training and test texts.""",
    replace(
        "contaminated",
        ASKED,
        "[text.lower().split() for text in train], [text.lower().split() for text in test]",
    ),
)
capitals_count = also(
    other_words,
    replace(
        "contaminated", "[words_of(text) for text in test]", '[re.findall(r"\\w+", text) for text in test]'
    ),
)
cut_at_blanks_alone = also(
    other_words,
    replace("contaminated", ASKED, "[text.split() for text in train], [text.split() for text in test]"),
)
numbers_left_out = also(
    other_words,
    replace("contaminated", ASKED, ASKED.replace("words_of(text)", 're.findall("[a-z]+", text.lower())')),
)

pieces_of_words = mistake(
    """Your runs are of n characters, and such pieces stand in many texts. They are of n words: words[i : i + n] of the
    list.""",
    replace("contaminated", ASKED, "[list(text) for text in train], [list(text) for text in test]"),
)
pieces_in_small_letters = also(
    pieces_of_words,
    replace(
        "contaminated", ASKED, "[list(text.lower()) for text in train], [list(text.lower()) for text in test]"
    ),
)
pieces_of_joined_words = also(
    pieces_of_words,
    replace("contaminated", ASKED, ASKED.replace("words_of(text)", "list(' '.join(words_of(text)))")),
)

set_of_words = mistake(
    """You count common words, in whatever order. n words of the test text must stand in a row, in the same order.""",
    replace(
        "contaminated",
        RUNS,
        "{tuple(sorted(words[i : i + n])) for i in range(len(words) - n + 1)} if n else set()",
    ),
)


run_at_the_end_missed = mistake(
    """The last run of each text is missing. N words have N - n + 1 runs of n words.""",
    replace("contaminated", "range(len(words) - n + 1)", "range(max(1, len(words) - n))"),
)


short_never = mistake(
    """You let every test text pass that has fewer than n words. Of such a text all words must be
    looked for, among runs of as many words.""",
    replace("contaminated", "[not seen[k].isdisjoint(", "[k >= n and not seen[k].isdisjoint("),
)


training_joined = mistake(
    """You join the training texts, so that a run can begin in one and end in the next. Look at each by itself.""",
    replace("contaminated", "[words_of(text) for text in train]", '[words_of(" ".join(train))]'),
)


short_within_words = mistake(
    """You look for a short test text as a piece of text, and find it in the middle of words: art in part. Compare whole words, as
    for long ones.""",
    replace(
        "contaminated",
        "not seen[k].isdisjoint(runs(words, k))",
        "bool(words) and any(' '.join(words) in ' '.join(one) for one in texts) if k < n else not seen[k].isdisjoint(runs(words, k))",
    ),
)

middle_until_full = also(
    one_part_after_the_other,
    to_part("next((k for k in range(1, len(shares)) if len(parts[k]) < round(shares[k] * len(groups))), 0)"),
)
numbered_by_name_as_text = also(
    numbered_by_name,
    replace(
        "split_by_group",
        "zip(u.tolist(), members, strict=True)",
        "zip(u.tolist(), sorted(members, key=str), strict=True)",
    ),
)
last_of_equal_ratio = also(
    fullest_by_ratio,
    replace(
        "split_by_group",
        LACKING,
        "[-len(part) / int(share * len(groups)) + 1e-12 * k for k, (share, part) in enumerate(zip(shares, parts, strict=True))]",
    ),
)
