"""Held back is all from the last space that follows something else: there a piece begins, whatever comes."""


class Tokenizer(Tokenizer):
    def encode_iterable(self, texts):
        waiting = ""
        for text in texts:
            waiting += text
            safe = [match.end() - 1 for match in re.finditer(r"\S ", waiting)]
            if safe:
                yield from self.encode(waiting[: safe[-1]])
                waiting = waiting[safe[-1] :]
        yield from self.encode(waiting)

    def save(self, path):
        with open(path, "w") as file:
            json.dump([self.merges, self.specials], file, indent=1)

    @classmethod
    def load(cls, path):
        with open(path) as file:
            return cls(*json.load(file))
