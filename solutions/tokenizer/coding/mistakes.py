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

whole_text_at_once = mistake(
    """You merge the whole text as one piece, so merges reach over the borders of pieces. Cut it with pretokens first, and
    encode each piece by itself.""",
    replace(
        ENCODE,
        "id for piece in pretokens(part) for id in self.encode_piece(piece)",
        "self.encode_piece(part)",
    ),
)

specials_always = mistake(
    """You turn the text of a special into its id although it is not allowed. Whoever writes <|end|> into a form could end the
    text then: it is plain text unless allow_specials is True.""",
    replace(ENCODE, PARTS, "split_specials(text, self.specials)"),
)

specials_never = mistake(
    """With allow_specials the text of a special is to become its one id. Yours is encoded like other text.""",
    replace(ENCODE, PARTS, "split_specials(text, ())"),
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

strict_decode = mistake(
    """Bytes that are no UTF-8 end in an error. A model may stop within a character: what cannot be decoded becomes U+FFFD,
    by errors="replace".""",
    replace(DECODE, '.decode(errors="replace")', ".decode()"),
)

broken_bytes_ignored = mistake(
    """Bytes that are no UTF-8 vanish. They become U+FFFD, so that a reader sees that something is missing.""",
    replace(DECODE, 'errors="replace"', 'errors="ignore"'),
)

unknown_ids_taken = mistake(
    """You do not refuse ids that are not there. A list takes -1 for its last entry, and what is too large ends in an
    IndexError: raise ValueError for both.""",
    replace(DECODE, OUTSIDE, "if outside := ():"),
)
negative_ids_taken = also(
    unknown_ids_taken, replace(DECODE, "if not 0 <= i < len(self.vocab)]:", "if i >= len(self.vocab)]:")
)
