"""A one-hot matrix times the table."""


class LearnedPositions(LearnedPositions):
    def forward(self, x, offset=0):
        first, last = offset, offset + x.shape[1]
        rows = self.table.weight.shape[0]
        if not 0 <= first <= last <= rows:
            raise ValueError(f"rows {first} to {last} of {rows}")
        one_hot = torch.eye(rows, dtype=x.dtype)[torch.arange(first, last)]
        return torch.add(x, one_hot @ self.table.weight)
