"""Everything is counted again for each merge."""


def piece_counts(text, specials=()):
    counts = {}
    for i, part in enumerate(split_specials(text, specials)):
        for piece in pretokens(part) if i % 2 == 0 else ():
            counts[piece] = counts.get(piece, 0) + 1
    return counts


def train_bpe(text, vocab_size, specials=()):
    check_specials(specials)
    pieces = {tuple(piece.encode()): times for piece, times in piece_counts(text, specials).items()}
    merges = []
    for new in range(256, vocab_size - len(specials)):
        counts = pair_counts(pieces)
        if not counts:
            break
        merges.append(min(counts, key=lambda pair: (-counts[pair], pair)))
        pieces = {tuple(merge(list(ids), merges[-1], new)): times for ids, times in pieces.items()}
    return merges
