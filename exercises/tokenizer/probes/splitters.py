"""What the exercise splitters asks. A probe knows no answer: it returns what it got."""

from inputs import letters, shuffled

from check import probe


def text_of(rng, words):
    """Return the words in random order, with different white space between them."""
    spaces = shuffled(rng, [" ", "  ", "\n", "\t", " ", " "])
    return "".join(word + spaces[i % 6] for i, word in enumerate(shuffled(rng, words)))


@probe(exercise="splitters", points=1)
def words_and_signs(lib, rng):
    r"""A word is a run of \w, so of letters, digits and _; every other sign stands by itself, and spaces are lost."""
    a, b, c, d, e, f = letters(rng, 6)
    words = [
        f"{a}{b}'{c}",
        f"{d}{e}",
        f"{a}?!",
        f"({f}{b})",
        f"{e}_{c}",
        f"{b}2{d}",
        f"{rng.integer(10, 99)}.5",
    ]
    return "|".join(lib.tokenizer.words(text_of(rng, words)))


@probe(exercise="splitters", points=1)
def words_of_any_script(lib, rng):
    """Letters are letters in every script; where no spaces are written a whole clause is one word."""
    a, b = letters(rng, 2)
    chinese = "".join(shuffled(rng, "比萨很好吃")[: rng.integer(2, 5)])
    words = [f"{a}é{b}", chinese, f"{b}ñ{a}", "слово", f"{chinese[::-1]}，{chinese}。", "🍕🍕"]
    return "|".join(lib.tokenizer.words(text_of(rng, words)))


@probe(exercise="splitters", points=1)
def every_character(lib, rng):
    """Characters are code points, spaces as well: é in two parts is two of them, a family of three is five."""
    parts = ["e\u0301", "é", "👩\u200d👩\u200d👧", "识", " ", "\n", *letters(rng, 3)]
    return "|".join(lib.tokenizer.characters("".join(shuffled(rng, parts))))
