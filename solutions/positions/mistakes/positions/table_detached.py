"""The values are right, but no gradient reaches the table, so it would never learn. Somewhere the graph
is cut, by detach, .data or no_grad."""


class LearnedPositions(LearnedPositions):
    def forward(self, x, offset=0):
        super().forward(x, offset)
        return x + self.table.weight.detach()[offset : offset + x.shape[1]]
