"""The norm as the norm of the tensors' norms, in float64; p.grad is given a new tensor."""


def clip_grad_norm(parameters, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm must be positive")
    parameters = [p for p in parameters if p.grad is not None]
    norm = math.hypot(*(p.grad.double().norm().item() for p in parameters))
    if math.isfinite(norm) and norm > max_norm:
        for p in parameters:
            p.grad = p.grad * (max_norm / norm)
    return norm
