"""What students get wrong in save, load and encode_iterable."""

from check import also, mistake, redefine, replace

STREAM, SAVE, LOAD = "Tokenizer.encode_iterable", "Tokenizer.save", "Tokenizer.load"
REST = '        yield from self.encode("".join(held))'
JOINED = 'text, held = "".join([*held, text]), deque()'


@redefine(STREAM)
def each_text_alone(self, texts):
    """You encode each text by itself. Where a word is cut in two, its halves become ids that the whole word does not have:
    what may still change must wait for the next text."""
    for text in texts:
        yield from self.encode(text)


one_piece_held = mistake(
    """You hold back the last piece, which is nearly enough. ' and l are two pieces until another l makes them 'll: hold back
    two.""",
    replace(STREAM, "if len(held) > 2:", "if len(held) > 1:"),
)


@redefine(STREAM)
def everything_first(self, texts):
    """You read all of the text before you give the first id. So the memory must hold all of it: give what is certain as it
    comes."""
    yield from self.encode("".join(texts))


rest_forgotten = mistake(
    """The end of the text is missing: what was held back for the next text must be encoded when there is none.""",
    replace(STREAM, REST.strip(), "return"),
)

texts_stripped = mistake(
    """You strip the texts. White space at the end of a text is a part of it, a line's end as well.""",
    replace(STREAM, JOINED, JOINED.replace("text])", "text.strip()])")),
)
line_ends_stripped = also(
    texts_stripped, replace(STREAM, JOINED, JOINED.replace("text])", "text.rstrip()])"))
)

held_twice = mistake(
    """What you hold back is encoded twice: it was encoded with its text already. Encode only what is certain.""",
    replace(
        STREAM,
        "if len(held) > 2:\n                    yield from self.encode_piece(held.popleft())",
        "yield from self.encode_piece(piece)\n                if len(held) > 2:\n                    held.popleft()",
    ),
)

specials_not_saved = mistake(
    """The specials are lost. A file without them makes a tokenizer that does not know where a text ends: save and load
    them, too.""",
    replace(LOAD, 'cls(saved["merges"], saved["specials"])', 'cls(saved["merges"])'),
)

order_lost = mistake(
    """The merges come back in another order. The order says which is made first and which id each has: write them as a
    list, and do not sort it.""",
    replace(SAVE, '"merges": self.merges', '"merges": sorted(self.merges)'),
)

specials_sorted = mistake(
    """The specials come back in another order, and so with other ids. Write them as the list that they are.""",
    replace(SAVE, '"specials": self.specials', '"specials": sorted(self.specials)'),
)
