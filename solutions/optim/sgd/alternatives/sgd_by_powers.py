"""The sum of all earlier gradients, each times a power of the momentum."""


def sgd_by_powers(self, p, gradient, state, group):
    past = state.setdefault("past", [])
    past.append(gradient + group["weight_decay"] * p.clone())
    powers = [group["momentum"] ** age for age in range(len(past))]
    p -= group["lr"] * sum(power * g for power, g in zip(powers, reversed(past), strict=True))


SGD.update = sgd_by_powers
