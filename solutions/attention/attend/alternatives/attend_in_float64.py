"""float64 inside whatever comes in; helpers and names of its own."""


def attend(queries, keys, values, visible=None):
    _check_mask(visible)
    similarity = torch.matmul(queries.double(), keys.double().mT).div(queries.shape[3] ** 0.5)
    return torch.matmul(_shares(similarity, visible), values.double()).type_as(queries)


def _shares(similarity, visible):
    if visible is None:
        return torch.softmax(similarity, 3)
    nothing = torch.logical_not(visible.any(-1, keepdim=True))
    hidden = torch.logical_not(visible | nothing)
    return torch.softmax(similarity.masked_fill(hidden, float("-inf")), 3) * torch.logical_not(nothing)
