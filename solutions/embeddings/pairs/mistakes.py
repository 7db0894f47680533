"""What students get wrong in skipgram_pairs and noise_probs."""

from check import also, mistake, replace

STEPS = "steps = steps[steps != 0]"
REACH = "reach = min(window, max(len(ids) - 1, 0))"
INSIDE = "inside = (places >= 0) & (places < len(ids))"
SLICED = """first = torch.arange(len(ids)).unsqueeze(1) - window
    first = first.where(first >= 0, (first + len(ids)).clamp(min=0))
    inside &= (places >= first) | (steps > 0)"""
LAST = "return torch.stack([centres, ids[places[inside]]], dim=1).long()"
WEIGHTS = "weights = torch.where(counts > 0, counts.double() ** power, 0)"
IN_THE_SLICE = f"""i = torch.arange(len(ids)).unsqueeze(1)
    {INSIDE} & (places - (i - window).clamp(min=0) != i)"""


def full_windows_only(window):
    """Return replacements after which only places with so many words on both sides are centres."""
    return (
        replace(
            "skipgram_pairs", INSIDE, "inside = ((places >= 0) & (places < len(ids))).all(1, keepdim=True)"
        ),
        replace(
            "skipgram_pairs",
            "    centres = ids",
            f"    inside = inside.expand(places.shape) & (len(ids) > 2 * {window})\n    centres = ids",
        ),
    )


self_included = mistake(
    """Each place is its own context in your pairs. Leave out the step 0: a word is not predicted from itself.""",
    replace("skipgram_pairs", STEPS, "pass"),
)

one_side_only = mistake(
    """Only one side of the window is there. Contexts stand before the centre and after it, so each pair of places
    gives two rows.""",
    replace("skipgram_pairs", STEPS, "steps = steps[steps > 0]"),
)

left_side_only = also(one_side_only, replace("skipgram_pairs", STEPS, "steps = steps[steps < 0]"))

window_off_by_one = mistake(
    """Your window is another than was asked for: range(-window, window) and range(1, window) stop before their end,
    window // 2 takes it for the width of both sides, and some ignore it or draw it anew. It reaches `window` steps to each
    side, and the last step belongs.""",
    replace("skipgram_pairs", REACH, "reach = min(window - 1, max(len(ids) - 1, 0))"),
)

right_end_missing = also(
    window_off_by_one,
    replace("skipgram_pairs", "torch.arange(-reach, reach + 1, ", "torch.arange(-window, window, "),
)


always_one_step = also(
    window_off_by_one, replace("skipgram_pairs", REACH, "reach = min(1, max(len(ids) - 1, 0))")
)

one_step_within = also(
    window_off_by_one,
    replace("skipgram_pairs", REACH, "reach = min(1, max(len(ids) - 1, 0))"),
    *full_windows_only("1"),
)

window_drawn = also(
    window_off_by_one,
    replace(
        "skipgram_pairs",
        INSIDE,
        f"{INSIDE}\n    inside &= steps.abs() <= torch.randint(1, window + 1, (len(ids), 1))",
    ),
)

last_word_never_met = also(
    window_off_by_one, replace("skipgram_pairs", INSIDE, "inside = (places >= 0) & (places < len(ids) - 1)")
)

half_a_window = also(
    window_off_by_one,
    replace("skipgram_pairs", REACH, "reach = min(window // 2, max(len(ids) - 1, 0))"),
)

window_too_long = also(
    window_off_by_one,
    replace("skipgram_pairs", REACH, "reach = min(window + 1, max(len(ids) - 1, 0))"),
)


negative_slice = mistake(
    """Near an end of the text your window leaves it. Python counts a negative number from the end, so that
    ids[i - window : i] is empty and ids[-1] is the last word, and padding is no word: cut the window off, from
    max(0, i - window) on.""",
    replace("skipgram_pairs", INSIDE, f"{INSIDE}\n    {SLICED}"),
)

last_words_before_the_first = also(
    negative_slice,
    replace("skipgram_pairs", REACH, "reach = window"),
    replace("skipgram_pairs", INSIDE, "inside = places < len(ids)"),
)

text_as_a_ring = also(
    negative_slice,
    replace("skipgram_pairs", REACH, "reach = window"),
    replace("skipgram_pairs", INSIDE, "places %= len(ids)\n    inside = places >= 0"),
)

padded_with_zeros = also(
    negative_slice,
    replace("skipgram_pairs", REACH, "reach = window"),
    replace("skipgram_pairs", INSIDE, f"{INSIDE}\n    outside = ~inside\n    inside = inside | outside"),
    replace(
        "skipgram_pairs",
        LAST,
        "contexts = ids[places % len(ids)].masked_fill(outside, 0)[inside]\n"
        "    return torch.stack([centres, contexts], dim=1)",
    ),
)

zero_skipped = mistake(
    """Pairs with the word 0 are missing: `if word:` is not true of the id 0, which is a word like any other. Ask for the
    place instead.""",
    replace(
        "skipgram_pairs",
        INSIDE,
        f"{INSIDE}\n    inside &= (ids[places % max(len(ids), 1)] != 0) & (ids != 0).unsqueeze(1)",
    ),
)

place_in_the_slice = mistake(
    """You compare a place in the text with a place in a slice: enumerate(ids[max(0, i - window) : …]) counts from 0 at the
    beginning of the slice. Beyond the first words each place becomes its own context, and others are left out.""",
    replace("skipgram_pairs", STEPS, "pass"),
    replace("skipgram_pairs", INSIDE, IN_THE_SLICE),
)

