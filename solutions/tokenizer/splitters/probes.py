"""What the exercise splitters asks. A probe knows no answer: it returns what it got."""

from inputs import letters, shuffled

from check import probe


def joined(found):
    """Return what a splitter found as one text."""
    return "|".join(found)


@probe(exercise="splitters", points=1)
def words_and_signs(lib, rng):
    r"""A word is a run of \w, so of letters, digits and _; every other sign stands by itself, and spaces are lost."""
    a, b, c, d, e = letters(rng, 5)
    texts = {
        "apostrophe": f"{a}{b}'{c} {d}{e}",
        "signs in a row": f"{a}{c}?! {b}",
        "brackets": f"({d}{b}) {c}",
        "underscore": f"{e}_{c} {a}",
        "digits": f"{b}2{d} {rng.integer(10, 99)}",
        "point": f"{rng.integer(10, 99)}.5",
        "capitals": f"{a.upper()}{e} {c}{d.upper()}",
        "white space": f"{d}{a}\t{b}  {c}\n{e}",
    }
    return {name: joined(lib.tokenizer.words(text)) for name, text in texts.items()}


@probe(exercise="splitters", points=1)
def words_of_any_script(lib, rng):
    """Letters are letters in every script; where no spaces are written a whole clause is one word."""
    a, b = letters(rng, 2)
    chinese = "".join(shuffled(rng, "比萨很好吃")[: rng.integer(2, 5)])
    cyrillic = "".join(shuffled(rng, "слово"))
    texts = {
        "accents": f"{a}é{b} {b}ñ{a}",
        "another alphabet": f"{a} {cyrillic}?",
        "no spaces": f"{chinese} {b}",
        "signs without spaces": f"{chinese[::-1]}，{chinese}。",
        "pictures": f"{b}🍕🍕",
    }
    return {name: joined(lib.tokenizer.words(text)) for name, text in texts.items()}


@probe(exercise="splitters", points=1)
def every_character(lib, rng):
    """Characters are code points, spaces as well: é in two parts is two of them, a family of three is five."""
    a, b, c = sorted(letters(rng, 3))
    texts = {
        "spaces": f"{b} {a}  {c}",
        "line ends": f"{c}\n{a}\n",
        "accents": "".join(shuffled(rng, ["e\u0301", "é", a])),
        "family": "".join(shuffled(rng, ["👩\u200d👩\u200d👧", "识", b])),
        "twice": f"{a}{a}{b}{b}",
    }
    return {
        name: joined(f"{found}" for found in lib.tokenizer.characters(text)) for name, text in texts.items()
    }
