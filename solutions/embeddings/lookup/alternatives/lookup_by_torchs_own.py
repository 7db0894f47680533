"""Rows of the identity; torch's own embedding, after a check of one's own."""


def one_hot(ids, vocab_size):
    return torch.eye(vocab_size)[ids]


class Embedding(nn.Module):
    def __init__(self, vocab_size, width):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(vocab_size, width))

    def forward(self, ids):
        if ids.numel() and not 0 <= ids.min() <= ids.max() < self.weight.size(0):
            raise ValueError("no such row")
        return F.embedding(ids, self.weight)
