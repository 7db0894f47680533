"""You give every sequence of the batch a row, and all of its tokens the same. It is the tokens, on axis
1, that have positions."""


class LearnedPositions(LearnedPositions):
    def forward(self, x, offset=0):
        super().forward(x, offset)
        return x + self.table.weight[offset : offset + len(x)].unsqueeze(1)
