"""Through the embedding itself, with an index for every token."""


def forward(self, x, offset=0):
    indices = torch.arange(x.size(1)) + offset
    if len(indices) and not 0 <= indices[0] <= indices[-1] < len(self.table.weight):
        raise ValueError(f"no row for offset {offset}")
    return x + self.table(indices.expand(x.size(0), -1))


LearnedPositions.forward = forward
