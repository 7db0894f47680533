"""All gradients as one vector; the factor is at most 1, and 1 where the norm is no number."""


@torch.no_grad()
def clip_grad_norm(parameters, max_norm):
    if not max_norm > 0:
        raise ValueError("max_norm")
    grads = [p.grad for p in list(parameters) if p.grad is not None]
    total = (
        torch.linalg.vector_norm(torch.cat([g.flatten().float() for g in grads]))
        if grads
        else torch.zeros(())
    )
    factor = (max_norm / (total + 1e-6)).clamp(max=1.0) if total.isfinite() else torch.ones(())
    for g in grads:
        g.copy_(g * factor)
    return total