short_slice = also(
    place_in_the_slice,
    replace("skipgram_pairs", STEPS, "pass"),
    replace("skipgram_pairs", INSIDE, IN_THE_SLICE),
    replace("skipgram_pairs", "torch.arange(-reach, reach + 1, ", "torch.arange(-window, window, "),
)

same_word_skipped = mistake(
    """Pairs are missing where a word comes again: a comparison of words, or a set of them, drops some. It is the place that
    counts: in "very very" each word is the other's context, and who stands near twice gives two rows.""",
    replace(
        "skipgram_pairs",
        INSIDE,
        "inside = (places >= 0) & (places < len(ids))\n"
        "    inside &= ids[places % max(len(ids), 1)] != ids.unsqueeze(1)",
    ),
)

contexts_in_a_set = also(
    same_word_skipped,
    replace(
        "skipgram_pairs",
        LAST,
        "where = torch.arange(len(ids)).unsqueeze(1).expand(places.shape)[inside]\n"
        "    return torch.stack([where, centres, ids[places[inside]]], dim=1).unique(dim=0)[:, 1:]",
    ),
)

borders_dropped = mistake(
    """Not every place is a centre in your pairs: unfold and range(window, N - window) leave out those near the ends, and a
    return inside the loop all but the first. At the ends of a text the window is cut off, and what is left of it counts.""",
    *full_windows_only("window"),
)

first_centre_only = also(
    borders_dropped,
    replace(
        "skipgram_pairs",
        INSIDE,
        f"{INSIDE}\n    inside &= torch.arange(len(ids)).unsqueeze(1) == 0",
    ),
)


def sorted_by(key):
    """Return a replacement that brings the pairs into the order of a key, which is made of steps."""
    new = "keys = (KEY).expand(places.shape)[inside]\n    return torch.stack([centres, ids[places[inside]]], dim=1)[ORDER]"
    order = "keys.argsort(stable=True)"
    return replace("skipgram_pairs", LAST, new.replace("KEY", key).replace("ORDER", order))


order_by_distance = mistake(
    """Your pairs come in another order. They are wanted centre by centre, and for each of these from left to right, not
    distance by distance or side by side: sort them at the end, or go through the centres first.""",
    sorted_by("2 * steps.abs() + (steps > 0)"),
)

all_places_with_all = mistake(
    """You look at all N · N pairs of places, of which nearly none is near enough: a text of 200,000 words would need
    40 GB for the mask alone. Look only at the 2 · window places around each centre.""",
    replace("skipgram_pairs", REACH, "reach = max(len(ids) - 1, 0)"),
    replace("skipgram_pairs", INSIDE, f"{INSIDE} & (steps.abs() <= window)"),
)

power_after_scaling = mistake(
    """Your probabilities do not have the sum 1. Take the power first, and then divide by the sum of what you have: not by
    that of the counts, by their number or by the highest.""",
    replace("noise_probs", "weights / weights.sum()", "(counts / counts.sum()) ** power"),
)

scaled_by_the_counts = also(
    power_after_scaling, replace("noise_probs", "weights / weights.sum()", "weights / counts.sum()")
)

power_fixed = mistake(
    """The power is the same in your program whatever the caller says, or there is none. 0.75 is what it is if nothing is
    said.""",
    replace("noise_probs", "** power", "** 0.75"),
)

root_fixed = also(power_fixed, replace("noise_probs", "** power", "** 0.5"))

share_of_the_text = also(power_fixed, replace("noise_probs", "** power", "** 1"))

not_scaled = also(power_after_scaling, replace("noise_probs", "(weights / weights.sum())", "weights"))

all_words_alike = mistake(
    """All your words are drawn alike, whether they occurred or not. The counts say how often: to the power, and divided by
    their sum.""",
    replace("noise_probs", WEIGHTS, "weights = torch.ones(len(counts), dtype=torch.float64)"),
)

no_columns = mistake(
    """Your pairs do not lie in two columns, a row each. A text without pairs has the shape (0, 2), in whole numbers, but an
    empty list does not know how many columns it would have: view(-1, 2) says so.""",
    replace(
        "skipgram_pairs",
        LAST,
        "return torch.tensor(torch.stack([centres, ids[places[inside]]], dim=1).tolist())",
    ),
)

two_rows = also(no_columns, replace("skipgram_pairs", LAST, LAST.replace("dim=1", "dim=0")))

places_for_words = mistake(
    """You return where the words stand, not which words they are. i and j are the places of a pair, ids[i] and ids[j] its
    words.""",
    replace("skipgram_pairs", "centres = ids.", "centres = torch.arange(len(ids))."),
    replace("skipgram_pairs", "ids[places[inside]]", "places[inside]"),
)

lifted_from_zero = mistake(
    """A word that never occurred gets a probability: you lift its count, add something to all of them, or sort them, so that
    words have those of others. It stays 0, since nothing can be learnt about a word that no pair has.""",
    replace("noise_probs", WEIGHTS, "weights = counts.clamp(min=1).double() ** power"),
)

sorted_by_count = also(
    lifted_from_zero,
    replace(
        "noise_probs", "(weights / weights.sum())", "(weights / weights.sum()).sort(descending=True).values"
    ),
)

one_added = also(
    lifted_from_zero, replace("noise_probs", WEIGHTS, "weights = (counts + 1).double() ** power")
)
