"""A sum is finite only if all its terms are; the steps that are still missing are counted down."""


class LossScaler:
    def __init__(self, scale=2.0**16, growth=2.0, backoff=0.5, interval=2000):
        self.scale, self.growth, self.backoff, self.interval = scale, growth, backoff, interval
        self.missing = interval

    def scaled(self, loss):
        return self.scale * loss

    def unscale(self, parameters):
        total = 0.0
        for p in parameters:
            if p.grad is not None:
                p.grad *= 1 / self.scale
                total += p.grad.double().sum().item()
        return total - total == 0

    def update(self, finite):
        self.missing -= 1
        if not finite:
            self.scale, self.missing = self.scale * self.backoff, self.interval
        if self.missing == 0:
            self.scale, self.missing = self.scale * self.growth, self.interval

    def state(self):
        return {"scale": self.scale, "missing": self.missing}

    def load(self, state):
        self.scale, self.missing = state["scale"], state["missing"]
