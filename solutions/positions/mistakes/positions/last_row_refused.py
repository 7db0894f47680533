"""You refuse the last position. Rows 0 to max_len - 1 exist, so offset + T may be as large as max_len."""


class LearnedPositions(LearnedPositions):
    def forward(self, x, offset=0):
        if offset + x.shape[1] >= self.table.num_embeddings:
            raise ValueError(f"offset={offset} is too large")
        return super().forward(x, offset)
