"""You refuse positions with assert, which raises AssertionError and vanishes under `python -O`. The
docstring promises a ValueError."""


class LearnedPositions(LearnedPositions):
    def forward(self, x, offset=0):
        assert 0 <= offset <= self.table.num_embeddings - x.shape[1]
        return super().forward(x, offset)
