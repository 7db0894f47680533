"""All your tokens get the same row, that of the first of them. Token t gets row offset + t."""


class LearnedPositions(LearnedPositions):
    def forward(self, x, offset=0):
        super().forward(x, offset)
        return x + self.table.weight[offset]
