"""What students get wrong in skipgram_pairs and noise_probs."""

from check import also, mistake, redefine, replace

STEPS = "steps = steps[steps != 0]"
REACH = "reach = min(window, max(len(ids) - 1, 0))"
INSIDE = "inside = (places >= 0) & (places < len(ids))"
LAST = "return torch.stack([centres, ids[places[inside]]], dim=1).long()"
WEIGHTS = "weights = torch.where(counts > 0, counts.double() ** power, 0)"
IN_THE_SLICE = f"""i = torch.arange(len(ids)).unsqueeze(1)
    {INSIDE} & (places - (i - window).clamp(min=0) != i)"""

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
    """Your window is one step too short: range(-window, window) and range(1, window) stop before their end. A word
    `window` steps away still belongs.""",
    replace("skipgram_pairs", REACH, "reach = min(window - 1, max(len(ids) - 1, 0))"),
)

right_end_missing = also(
    window_off_by_one,
    replace("skipgram_pairs", "torch.arange(-reach, reach + 1, ", "torch.arange(-window, window, "),
)


@redefine("skipgram_pairs")
def negative_slice(ids, window):
    """Near the beginning of the text contexts on the left are missing: ids[i - window : i] begins at a negative number
    there, which Python counts from the end. Begin at max(0, i - window)."""
    pairs = []
    for i in range(len(ids)):
        pairs += [[ids[i], context] for context in (*ids[i - window : i], *ids[i + 1 : i + 1 + window])]
    return torch.tensor(pairs, dtype=torch.int64).view(-1, 2)


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
    """You leave out pairs of equal words. It is the place that must be another one: in "very very" each word is the
    other's context.""",
    replace(
        "skipgram_pairs",
        INSIDE,
        "inside = (places >= 0) & (places < len(ids))\n"
        "    inside &= ids[places % max(len(ids), 1)] != ids.unsqueeze(1)",
    ),
)

borders_dropped = mistake(
    """Only centres whose whole window lies in the text have pairs, as from unfold or range(window, N - window). At the
    ends of a text the window is cut off, and what is left of it counts.""",
    replace("skipgram_pairs", INSIDE, "inside = ((places >= 0) & (places < len(ids))).all(1, keepdim=True)"),
    replace(
        "skipgram_pairs",
        "    centres = ids",
        "    inside = inside.expand(places.shape) & (len(ids) > 2 * window)\n    centres = ids",
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
    """Your probabilities do not have the sum 1: you scale the counts first and take the power then. Scale last.""",
    replace("noise_probs", "weights / weights.sum()", "(counts / counts.sum()) ** power"),
)

power_fixed = mistake(
    """The power is the same in your program whatever the caller says, or there is none. 0.75 is what it is if nothing is
    said.""",
    replace("noise_probs", "** power", "** 0.75"),
)

root_fixed = also(power_fixed, replace("noise_probs", "** power", "** 0.5"))

share_of_the_text = also(power_fixed, replace("noise_probs", "** power", "** 1"))

not_scaled = mistake(
    """You return the counts to the power as they are. Probabilities have the sum 1: divide by the sum of all.""",
    replace("noise_probs", "(weights / weights.sum())", "weights"),
)

all_words_alike = mistake(
    """All your words are drawn alike, whether they occurred or not. The counts say how often: to the power, and divided by
    their sum.""",
    replace("noise_probs", WEIGHTS, "weights = torch.ones(len(counts), dtype=torch.float64)"),
)

no_columns = mistake(
    """A text without pairs gives a tensor of the shape (0,), since an empty list does not know how many columns it would
    have. The shape is (0, 2), in whole numbers: view(-1, 2) says so.""",
    replace(
        "skipgram_pairs",
        LAST,
        "return torch.tensor(torch.stack([centres, ids[places[inside]]], dim=1).tolist())",
    ),
)

lifted_from_zero = mistake(
    """A word that never occurred gets a probability: you lift its count, or add something to all of them. It stays
    0, since nothing can be learnt about a word that no pair has.""",
    replace("noise_probs", WEIGHTS, "weights = counts.clamp(min=1).double() ** power"),
)

one_added = also(
    lifted_from_zero, replace("noise_probs", WEIGHTS, "weights = (counts + 1).double() ** power")
)
