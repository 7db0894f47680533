"""Tokens are bytes objects until the end, and only words that hold the best pair are counted again."""


def piece_counts(text, specials=()):
    return Counter(piece for part in split_specials(text, specials)[::2] for piece in pretokens(part))


def train_bpe(text, vocab_size, specials=()):
    words = [
        ([bytes([byte]) for byte in piece.encode()], n) for piece, n in piece_counts(text, specials).items()
    ]
    ids = {bytes([byte]): byte for byte in range(256)}
    counts, merges = Counter(), []
    for word, times in words:
        for pair in zip(word, word[1:], strict=False):
            counts[pair] += times
    while len(merges) < vocab_size - len(specials) - 256 and (counts := +counts):
        most = max(counts.values())
        left, right = min((p for p, n in counts.items() if n == most), key=lambda p: (ids[p[0]], ids[p[1]]))
        merges.append((ids[left], ids[right]))
        ids.setdefault(left + right, 256 + len(merges) - 1)
        for word, times in words:
            if left in word:
                for pair in zip(word, word[1:], strict=False):
                    counts[pair] -= times
                i = 0
                while i < len(word) - 1:
                    if word[i] == left and word[i + 1] == right:
                        word[i : i + 2] = [left + right]
                    i += 1
                for pair in zip(word, word[1:], strict=False):
                    counts[pair] += times
    return merges
