"""What the exercise clean asks. A probe knows no answer: it returns what it got."""

from inputs import glued, in_random_order, listed, word

from check import probe

ACCENTS = ["e\u0301", "é", "a\u030a", "å", "n\u0303", "ñ", "o\u0308", "ö"]
LOOK_ALIKES = ["ﬁ", "①", "²", "ａ", "ﬂ", "½"]  # NFKC makes other characters of them
UNSEEN = ["\u200b", "\ufeff", "\x00", "\x07", "\x1b", "\x7f"]
PEOPLE = ["\U0001f469", "\U0001f468", "\U0001f467", "\U0001f466", "\U0001f9d1"]


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
        "at both ends": lib.cleaning.normalise("\ufeff" + glued(rng, [" ", " "]) + "\u200b"),
        "control": lib.cleaning.normalise(glued(rng, control)),
    }


@probe(exercise="clean", points=1)
def blanks(lib, rng):
    """Blanks, tabs and wide blanks become one blank, and both ends are stripped."""
    return {
        "runs": lib.cleaning.normalise(glued(rng, ["  ", "   ", " \t "])),
        "single tabs": lib.cleaning.normalise(glued(rng, ["\t", "\t"])),
        "wide": lib.cleaning.normalise(glued(rng, ["\u3000\u3000", "\u2003\u2003"])),
        "no-break": lib.cleaning.normalise(glued(rng, ["\u00a0\u00a0", "\u00a0 "])),
        "at both ends": lib.cleaning.normalise(f" {word(rng)} "),
    }


@probe(exercise="clean", points=1)
def line_ends(lib, rng):
    r"""A line ends in \n, however it ended before, and empty lines stay."""
    return {
        r"\n": lib.cleaning.normalise(glued(rng, ["\n", "\n\n", "\n"])),
        r"\r\n": lib.cleaning.normalise(glued(rng, ["\r\n", "\r\n\r\n", "\r\n"])),
        r"\r": lib.cleaning.normalise(glued(rng, ["\r", "\r"])),
    }


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
def kept(lib, rng):
    """What one sees stays: capitals, punctuation, and emoji with the joiner U+200D, without which a family falls apart."""
    families = [" " + "\u200d".join(in_random_order(rng, PEOPLE)) + " " for _ in range(2)]
    return {
        "emoji": lib.cleaning.normalise(glued(rng, families)),
        "capitals": lib.cleaning.normalise(glued(rng, [" ", " "]).title()),
        "punctuation": lib.cleaning.normalise(glued(rng, [", ", "! ", " (", ") ", "; "])),
    }


def with_copies(rng):
    """Return 9 different texts and 6 of them again, each as a list of two words, and never all side by side."""
    texts = [[word(rng), word(rng, 6)] for _ in range(9)]
    return [*in_random_order(rng, texts), *in_random_order(rng, texts)[:6]]


@probe(exercise="clean", points=1)
def copies(lib, rng):
    """Texts that are equal are one group, wherever they stand; a text without a copy is a group, too."""
    return listed(lib.cleaning.groups_of_copies([" ".join(words) for words in with_copies(rng)]))


def disguised(lib, text):
    """Return the text with something more that this `normalise` takes away: what it does wrong is asked elsewhere."""
    normalise = lib.cleaning.normalise
    disguises = [
        f" {text} ",
        text.replace(" ", "  "),
        text.replace("é", "e\u0301"),
        text.replace(" ", "\u200b "),
        text.replace(" ", "\u00a0"),
        text.replace(" ", "\t"),
        "\ufeff" + text,
        text.replace("fé", "f\x00é"),
    ]
    found = [one for one in disguises if normalise(one) == normalise(text)]
    return found[sum(map(ord, text)) % len(found)] if found else text


@probe(exercise="clean", points=1)
def hidden_copies(lib, rng):
    """Texts count as copies when they are equal after `normalise`."""
    texts = [" ".join(["café", *words]) for words in with_copies(rng)]
    return listed(lib.cleaning.groups_of_copies([*texts[:9], *(disguised(lib, text) for text in texts[9:])]))
