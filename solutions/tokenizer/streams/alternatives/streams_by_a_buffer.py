"""A buffer of text; all but its last two pieces are certain. Merges are saved as text, a line for each."""


class Tokenizer(Tokenizer):
    def encode_iterable(self, texts):
        buffer = ""
        for text in texts:
            buffer += text
            found = list(pretokens(buffer))
            for piece in found[:-2]:
                yield from self.merge_piece(piece)
            buffer = "".join(found[-2:])
        for piece in pretokens(buffer):
            yield from self.merge_piece(piece)

    def save(self, path):
        merges = "\n".join(f"{left} {right}" for left, right in self.merges)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(merges + "\n\n" + json.dumps(self.specials))

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8", newline="") as file:
            merges, specials = file.read().split("\n\n")
        return cls([tuple(map(int, line.split())) for line in merges.splitlines()], json.loads(specials))
