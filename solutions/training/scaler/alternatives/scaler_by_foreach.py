"""Torch's kernel for all gradients at once; the counter wraps by a remainder."""


def _unscale(self, parameters):
    gradients = [p.grad for p in parameters if p.grad is not None]
    found, inverse = torch.zeros(1), torch.full((1,), 1 / self.scale)
    if gradients:
        torch._amp_foreach_non_finite_check_and_unscale_(gradients, found, inverse)
    return found.item() == 0


def _update(self, finite):
    if finite:
        self.good = (self.good + 1) % self.interval
        self.scale *= 1 if self.good else self.growth
    else:
        self.good = 0
        self.scale *= self.backoff


LossScaler.unscale = _unscale
LossScaler.update = _update
