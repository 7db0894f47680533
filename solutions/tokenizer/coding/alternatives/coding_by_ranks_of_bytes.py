"""Tokens are bytes, and a rank for each of them says when it was made; specials are looked for one by one."""


class Tokenizer(Tokenizer):
    def merge_piece(self, piece):
        parts = [bytes([byte]) for byte in piece.encode()]
        ids = {}
        for pair, id in self.ids.items():
            ids[self.vocab[pair[0]], self.vocab[pair[1]]] = id
        while True:
            found = [
                (ids[pair], i) for i, pair in enumerate(zip(parts, parts[1:], strict=False)) if pair in ids
            ]
            if not found:
                break
            _, i = min(found)
            parts[i : i + 2] = [parts[i] + parts[i + 1]]
        return [self.vocab.index(part) for part in parts]

    def encode(self, text, allow_specials=False):
        ids, start = [], 0
        for i in range(len(text) if allow_specials else 0):
            fitting = [special for special in self.specials if text.startswith(special, i)]
            if fitting and i >= start:
                longest = max(fitting, key=len)
                ids += self.encode(text[start:i]) + [self.special_ids[longest]]
                start = i + len(longest)
        for piece in pretokens(text[start:]):
            ids += self.merge_piece(piece)
        return ids

    def decode(self, ids):
        data = bytearray()
        for id in ids:
            if id not in range(len(self)):
                raise ValueError(f"there is no id {id}")
            data += self.vocab[id]
        return str(data, "utf-8", "replace")
