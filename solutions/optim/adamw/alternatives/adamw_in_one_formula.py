"""Decay and step from one place, with the p that was there before."""


def adamw_in_one(self, p, gradient, state, group):
    start = p.clone()
    self.adam_step(p, widen(gradient), state, group)
    p.sub_(start, alpha=group["lr"] * group["weight_decay"])


AdamW.update = adamw_in_one
