"""Adam's own update, told that there is no L2."""


def adamw_by_adam(self, p, gradient, state, group):
    p -= p * group["lr"] * group["weight_decay"]
    Adam.update(self, p, gradient, state, {**group, "weight_decay": 0.0})


AdamW.update = adamw_by_adam
