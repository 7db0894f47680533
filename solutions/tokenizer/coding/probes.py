"""What the exercise coding asks. A probe knows no answer: it returns what it got."""

from inputs import ids_of, ids_or, letters, shuffled

from check import probe, raised, value_or


def ords(*characters):
    return [ord(character) for character in characters]


@probe(exercise="coding", points=2)
def encoded(lib, rng):
    """Bytes, merged within each piece; what no merge knows stays bytes. A space is a byte like others."""
    x, y, z = ords(*letters(rng, 3))
    tokenizer = lib.tokenizer.Tokenizer([(x, y), (0xC3, 0xA9), (32, 256), (256, z)])
    xy = chr(x) + chr(y)
    words = [f" {xy}", xy * 2, f"{chr(z)}é", "识", f"\n{xy}", "🍕", f"  {chr(y)}{chr(x)}", f"{xy}."]
    return {
        "text": ids_of(
            tokenizer.encode("".join([*shuffled(rng, words), f" {xy}{chr(y)}\n{xy}{chr(z)}{xy}"]))
        ),
        "nothing": ids_of(tokenizer.encode("")),
    }


@probe(exercise="coding", points=2)
def by_rank(lib, rng):
    """Merges are made in the order in which they were learned, wherever they stand and whatever they make."""
    a, b, c, x, y, z, p, q, r = ords(*letters(rng, 9))
    # abc: bc comes first. xyz: yz comes first, then xyz. pqr: pq, then pqr, which a look at pairs of letters misses.
    merges = [(b, c), (a, b), (y, z), (x, 258), (x, y), (p, q), (261, r)]
    words = shuffled(
        rng, [bytes([a, b, c]), bytes([x, y, z]), bytes([p, q, r]), bytes([a, b]), bytes([x, y, x])]
    )
    text = "".join(" " + word.decode() for word in words)
    return ids_of(lib.tokenizer.Tokenizer(merges).encode(text))


@probe(exercise="coding", points=1)
def within_pieces(lib, rng):
    """No merge reaches over the border of two pieces, though its ids stand side by side in the text."""
    x, y = letters(rng, 2)
    digit = str(rng.integer(0, 10))
    merges = [(32, 32), (ord(x), 46), (ord(digit), ord(y))]
    text = "".join(shuffled(rng, [f"  {y}", f"{x}.", f"{digit}{y}", f"{y}   {x}"]))
    return ids_of(lib.tokenizer.Tokenizer(merges).encode(text))


def cut_characters(rng):
    """Return a text, and merges and ids in which tokens begin and end within characters."""
    text = "".join(shuffled(rng, "识é🍕三"))
    data = text.encode()
    merges = [(data[2 * i], data[2 * i + 1]) for i in range(len(data) // 2)]
    merges = list(dict.fromkeys(merges))
    return text, merges, [256 + merges.index((data[i], data[i + 1])) for i in range(0, len(data), 2)]


@probe(exercise="coding", points=2)
def decoded(lib, rng):
    """The bytes of all ids are one text: a character may lie in several tokens."""
    a, b = letters(rng, 2)
    _, merges, ids = cut_characters(rng)
    tokenizer = lib.tokenizer.Tokenizer([*merges, (ord(a), ord(b))])
    plain = shuffled(rng, [ord(a), ord(b), 32, 256 + len(merges)])
    return {
        "plain": tokenizer.decode(plain),
        "cut": tokenizer.decode(plain + ids),
        "nothing": tokenizer.decode([]),
    }


@probe(exercise="coding", points=1)
def broken_bytes(lib, rng):
    """Bytes that are no UTF-8, such as half a character, become U+FFFD, and the rest is decoded."""
    a, b, c = ords(*letters(rng, 3))
    return lib.tokenizer.Tokenizer([(a, b)]).decode([a, 0xE8, 0xAF, b, *shuffled(rng, [0xFF, c, 256, 0xC3])])


def with_specials(rng):
    """Return specials, one of which is another one that stands before it twice, and a text with each of them."""
    a, b, c = letters(rng, 3)
    specials = [f"<|{a}|>", f"<|{a}|><|{a}|>"]
    specials.insert(rng.integer(0, 3), f"<|{b}|>")
    return specials, c.join(shuffled(rng, [*specials, f"<|{a}|>"]))


@probe(exercise="coding", points=1)
def specials_are_text(lib, rng):
    """Unless they are allowed, the texts of specials are text like any other."""
    specials, text = with_specials(rng)
    return ids_or(-rng.integer(1, 1000), lib.tokenizer.Tokenizer([(60, 124)], specials).encode, text)


@probe(exercise="coding", points=1)
def specials_allowed(lib, rng):
    """Where they are allowed each special is one id, the longest where several fit."""
    specials, text = with_specials(rng)
    tokenizer = lib.tokenizer.Tokenizer([(60, 124)], specials)
    ids = tokenizer.encode(text, allow_specials=True)
    return ids_of(ids)


@probe(exercise="coding", points=1)
def unknown_ids(lib, rng):
    """An id outside the vocabulary is a ValueError, a negative one too."""
    a, b = ords(*letters(rng, 2))
    tokenizer = lib.tokenizer.Tokenizer([(a, b)], ["<|end|>"])
    results = []
    for id in shuffled(rng, [258, -1, -rng.integer(2, 200), rng.integer(259, 999), a, 256, 257]):
        if raised(tokenizer.decode, [b, id]) == "ValueError":
            results.append(f"refused {a}")
        else:
            results.append(value_or("taken", tokenizer.decode, [b, id]) if 0 <= id < 258 else "taken")
    return results
