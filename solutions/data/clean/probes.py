"""What the exercise clean asks. A probe knows no answer: it returns what it got."""

from inputs import glued, in_random_order, listed, word

from check import probe

ACCENTS = ["e\u0301", "é", "A\u030a", "Å", "n\u0303", "ñ", "o\u0308", "ö"]
LOOK_ALIKES = ["ﬁ", "①", "²", "Ａ", "，", "½"]  # NFKC makes other characters of them
UNSEEN = ["\u200b", "\ufeff", "\x00", "\x07", "\x1b", "\x7f"]
BLANKS = ["  ", "\t", " \t ", "\u3000", "\u00a0 ", "\u2003\u2003"]
PEOPLE = ["\U0001f469", "\U0001f468", "\U0001f467", "\U0001f466", "\u2764\ufe0f"]


@probe(exercise="clean", points=1)
def composed(lib, rng):
    """What is written as a letter and an accent becomes one character, and what is one stays so."""
    return [lib.cleaning.normalise(glued(rng, ACCENTS)) for _ in range(2)]


@probe(exercise="clean", points=1)
def unseen(lib, rng):
    """Zero-width spaces, byte-order marks and control characters go, and leave nothing behind."""
    zero_width, control = (UNSEEN[:2] * 2, UNSEEN[2:])
    return {
        "zero width": lib.cleaning.normalise(glued(rng, zero_width)),
        "at both ends": lib.cleaning.normalise("\ufeff" + glued(rng, ["\u200b", " "]) + "\u200b"),
        "control": lib.cleaning.normalise(glued(rng, control)),
    }


@probe(exercise="clean", points=1)
def blanks(lib, rng):
    """Blanks, tabs and wide blanks become one blank, and both ends are stripped."""
    text = glued(rng, BLANKS)
    return {
        "inside": lib.cleaning.normalise(text),
        "at both ends": lib.cleaning.normalise(f" \n\t{glued(rng, [' ', '  '])}\u3000\n"),
    }


@probe(exercise="clean", points=1)
def line_ends(lib, rng):
    r"""A line ends in \n, however it ended before, and empty lines stay."""
    return [lib.cleaning.normalise(glued(rng, ["\r\n", "\n", "\r", "\n\n", "\r\n\r\n"])) for _ in range(2)]


@probe(exercise="clean", points=1)
def forms(lib, rng):
    """NFC leaves ﬁ and ① as they are, NFKC writes what they look like."""
    texts = [glued(rng, in_random_order(rng, LOOK_ALIKES)) for _ in range(2)]
    return {
        "NFC": lib.cleaning.normalise(texts[0]),
        "NFKC": lib.cleaning.normalise(texts[1], "NFKC"),
        "form=NFKC": lib.cleaning.normalise(texts[0], form="NFKC"),
    }


@probe(exercise="clean", points=1)
def emoji(lib, rng):
    """The joiner U+200D stays: without it a family falls apart."""
    families = ["\u200d".join(in_random_order(rng, PEOPLE)) for _ in range(2)]
    return lib.cleaning.normalise(glued(rng, families))


def with_copies(rng):
    """Return 9 different texts and 6 of them again, each as a list of two words, and never all side by side."""
    texts = [[word(rng), word(rng, 6)] for _ in range(9)]
    return [*in_random_order(rng, texts), *in_random_order(rng, texts)[:6]]


@probe(exercise="clean", points=1)
def copies(lib, rng):
    """Texts that are equal are one group, wherever they stand; a text without a copy is a group, too."""
    return listed(lib.cleaning.groups_of_copies([" ".join(words) for words in with_copies(rng)]))


@probe(exercise="clean", points=1)
def hidden_copies(lib, rng):
    """Texts count as copies when they are equal after `normalise`."""
    texts = with_copies(rng)
    plain = [" ".join(["Café", *words]) for words in texts[:9]]
    disguised = [" \u200b ".join(["Cafe\u0301", *words]) for words in texts[9:]]
    return listed(lib.cleaning.groups_of_copies([*plain, *disguised]))
