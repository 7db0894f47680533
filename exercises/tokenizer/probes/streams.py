"""What the exercise streams asks. A probe knows no answer: it returns what it got."""

import tempfile
from itertools import islice
from pathlib import Path

from inputs import ids_of, letters, pairs_of, shuffled

from check import probe, value_or


def loaded(lib, merges, specials):
    """Return a tokenizer that was saved and loaded."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tokenizer.json"
        lib.tokenizer.Tokenizer(merges, specials).save(path)
        return lib.tokenizer.Tokenizer.load(path)


@probe(exercise="streams", points=1)
def saved(lib, rng):
    """What is loaded has the merges that were saved, in their order, and the specials in theirs."""
    a, b, c, d = map(ord, letters(rng, 4))
    merges = [*shuffled(rng, [(d, a), (c, b), (a, d)]), (257, 256), (b, c)]
    tokenizer = loaded(lib, merges, ["<|结束|>", *shuffled(rng, [f"<|{chr(a)}|>", "<|é|>"])])
    return {"merges": pairs_of(tokenizer.merges), "specials": "|".join(tokenizer.specials)}


@probe(exercise="streams", points=1)
def any_special(lib, rng):
    """Any text can be a special, also one with a quotation mark, a space or the end of a line."""
    a, b, c, d = letters(rng, 4)
    specials = sorted([f'"{a}"', f"<|{b} {c}|>", f"<|{d}|>\n"])
    return value_or(
        f"neither {c} nor {d}", lambda: "|".join(loaded(lib, [(ord(a), ord(b))], specials).specials)
    )


def cut(rng, text, parts):
    """Return a text cut at random, sometimes at one place twice."""
    places = sorted(rng.integers(0, len(text) + 1, parts - 1).tolist())
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]


@probe(exercise="streams", points=2)
def cut_anywhere(lib, rng):
    """The ids are those of the whole text, wherever it is cut: within a word, or a run of spaces, or at its end."""
    a, b, c = letters(rng, 3)
    tokenizer = lib.tokenizer.Tokenizer([(ord(a), ord(b)), (256, ord(c)), (32, 32), (32, 257)])
    word = a + b + c
    texts = [f"{word[: rng.integer(1, 3)]}", word, f"{c} ", f"   {word}", f"识{word}"]
    within = [f"{a}", f"{b}{c}  ", f"  {word}\n\n"]
    results = {
        "in a word": within,
        "at random": cut(rng, "".join(texts), 5),
        "letters": list(" " + word + "  " + word),
    }
    return {name: ids_of(tokenizer.encode_iterable(iter(parts))) for name, parts in results.items()}


@probe(exercise="streams", points=1)
def cut_in_endings(lib, rng):
    """'ll, 're and 've are one piece also where the text is cut between the two letters."""
    a, b, c = letters(rng, 3)
    word = a + b + c
    endings = [(39, 108), (256, 108), (39, 114), (258, 101), (39, 118), (260, 101)]
    tokenizer = lib.tokenizer.Tokenizer([*endings, (ord(a), ord(b))])
    texts = [a, b + c]
    for first, second in shuffled(rng, ["ll", "re", "ve"]):
        texts[-1] += f"'{first}"
        texts.append(f"{second} {word}")
    return ids_of(tokenizer.encode_iterable(texts))


@probe(exercise="streams", points=1)
def as_it_comes(lib, rng):
    """The first ids come before the whole text is there."""
    a, b = letters(rng, 2)
    words = shuffled(rng, [a + b, b + a, a, b])
    # The text is so long that a buffer of some thousand letters passes.
    text = "".join(f" {word}" for word in words * 40) + "\n"
    tokenizer = lib.tokenizer.Tokenizer([(ord(a), ord(b))])
    try:
        return ids_of(islice(tokenizer.encode_iterable(endless(text)), 10))
    except OverflowError:
        return ids_of([-ord(a)])


def endless(text):
    """Yield a text a hundred times, and then say that this was too often."""
    for _ in range(100):
        yield text
    raise OverflowError("the first ten ids took more than a hundred texts")
