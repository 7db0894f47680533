"""What students get wrong in save, load and encode_iterable."""

from check import also, mistake, redefine, replace

STREAM, SAVE, LOAD = "Tokenizer.encode_iterable", "Tokenizer.save", "Tokenizer.load"
REST = '        yield from self.encode("".join(held))'
JOINED = 'text, held = "".join([*held, text]), deque()'
PIECES = """for piece in pretokens(text):
                held.append(piece)
                if len(held) > 2:
                    yield from self.encode_piece(held.popleft())"""


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
    """You lose white space, at the ends of the texts or between the words. It is a part of the text, a line's end as well, and
    the ids must give it back.""",
    replace(STREAM, JOINED, JOINED.replace("text])", "text.strip()])")),
)
words_streamed = also(
    texts_stripped,
    replace(STREAM, JOINED, "words = text.split()"),
    replace(STREAM, PIECES, "for word in words:\n                yield from self.encode(word)"),
)
line_ends_stripped = also(
    texts_stripped, replace(STREAM, JOINED, JOINED.replace("text])", "text.rstrip()])"))
)


def cut_at(end):
    """Return what makes the stream encode what has come up to an end, and hold the rest back."""
    return (
        replace(STREAM, "held: deque[str] = deque()", 'held = ""'),
        replace(STREAM, JOINED, f"held += text\n            end = {end}"),
        replace(STREAM, PIECES, "yield from self.encode(held[:end])\n            held = held[end:]"),
        replace(STREAM, REST, "        yield from self.encode(held)"),
    )


cut_before_a_space = mistake(
    """You cut at a space and encode what stands before. But a space belongs to the word behind it, and several in a row are a
    piece of their own: hold back the last pieces, not the last word.""",
    *cut_at('max(held.rfind(" "), 0)'),
)
cut_after_a_space = also(cut_before_a_space, *cut_at('held.rfind(" ") + 1'))


@redefine(STREAM)
def lists_yielded(self, texts):
    """You yield a list for each text. The ids come one by one: yield from goes through a list."""
    for text in texts:
        yield self.encode(text)


one_piece_held_and_forgotten = also(
    rest_forgotten,
    replace(STREAM, "if len(held) > 2:", "if len(held) > 1:"),
    replace(STREAM, REST.strip(), "return"),
)

nothing_loaded = mistake(
    """What you load is nothing: load is to make a tokenizer of what it reads, and to return it.""",
    replace(LOAD, "return cls(", "cls("),
)

pairs_as_keys = mistake(
    """JSON knows no pairs as keys: json.dumps of {(97, 98): 256} is a TypeError. Save a list of the pairs.""",
    replace(SAVE, '"merges": self.merges', '"merges": self.ids'),
)

one_line_a_special = mistake(
    """Your file cannot hold every special: one with a space, or with the end of a line, is another one when it is loaded, or
    an error. JSON writes such texts so that they come back.""",
    replace(
        SAVE, '"specials": self.specials', '"specials": [f"{s} {i}" for s, i in self.special_ids.items()]'
    ),
    replace(LOAD, 'saved["specials"])', '[s for s, _ in map(str.split, saved["specials"])])'),
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
