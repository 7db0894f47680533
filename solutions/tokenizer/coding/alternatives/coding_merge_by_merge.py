"""Each merge in turn, over the whole piece: slow, and the same."""


class Tokenizer(Tokenizer):
    def merge_piece(self, piece):
        ids = list(piece.encode("utf-8"))
        for i, pair in enumerate(self.merges):
            ids = merge(ids, pair, 256 + i)
        return ids

    def encode(self, text, allow_specials=False):
        parts = split_specials(text, self.specials) if allow_specials else [text]
        ids = []
        for part in parts:
            if allow_specials and part in self.specials:
                ids.append(256 + len(self.merges) + self.specials.index(part))
            else:
                ids.extend(id for piece in pretokens(part) for id in self.merge_piece(piece))
        return ids

    def decode(self, ids):
        if any(id < 0 or id >= len(self.vocab) for id in ids):
            raise ValueError(f"ids={ids} has one outside")
        return b"".join([self.vocab[id] for id in ids]).decode("utf-8", errors="replace")
