"""Everything in one method, with addcmul and addcdiv; the correction of the mean in the rate."""


def adam_in_place(self, p, gradient, state, group):
    gradient = gradient.to(torch.float64 if p.dtype == torch.float64 else torch.float32)
    if group["weight_decay"] != 0:
        gradient = gradient.add(p.to(gradient.dtype), alpha=group["weight_decay"])
    self.adam_step(p, gradient, state, group)


def moments_in_place(self, p, gradient, state, group):
    if not state:
        state.update(step=0, exp_avg=torch.zeros_like(gradient), exp_avg_sq=torch.zeros_like(gradient))
    beta1, beta2 = group["betas"]
    state["step"] += 1
    state["exp_avg"].mul_(beta1).add_(gradient, alpha=1 - beta1)
    state["exp_avg_sq"].mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
    denominator = (state["exp_avg_sq"].sqrt() / math.sqrt(1 - beta2 ** state["step"])).add_(group["eps"])
    moved = p.to(gradient.dtype).addcdiv(
        state["exp_avg"], denominator, value=-group["lr"] / (1 - beta1 ** state["step"])
    )
    p.copy_(moved)


Adam.update, Adam.adam_step = adam_in_place, moments_in_place
