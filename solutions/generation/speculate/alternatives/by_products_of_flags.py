"""What stays is a running product of flags; the last token by searchsorted; all windows at once."""


def accept(draft, q, p, u):
    n = draft.numel()
    if q.shape[0] != n or p.shape[0] != n + 1 or u.shape != (n + 1,) or q.shape[1] != p.shape[1]:
        raise ValueError("shapes")
    mine, theirs = (x[:n].double().gather(1, draft[:, None])[:, 0] for x in (p, q))
    if (theirs == 0).any():
        raise ValueError("impossible")
    kept = int((u[:n].double() < mine / theirs).long().cumprod(dim=0).sum())
    q = torch.cat([q.double(), torch.zeros_like(p[:1], dtype=torch.float64)])
    left = torch.relu(p[kept].double() - q[kept]).cumsum(dim=0)
    last = torch.searchsorted(left, u[n].double() * left[-1], right=True)
    return torch.cat([draft[:kept], last[None]]).tolist()


def expected_tokens(alpha, gamma):
    if not (0 <= alpha <= 1 and gamma >= 0):
        raise ValueError("numbers")
    expected = 1.0
    for _ in range(gamma):
        expected = 1 + alpha * expected
    return expected


def lookup(tokens, n=3, most=8):
    if min(n, most) < 1:
        raise ValueError("numbers")
    text = torch.tensor(list(tokens), dtype=torch.int64)
    for size in reversed(range(1, n + 1)):
        if len(text) > size:
            windows = text.unfold(0, size, 1)
            found = (windows[:-1] == windows[-1]).all(dim=1).nonzero()
            if len(found):
                start = int(found[-1]) + size
                return text[start : start + most].tolist()
    return []
