"""You add the positions twice. Does some line write into what you later add to?"""


class LearnedPositions(LearnedPositions):
    def forward(self, x, offset=0):
        super().forward(x, offset)
        T = x.shape[1]
        return x + 2 * self.table.weight[offset : offset + T]
