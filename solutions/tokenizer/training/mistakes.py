"""What students get wrong in piece_counts and train_bpe."""

from check import also, mistake, redefine, replace

BEST = "(pair := table.best()) is not None"
PIECES = "PairTable(piece_counts(text, specials))"
LEFT = "vocab_size - 256 - len(specials)"
UPDATE = "counts.update(pretokens(part))"
PARTS = "split_specials(text, specials)[::2]"

counts_words_once = mistake(
    """A piece that occurs 6 times must count 6 times. You train on each different piece once.""",
    replace("train_bpe", PIECES, "PairTable(dict.fromkeys(piece_counts(text, specials), 1))"),
)

merges_across_pieces = mistake(
    """You merge over the border of two pieces. Count and merge within each piece alone: that is what pretokens is for.""",
    replace("train_bpe", PIECES, "PairTable(Counter(split_specials(text, specials)[::2]))"),
)

spaces_lost = mistake(
    """Your pieces have lost their spaces, so that " the" and "the" are the same. A piece is what pretokens yields: the space
    before a word belongs to it, and white space counts as well.""",
    replace("piece_counts", UPDATE, "counts.update(part.split())"),
)
pieces_stripped = also(
    spaces_lost, replace("piece_counts", "pretokens(part)", "map(str.strip, pretokens(part))")
)
words_of_the_text = also(
    spaces_lost,
    replace("piece_counts", f"in {PARTS}", "in [text]"),
    replace("piece_counts", UPDATE, "counts.update(part.split())"),
)

whole_text_one_piece = also(merges_across_pieces, replace("train_bpe", PIECES, "PairTable({text: 1})"))

counted_just_once = mistake(
    """You count the pairs once, at the beginning. A merge changes the counts: pairs with the new id appear, others become
    rarer. Count again before the next merge.""",
    replace(
        "train_bpe",
        BEST,
        "(pair := max(set(start) - set(merges), key=lambda p: (start[p], -p[0], -p[1]), default=None))",
    ),
    replace("train_bpe", f"table = {PIECES}", f"table = {PIECES}\n    start = dict(table.counts)"),
)


@redefine("train_bpe")
def characters_not_bytes(text, vocab_size, specials=()):
    """You begin with characters. Ids 0 to 255 are the bytes of UTF-8: encode each piece first. For English that is the same,
    for é, я and 识 it is not."""
    pieces = {tuple(map(ord, piece)): times for piece, times in piece_counts(text, specials).items()}
    merges = []
    while len(merges) < vocab_size - 256 - len(specials) and (counts := pair_counts(pieces)):
        merges.append(min(counts, key=lambda pair: (-counts[pair], pair)))
        pieces = {
            tuple(merge(list(ids), merges[-1], 255 + len(merges))): times for ids, times in pieces.items()
        }
    return merges


ties_by_first_seen = mistake(
    """Equal counts: you take the pair that you met first, as max does. The pair with the smallest ids is asked for, so that
    the order of the text does not matter.""",
    replace(
        "train_bpe", BEST, "(pair := max(+table.counts, key=table.counts.get, default=None)) is not None"
    ),
)

ties_by_largest = mistake(
    """Equal counts: you take the pair with the largest ids. The smallest is asked for.""",
    replace(
        "train_bpe",
        BEST,
        "(pair := max(+table.counts, key=lambda p: (table.counts[p], p), default=None)) is not None",
    ),
)

goes_on_without_pairs = mistake(
    """When no pair is left your training does not stop: it ends in an error, or goes on with what is not there. Return the
    merges that there are.""",
    replace("train_bpe", BEST, "(pair := min((-n, p) for p, n in table.counts.items() if n)[1])"),
)

pads_with_merges = also(
    goes_on_without_pairs, replace("train_bpe", BEST, "(pair := table.best() or (0, 0)) is not None")
)

stops_before_the_rare = mistake(
    """You stop when no pair occurs twice. Pairs that occur once are merged as well, as long as there is room.""",
    replace("train_bpe", BEST, f"{BEST} and table.counts[pair] > 1"),
)

vocab_without_specials = mistake(
    """You make too many merges when there are specials. vocab_size counts them, too: 256 bytes, the merges, the specials.""",
    replace("train_bpe", LEFT, "vocab_size - 256"),
)

ids_after_specials = mistake(
    """Your new ids begin after the specials. The specials come last: merge i makes the id 256 + i.""",
    replace("train_bpe", "256 + len(merges)", "256 + len(specials) + len(merges)"),
)

merges_as_bytes = mistake(
    """Your merges hold the bytes of the tokens. A merge is a pair of ids, two numbers such as (256, 116).""",
    replace(
        "train_bpe",
        "return merges",
        "vocab = [bytes([byte]) for byte in range(256)]\n    for left, right in merges:\n"
        "        vocab.append(vocab[left] + vocab[right])\n"
        "    return [(vocab[left], vocab[right]) for left, right in merges]",
    ),
)

pieces_as_bytes = mistake(
    """The keys of piece_counts are not texts. It counts the pieces as pretokens yields them; train_bpe makes bytes of them.""",
    replace(
        "piece_counts", "return dict(counts)", "return {tuple(key.encode()): counts[key] for key in counts}"
    ),
    replace(
        "train_bpe",
        "piece_counts(text, specials)",
        "{bytes(k).decode(): n for k, n in piece_counts(text, specials).items()}",
    ),
)

specials_counted = mistake(
    """You count the specials' own signs as pieces. A special is an id of its own: cut the text at specials first, and count
    what lies between them.""",
    replace("piece_counts", f"in {PARTS}", "in [text]"),
)
specials_are_pieces = also(specials_counted, replace("piece_counts", PARTS, "split_specials(text, specials)"))
specials_are_whole_pieces = also(
    specials_counted,
    replace("piece_counts", PARTS, "split_specials(text, specials)"),
    replace("piece_counts", "pretokens(part)", "[part] if part in specials else pretokens(part)"),
)

TAKEN_OUT = """for special in specials:
        text = text.replace(special, {})
    for part in [text]"""

specials_taken_out = mistake(
    """You take the specials out of the text before you cut it. So what stood before a special and what stood behind it come
    together, or get a space that is not there: cut the text at the specials.""",
    replace("piece_counts", f"for part in {PARTS}", TAKEN_OUT.format("''")),
)
spaces_for_specials = also(
    specials_taken_out, replace("piece_counts", f"for part in {PARTS}", TAKEN_OUT.format("' '"))
)


def cut_by(parts):
    """Return what cuts the text into these parts."""
    return replace("piece_counts", f"for part in {PARTS}", f"import re\n    for part in {parts}")


empty_pattern = mistake(
    """The pattern that you make of the specials cuts in the wrong places. A | in it means "or", unless you take re.escape; and
    without specials it is empty, which cuts everywhere. split_specials does it for you.""",
    cut_by('re.split("|".join(map(re.escape, specials)), text)'),
)
unescaped_pattern = also(empty_pattern, cut_by('re.split("|".join(specials), text) if specials else [text]'))
