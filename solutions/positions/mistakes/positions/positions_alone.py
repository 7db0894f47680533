"""You return the positions without the tokens. Add the rows of the table to x."""


class LearnedPositions(LearnedPositions):
    def forward(self, x, offset=0):
        super().forward(x, offset)
        T = x.shape[1]
        return self.table.weight[offset : offset + T].expand_as(x)
