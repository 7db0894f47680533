"""What students get wrong in cohen_kappa and fleiss_kappa."""

from check import also, mistake, redefine, replace

CHANCE = "sum(count_a[label] * count_b[label] for label in count_a)"
COHEN = "(agreed - chance) / (N * N - chance) if chance < N * N else math.nan"
FLEISS = "(observed - chance) / (1 - chance) if counts.any(dim=0).sum() > 1 else math.nan"
PAIRS = "((x * (x - 1)).sum(dim=1) / (n * (n - 1))).mean().item()"
SHARES = "(x.sum(dim=0) / x.sum()).square().sum().item()"

agreement_itself = mistake(
    """You return how often two raters agree. Subtract what chance would give, and divide by the most that is left.""",
    replace("cohen_kappa", COHEN, "agreed / N**2"),
    replace("fleiss_kappa", FLEISS, "observed"),
)

not_divided = mistake(
    """You subtract the chance but do not divide by 1 - chance. Full agreement must give 1.""",
    replace("cohen_kappa", COHEN, "(agreed - chance) / N**2 if chance < N * N else math.nan"),
    replace("fleiss_kappa", FLEISS, "observed - chance if counts.any(dim=0).sum() > 1 else math.nan"),
)

uniform_chance = mistake(
    """Your chance is 1 / C, as if all labels were equally frequent. Chance is the sum of products of shares: two raters
    who mostly say "negative" agree often without looking.""",
    replace("cohen_kappa", CHANCE, "N * N / len(count_a | count_b) if len(count_a | count_b) > 1 else N * N"),
    replace("fleiss_kappa", SHARES, "1 / counts.any(dim=0).sum().item()"),
)

one_rater_for_both = mistake(
    """You square the shares of one rater. Each rater has their own: multiply the share of one by that of the other.""",
    replace("cohen_kappa", CHANCE, "sum(count_a[label] ** 2 for label in count_a)"),
)
other_rater_for_both = also(
    one_rater_for_both, replace("cohen_kappa", CHANCE, "sum(count_b[label] ** 2 for label in count_b)")
)

shares_pooled = mistake(
    """You take the shares of both raters together, as Scott's π and Fleiss' κ do. Cohen's κ multiplies the share of one
    rater by that of the other.""",
    replace("cohen_kappa", CHANCE, "sum(n * n for n in (count_a + count_b).values()) / 4"),
)

with_replacement = mistake(
    """You count pairs of a rater with themselves, who always agree. n raters make n(n - 1) ordered pairs of different
    ones.""",
    replace("fleiss_kappa", PAIRS, "((x / n).square().sum(dim=1)).mean().item()"),
)

never_negative = mistake(
    """You cut off or turn around what is below 0. Raters who agree less than chance have a negative value: they may have
    read the guidelines the other way round.""",
    replace("cohen_kappa", COHEN, COHEN.replace("(agreed - chance)", "max(0, agreed - chance)")),
)
turned_around = also(never_negative, replace("cohen_kappa", COHEN, f"abs({COHEN})"))

two_labels_only = mistake(
    """You count as if there were two labels: 0 and 1, true and false, or one against all others. There can be more, and they may
    be words: go through all labels that occur.""",
    replace(
        "cohen_kappa",
        "N, count_a",
        "a, b = zip(*[(x, y) for x, y in zip(a, b) if {x, y} <= {0, 1}] or [[()] * 2])\n    N, count_a",
    ),
)
one_label_against_the_rest = also(
    two_labels_only,
    replace("cohen_kappa", CHANCE, "count_a[1] * count_b[1] + (N - count_a[1]) * (N - count_b[1])"),
)
false_against_the_rest = also(
    two_labels_only,
    replace("cohen_kappa", CHANCE, "count_a[0] * count_b[0] + (N - count_a[0]) * (N - count_b[0])"),
)
chance_of_0_and_1 = also(
    two_labels_only, replace("cohen_kappa", CHANCE, "count_a[0] * count_b[0] + count_a[1] * count_b[1]")
)
labels_added_up = also(
    two_labels_only,
    replace("cohen_kappa", CHANCE, "sum(a) * sum(b) + (N - sum(a)) * (N - sum(b))"),
)

positive_against_the_rest = also(
    two_labels_only,
    replace(
        "fleiss_kappa", "counts.double()", "torch.stack([counts[:, 1], raters - counts[:, 1]], 1).double()"
    ),
)
first_against_the_rest = also(
    two_labels_only,
    replace(
        "fleiss_kappa", "counts.double()", "torch.stack([counts[:, 0], raters - counts[:, 0]], 1).double()"
    ),
)


@redefine("cohen_kappa")
def weighted_by_distance(a, b):
    """You count some disagreements for less, by how far two labels lie apart. Labels have no order here: any two that differ
    disagree alike."""
    labels = sorted({*a, *b}, key=str)
    N, count_a, count_b = len(a), Counter(map(labels.index, a)), Counter(map(labels.index, b))
    observed = sum((labels.index(x) - labels.index(y)) ** 2 for x, y in zip(a, b, strict=True)) * N
    chance = sum((i - j) ** 2 * count_a[i] * count_b[j] for i in count_a for j in count_b)
    return 1 - observed / chance if chance else math.nan


@redefine("cohen_kappa")
def weighted_in_proportion(a, b):
    """You count some disagreements for less, by how far two labels lie apart. Labels have no order here: any two that differ
    disagree alike."""
    labels = sorted({*a, *b}, key=str)
    N, count_a, count_b = len(a), Counter(map(labels.index, a)), Counter(map(labels.index, b))
    observed = sum(abs(labels.index(x) - labels.index(y)) for x, y in zip(a, b, strict=True)) * N
    chance = sum(abs(i - j) * count_a[i] * count_b[j] for i in count_a for j in count_b)
    return 1 - observed / chance if chance else math.nan


nan_as_a_number = mistake(
    """Where everyone gives one and the same label you return 1, 0 or None, or refuse the labels. Chance would agree as well, so
    it is 0/0: the items tell nothing about the raters, and the value is nan.""",
    replace("cohen_kappa", "else math.nan", "else 1.0"),
    replace("fleiss_kappa", "else math.nan", "else 1.0"),
)

divided_by_zero = mistake(
    """You divide by 1 - chance, which is 0 where everyone gives one label only, and Python's numbers raise an error
    there. Return math.nan before you divide.""",
    replace("cohen_kappa", COHEN, "(agreed - chance) / (N * N - chance)"),
    replace("fleiss_kappa", FLEISS, "(observed - chance) / (1 - chance)"),
)
