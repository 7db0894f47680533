"""A clone of the first gradient as the buffer; alpha in place of products."""


def sgd_in_place(self, p, gradient, state, group):
    if group["weight_decay"] != 0:
        gradient = gradient.add(p, alpha=group["weight_decay"])
    if group["momentum"] != 0:
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.clone(gradient).detach()
        else:
            state["momentum_buffer"].mul_(group["momentum"]).add_(gradient)
        gradient = state["momentum_buffer"]
    p.data.add_(gradient, alpha=-group["lr"])


SGD.update = sgd_in_place
