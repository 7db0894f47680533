"""What the exercise training asks. A probe knows no answer: it returns what it got."""

from inputs import counts_of, joined, letters, merges_or, pairs_of, shuffled

from check import probe


def three_words(rng, x, y, z, u, v):
    """Return a text of three words in which xy is the most frequent pair, then xyz, then uv, then nothing."""
    rest = rng.integer(2, 5)
    return joined(rng, {x + y: rest + rng.integer(3, 6), x + y + z: rest + rng.integer(1, 3), u + v: rest})


def texts_of(found):
    """Return a dict of counts as two values that ask for no order. A key that is no text stays unnamed."""
    return counts_of(found, name=lambda key: key if isinstance(key, str) else "no text")


@probe(exercise="training", points=2)
def pieces_counted(lib, rng):
    """A piece is what pretokens yields, space and all, and counts as often as it occurs."""
    a, b, c, d = letters(rng, 4)
    words = (
        [f"{a}{b}"] * 3 + [f" {a}{b}"] * rng.integer(2, 5) + [f" {c}'ll", f"{d}.", f"\n{a}", "  ", f" {c}"]
    )
    return texts_of(lib.bpe.piece_counts("".join(shuffled(rng, words))))


@probe(exercise="training", points=4)
def first_merges(lib, rng):
    """The most frequent pair is merged, within pieces; then it is counted again, with the new ids."""
    return pairs_of(lib.bpe.train_bpe(three_words(rng, *letters(rng, 5)), 256 + 3))


@probe(exercise="training", points=2)
def bytes_of_utf8(lib, rng):
    """What is merged first are bytes: a letter beyond English is two of them, and becomes one id."""
    small, *others = sorted(shuffled(rng, "бвгджзийклмноп")[:3])
    most, second = shuffled(rng, others)
    words = {
        most: rng.integer(6, 8),
        small: rng.integer(4, 6),
        second: 3,
        "".join(letters(rng, 2)): 2,
    }
    return pairs_of(lib.bpe.train_bpe(joined(rng, words), 256 + 4))


@probe(exercise="training", points=1)
def equal_counts(lib, rng):
    """Of pairs that are equally frequent the one with the smallest ids is merged first, wherever it stands."""
    first, *between, last = (letter + letters(rng, 1)[0] for letter in sorted(letters(rng, 5)))
    one, two, three = shuffled(rng, between)
    order = [one, *shuffled(rng, [first, last, two]), three] * rng.integer(2, 4)
    return pairs_of(lib.bpe.train_bpe(str(rng.integer(0, 10)).join(order), 256 + 5))


@probe(exercise="training", points=1)
def no_pair_left(lib, rng):
    """The training goes on to pairs that occur once, and ends early where no pair is left."""
    b, d = letters(rng, 2)
    a, c = sorted(letters(rng, 2))
    text = joined(rng, {a + b: rng.integer(4, 7), c + d: 1})
    return merges_or(-rng.integer(1, 1000), lib.bpe.train_bpe, text, 300)


@probe(exercise="training", points=1)
def room_for_specials(lib, rng):
    """vocab_size counts the bytes, the merges and the specials."""
    *five, s, t, one, other = letters(rng, 9)
    text = three_words(rng, *five) + str(rng.integer(0, 10)) + s + t
    return pairs_of(lib.bpe.train_bpe(text, 256 + 2 + 2, [f"<|{one}|>", f"<|{other}|>"]))


@probe(exercise="training", points=1)
def specials_apart(lib, rng):
    """A special is no piece, and no piece goes on beyond it."""
    b, d, e, f = letters(rng, 4)
    c, a = sorted(letters(rng, 2))
    # The pair ef stands there twice, so it is the most frequent one if specials are counted.
    special = f"<|{e}{f}{e}{f}|>"
    text = special.join(shuffled(rng, [a + b] * 3 + [c + d] * 2)) + special * rng.integer(2, 4)
    merges = lib.bpe.train_bpe(text, 256 + 2 + 1, [special])
    pieces = texts_of(lib.bpe.piece_counts(text, [special]))
    return {"pieces": f"{pieces['what']} {pieces['times'].tolist()}", "merges": pairs_of(merges[:1])}
