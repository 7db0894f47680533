"""All gradients are kept, and both means are weighted means of them: the weights are what corrects."""


def adam_by_weights(self, p, gradient, state, group):
    wide = gradient.double() if gradient.dtype == torch.float64 else gradient.float()
    self.adam_step(p, wide + group["weight_decay"] * p.to(wide.dtype), state, group)


def step_by_weights(self, p, gradient, state, group):
    past = state.setdefault("past", [])
    past.insert(0, gradient.clone())
    means = []
    for beta, power in zip(group["betas"], (1, 2), strict=True):
        weights = [beta**age for age in range(len(past))]
        means.append(sum(w * g**power for w, g in zip(weights, past, strict=True)) / sum(weights))
    p.copy_(p.to(gradient.dtype) - group["lr"] * means[0] / (means[1] ** 0.5 + group["eps"]))


Adam.update = adam_by_weights
Adam.adam_step = step_by_weights
