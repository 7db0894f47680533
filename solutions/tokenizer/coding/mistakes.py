"""What students get wrong in merge_piece, encode and decode."""

from check import also, mistake, redefine, replace

MERGE, ENCODE, DECODE = "Tokenizer.merge_piece", "Tokenizer.encode", "Tokenizer.decode"
PARTS = "split_specials(text, self.specials if allow_specials else ())"
JOINED = 'return b"".join(self.vocab[i] for i in ids).decode(errors="replace")'
OUTSIDE = "if outside := [i for i in ids if not 0 <= i < len(self.vocab)]:"

code_points = mistake(
    """You encode the code points of the characters. A piece begins as its bytes in UTF-8: piece.encode(). For English that
    is the same.""",
    replace(MERGE, "list(piece.encode())", "[ord(character) for character in piece]"),
)


@redefine(MERGE)
def longest_match(self, piece):
    """You take the longest token that fits, from the left. Merge in the order in which the merges were learned: with bc
    before ab, abc is a and bc."""
    data, ids = piece.encode(), []
    while data:
        n = max(n for n in range(1, len(data) + 1) if data[:n] in self.vocab[: 256 + len(self.merges)])
        ids.append(self.vocab.index(data[:n]))
        data = data[n:]
    return ids


leftmost_pair = mistake(
    """You merge the first pair from the left that has a merge. Of all pairs in the piece, the one whose merge was learned
    first comes first.""",
    replace(
        MERGE,
        "min(pairwise(ids), key=lambda pair: self.ids.get(pair, math.inf), default=None)",
        "next((pair for pair in pairwise(ids) if pair in self.ids), None)",
    ),
)

letters_merged_once = mistake(
    """You go through the piece once. What a merge makes may be half of another pair: begin again until no pair of the piece has
    a merge.""",
    replace(
        MERGE,
        "for _ in range(len(ids)):  # each merge makes it shorter",
        "for first in sorted(set(pairwise(ids)) & self.ids.keys(), key=self.ids.get):\n"
        "            ids = merge(ids, first, self.ids[first])\n        for _ in ():",
    ),
)

no_pair_to_choose = mistake(
    """A piece of one id has no pairs, and min of nothing is an error. Stop when fewer than two ids are left, or give min a
    default.""",
    replace(MERGE, ", default=None)", ")"),
)

whole_text_at_once = mistake(
    """You merge the whole text as one piece, so merges reach over the borders of pieces. Cut it with pretokens first, and
    encode each piece by itself.""",
    replace(
        ENCODE,
        "id for piece in pretokens(part) for id in self.encode_piece(piece)",
        "self.encode_piece(part)",
    ),
)

spaces_not_encoded = mistake(
    """You encode the words and lose the spaces between them, so decode cannot give the text back. Encode every piece that
    pretokens yields: each space is a part of one.""",
    replace(ENCODE, "pretokens(part)", "part.split()"),
)
words_and_signs_encoded = also(
    spaces_not_encoded, replace(ENCODE, "pretokens(part)", r're.findall(r"\w+|[^\w\s]", part)')
)
pieces_without_spaces = also(spaces_not_encoded, replace(MERGE, "piece.encode()", "piece.strip().encode()"))

specials_always = mistake(
    """You turn the text of a special into its id although it is not allowed. Whoever writes <|end|> into a form could end the
    text then: it is plain text unless allow_specials is True.""",
    replace(ENCODE, PARTS, "split_specials(text, self.specials)"),
)

specials_never = mistake(
    """With allow_specials the text of a special is to become its one id. Yours is encoded like other text.""",
    replace(ENCODE, PARTS, "split_specials(text, ())"),
)

specials_refused = mistake(
    """A text that holds the text of a special ends in an error. It is text like any other unless allow_specials is True:
    whoever writes about <|end|> may do so.""",
    replace(
        ENCODE,
        "ids: list[int] = []",
        "assert allow_specials or not any(special in text for special in self.specials)\n        ids = []",
    ),
)


def cut_by(parts):
    """Return what cuts the text into these parts, and takes for specials those that are."""
    return (
        replace(ENCODE, f"i, part in enumerate({PARTS})", f"part in {parts}"),
        replace(ENCODE, "if i % 2:", "if part in self.special_ids:"),
    )


LONGEST_FIRST = "map(re.escape, sorted(self.specials, key=len, reverse=True))"

every_letter_cut = mistake(
    """Without specials your pattern is empty, and an empty pattern cuts between all characters. Split only where there are
    specials; split_specials sees to it.""",
    *cut_by(f're.split("(" + "|".join({LONGEST_FIRST} if allow_specials else ()) + ")", text)'),
)

IF_ALLOWED = "if allow_specials and self.specials else [text]"

specials_unescaped = mistake(
    """The pattern that you make of the specials is not right. A | in it means "or", unless you take re.escape; and re.split
    returns what it cuts at only where a group holds it. split_specials does both.""",
    *cut_by(f're.split("(" + "|".join(self.specials) + ")", text) {IF_ALLOWED}'),
)
specials_ungrouped = also(
    specials_unescaped, *cut_by(f're.split("|".join({LONGEST_FIRST}), text) {IF_ALLOWED}')
)

shortest_special_first = mistake(
    """Where two specials fit you take the shorter one. <|a|><|a|> may be a special of its own: look for the longest
    first.""",
    replace(
        ENCODE,
        PARTS,
        're.split("(" + "|".join(map(re.escape, sorted(self.specials, key=len))) + ")", text)\n'
        "            if allow_specials and self.specials else [text]",
    ),
)

decoded_one_by_one = mistake(
    """You decode each token by itself. A character of several bytes may lie in two tokens, and each half is no text: join the
    bytes of all ids first, and decode once.""",
    replace(DECODE, JOINED, 'return "".join(self.vocab[i].decode(errors="replace") for i in ids)'),
)

each_strictly = also(
    decoded_one_by_one, replace(DECODE, JOINED, 'return "".join(self.vocab[i].decode() for i in ids)')
)
each_between_spaces = also(
    decoded_one_by_one,
    replace(DECODE, JOINED, 'return " ".join(self.vocab[i].decode(errors="replace") for i in ids)'),
)
each_ignoring = also(
    decoded_one_by_one,
    replace(DECODE, JOINED, 'return "".join(self.vocab[i].decode(errors="ignore") for i in ids)'),
)

strict_decode = mistake(
    """Bytes that are no UTF-8 end in an error, or vanish. A model may stop within a character: what cannot be decoded becomes
    U+FFFD, by errors="replace", so that a reader sees that something is missing.""",
    replace(DECODE, '.decode(errors="replace")', ".decode()"),
)
broken_bytes_ignored = also(strict_decode, replace(DECODE, 'errors="replace"', 'errors="ignore"'))

unknown_ids_taken = mistake(
    """Not every id that is not there ends in a ValueError: those below 0 and those from len(self.vocab) on. A list takes -1
    for its last entry, and raises another error where one is too large: look at the ids yourself.""",
    replace(DECODE, OUTSIDE, "if outside := ():"),
)
negative_ids_taken = also(
    unknown_ids_taken, replace(DECODE, "if not 0 <= i < len(self.vocab)]:", "if i >= len(self.vocab)]:")
)
just_beyond_taken = also(unknown_ids_taken, replace(DECODE, "i < len(self.vocab)", "i <= len(self.vocab)"))
