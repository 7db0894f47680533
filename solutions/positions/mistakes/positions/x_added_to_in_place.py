"""You add into x itself, so the caller's tensor has changed when you return. Operators such as += write
into the tensor they are given."""


class LearnedPositions(LearnedPositions):
    def forward(self, x, offset=0):
        super().forward(x, offset)
        x += self.table.weight[offset : offset + x.shape[1]]
        return x
