"""What the exercise split asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import different_words, in_random_order, negative_if_wrong

from check import probe

# Of an odd number of texts they leave three different fractions, so nothing is a tie; of 16 groups they are whole numbers.
SHARES = [0.25, 0.625, 0.125]


def part_of(group, groups, parts):
    """Return which part has all texts of a group, each once, or -1 for none."""
    found = [k for k, part in enumerate(parts) for i in part if groups[i] == group]
    return found[0] if len(set(found)) == 1 and len(found) == groups.count(group) else -1


def parts_of(lib, rng, sizes, sign):
    """Return in which part each group is, in order of appearance; -1 for one that is not whole in one part.

    Groups are numbered as they appear. sign is -1 where their names are in the opposite order.
    """
    order = in_random_order(rng, [k for k, size in enumerate(sizes) for _ in range(size)])
    number = {k: place for place, k in enumerate(dict.fromkeys(order))}
    groups, names = [sign * number[k] for k in order], [sign * k for k in range(len(sizes))]
    # Squared, so that whether u is below a share is another question than its rank.
    u = ((rng.permutation(len(sizes)) + 0.5) / len(sizes)) ** 2

    def part_of_each(u):
        parts = [list(part) for part in lib.splits.split_by_group(groups, SHARES, u)]
        return torch.tensor([part_of(group, groups, parts) for group in names])

    where, ignored = part_of_each(u), -rng.integer(2, 100)
    # Whoever does not look at u gives one answer, in whatever order their groups come, or if they draw it anew.
    by_u = torch.equal(where, part_of_each(u)) and not torch.equal(where, part_of_each(u.flip(0)))
    return where if by_u else torch.full_like(where, ignored)


@probe(exercise="split", points=3)
def whole_groups(lib, rng):
    """Groups go whole, in order of u, each to the part that lacks most texts."""
    return [parts_of(lib, rng, [*range(1, 16), 17], 1) for _ in range(3)]


@probe(exercise="split", points=1)
def large_group(lib, rng):
    """A group may be larger than any share; u belongs to the groups as they appear, whatever their names are."""
    return [parts_of(lib, rng, [*range(1, 16), 97], -1) for _ in range(3)]


def as_numbers(rng, found):
    """Return what was found for each test text: a drawn number, negative for False."""
    return torch.stack([negative_if_wrong(rng.integers(1, 10**6), one) for one in found])


def test_texts(rng, train, n, kinds):
    """Return test texts that share with one training text what their kind says, among words of their own."""
    texts = []
    for kind in kinds:
        words = train[rng.integer(0, len(train))]
        begin = rng.integer(0, len(words) - 2 * n)
        # One run is a small share of so many, and they share no letter with it.
        own = different_words(rng, 80, "p")
        middle = {
            "run": words[begin : begin + n],
            "run at the end": words[-n:],
            "two short runs": [
                *words[begin : begin + n - 1],
                "between",
                *words[begin + n : begin + 2 * n - 1],
            ],
            "turned around": words[begin : begin + n][::-1],
            "nearly all": words,
            "nothing": [],
        }[kind]
        before, after = {"run at the end": (40, 0), "nearly all": (1, 0)}.get(kind, (40, 40))
        texts.append([*own[:before], *middle, *own[len(own) - after :]])
    return texts


def drawn_train(rng, n, texts=3):
    words = different_words(rng, texts * (2 * n + 6))
    return [words[k::texts] for k in range(texts)]


NUMBERS = str.maketrans("abcdefghij", "0123456789")  # makes numbers of the training texts' words
KINDS = ["run", "run at the end", "nearly all", "two short runs", "turned around", "nothing"]


@probe(exercise="split", points=3)
def shared_runs(lib, rng):
    """A test text is contaminated if n words in a row of it stand in a training text, wherever they stand."""
    results = {}
    for name, n in {"n=3": 3, "n=6": 6, "default": 13}.items():
        train = drawn_train(rng, n)
        test = test_texts(rng, train, n, in_random_order(rng, KINDS * 2))
        options = {} if name == "default" else {"n": n}
        texts = [[" ".join(words) for words in part] for part in (train, test)]
        results[name] = as_numbers(rng, lib.splits.contaminated(*texts, **options))
    return results


@probe(exercise="split", points=1)
def case_and_lines(lib, rng):
    """Capitals, punctuation and line ends make no difference; a number is a word like any other."""
    train = drawn_train(rng, 4)
    results = {}
    for name, between in {"capitals": " ", "punctuation": ", ", "line ends": "\n", "digits": " "}.items():
        words = test_texts(rng, train, 4, in_random_order(rng, ["run", "two short runs", "nothing"] * 2))
        texts, test = [" ".join(one) for one in train], [between.join(one) for one in words]
        if name == "capitals":
            test = [text.upper() for text in test]
        if name == "digits":
            texts, test = ([text.translate(NUMBERS) for text in part] for part in (texts, test))
        results[name] = as_numbers(rng, lib.splits.contaminated(texts, test, n=4))
    return results


@probe(exercise="split", points=1)
def short_texts_tested(lib, rng):
    """Of a test text with fewer than n words all words must stand in a row; one without words is clean."""
    train = drawn_train(rng, 5)
    kinds = in_random_order(rng, ["row", "gap", "nothing", "row", "gap", "punctuation", "front", "end"])
    texts = []
    for kind in kinds:
        words = train[rng.integer(0, 3)]
        begin = rng.integer(1, 6)
        row = words[begin : begin + 3]
        # The letters of the last two stand in the training text, too, but in longer words.
        front, end = [row[0][2:], *row[1:]], [*row[:-1], row[-1][:-2]]
        texts.append(
            {
                "row": row,
                "gap": [row[0], row[2]],
                "nothing": [],
                "punctuation": ["…"],
                "front": front,
                "end": end,
            }[kind]
        )
    return as_numbers(
        rng,
        lib.splits.contaminated(
            [" ".join(words) for words in train], [" ".join(words) for words in texts], n=5
        ),
    )


@probe(exercise="split", points=1)
def across_texts(lib, rng):
    """A run does not begin in one training text and end in the next."""
    train = drawn_train(rng, 4, texts=4)
    borders = [[*train[k][-3:], *train[k + 1][:3]] for k in range(3)]
    within = [words[3:9] for words in train[:3]]
    # Who takes pieces of words for a run finds them here, too, and is told from who joins the texts.
    apart = [[*words[3:6], *different_words(rng, 1, "p"), *words[6:9]] for words in train[:3]]
    test = [" ".join(words) for words in in_random_order(rng, borders + within + apart)]
    return as_numbers(rng, lib.splits.contaminated([" ".join(words) for words in train], test, n=4))
