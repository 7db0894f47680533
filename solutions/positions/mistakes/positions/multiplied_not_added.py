"""You multiply tokens and positions. They are added."""


class LearnedPositions(LearnedPositions):
    def forward(self, x, offset=0):
        super().forward(x, offset)
        T = x.shape[1]
        return x * self.table.weight[offset : offset + T]
