"""What students get wrong in split_by_group and contaminated."""

from check import mistake, redefine, replace

LACKING = "[share * len(groups) - len(part) for share, part in zip(shares, parts, strict=True)]"
TO_PART = "parts[lacking.index(max(lacking))] += members[group]"
IN_ORDER = "sorted(zip(u.tolist(), members, strict=True), key=lambda pair: pair[0])"
RUNS = "{tuple(words[i : i + n]) for i in range(len(words) - n + 1)} if n else set()"


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


groups_counted_alike = mistake(
    """You count groups, so that a group of one text weighs as much as one of thirty. The shares are shares of the
    texts.""",
    replace(
        "split_by_group",
        LACKING,
        "[share * len(u) - len({groups[i] for i in part}) for share, part in zip(shares, parts, strict=True)]",
    ),
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

one_part_after_the_other = mistake(
    """You fill the first part until it has its share, then the second. Each group goes to the part that lacks most
    texts at that moment.""",
    replace("split_by_group", LACKING, f"[x * (x > 0) / (1 + 1e9 * k) for k, x in enumerate({LACKING})]"),
)


order_of_appearance = mistake(
    """Your groups come in the order in which they appear, whatever u is. Sort them by u.""",
    replace("split_by_group", IN_ORDER, "zip(u.tolist(), members)"),
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
def lines_apart(train, test, n=13):
    """You look for runs in each line by itself. A run goes on over a line end: whoever copied the text may have broken the
    lines elsewhere."""

    def runs(text, n):
        lines = [words_of(line) for line in text.split("\n")]
        return {tuple(words[i : i + n]) for words in lines for i in range(len(words) - n + 1) if n}

    lengths = [min(n, len(words_of(text))) for text in test]
    return [
        any(not runs(text, k).isdisjoint(runs(other, k)) for other in train)
        for text, k in zip(test, lengths, strict=True)
    ]


capitals_count = mistake(
    """You compare words with their capitals. `words_of` gives them in small letters, in training and test texts.""",
    replace(
        "contaminated", "[words_of(text) for text in test]", '[re.findall(r"\\w+", text) for text in test]'
    ),
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
    replace("contaminated", "len(words) - n + 1", "len(words) - n"),
)


short_never = mistake(
    """You let every test text pass that has fewer than n words. Of such a text all words must be looked for.""",
    replace("contaminated", "[not seen[k].isdisjoint(", "[k >= n and not seen[k].isdisjoint("),
)


training_joined = mistake(
    """You join the training texts, so that a run can begin in one and end in the next. Look at each by itself.""",
    replace("contaminated", "[words_of(text) for text in train]", '[words_of(" ".join(train))]'),
)
