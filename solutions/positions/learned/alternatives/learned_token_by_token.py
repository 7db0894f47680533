"""A loop over the tokens, stacked again."""


class LearnedPositions(LearnedPositions):
    def forward(self, x, offset=0):
        max_len = self.table.num_embeddings
        if min(offset, max_len - offset - x.shape[1]) < 0:
            raise ValueError("too long")
        rows = self.table.weight
        return torch.stack([token + rows[offset + t] for t, token in enumerate(x.unbind(1))], dim=1)
