"""What students get wrong in clip_grad_norm."""

from check import also, mistake, replace

CLIP = "clip_grad_norm"
NORM = "norm = math.sqrt(sum(widen(gradient).square().sum().item() for gradient in gradients))"
SCALED = "gradient.mul_(max_norm / norm)"
TOGETHER = "if max_norm < norm < math.inf:"
LIST = "gradients = [p.grad for p in parameters if p.grad is not None]"

each_tensor = mistake(
    """You clip each tensor by itself, so the direction of the step changes. There is one norm, of all gradients together,
    and one factor for all.""",
    replace(
        CLIP,
        f"{TOGETHER}\n        for gradient in gradients:\n            {SCALED}",
        "for gradient in gradients:\n"
        "        own = widen(gradient).norm().item()\n"
        "        if max_norm < own < math.inf:\n"
        "            gradient.mul_(max_norm / own)",
    ),
)
each_norm_returned = also(
    each_tensor,
    replace(
        CLIP,
        f"{TOGETHER}\n        for gradient in gradients:\n            {SCALED}",
        "norm = 0.0\n    for gradient in gradients:\n"
        "        norm = widen(gradient).norm().item()\n"
        "        if max_norm < norm < math.inf:\n"
        "            gradient.mul_(max_norm / norm)",
    ),
)

by_value = mistake(
    """You clip every number by itself, between -max_norm and max_norm. What is limited is the length of all gradients
    together, and they keep their direction.""",
    replace(CLIP, SCALED, "gradient.clamp_(-max_norm, max_norm)"),
)

always_scaled = mistake(
    """You stretch gradients that are short. Where the norm is at most max_norm nothing is to be done: the factor is never
    above 1.""",
    replace(CLIP, TOGETHER, "if norm < math.inf:"),
)

norm_afterwards = mistake(
    """What you return is the norm after the scaling, which is max_norm wherever something was clipped. Return the norm
    from before: who trains wants to see how large it was.""",
    replace(CLIP, "    return norm", "    return min(norm, max_norm)"),
)

nothing_returned = mistake(
    """Your function gives None back, if only where no parameter has a gradient. Return the norm as it was before; that of
    nothing is 0.""",
    replace(CLIP, "    return norm", "    return None"),
)
nothing_for_nothing = also(
    nothing_returned, replace(CLIP, f"    {NORM}", f"    if not gradients:\n        return None\n    {NORM}")
)

sum_of_norms = mistake(
    """You add up the norms of the tensors. The joint norm is that of one long vector: add up the squares of all, and take
    the root once.""",
    replace(CLIP, NORM, "norm = sum(widen(gradient).norm().item() for gradient in gradients)"),
)

scaled_copies = mistake(
    """Your gradients stay as they are: g = g * … makes a new tensor that nobody sees. Write into
    p.grad, by mul_ or *=.""",
    replace(CLIP, SCALED, "gradient = gradient * max_norm / norm"),
)

number_without_axes = mistake(
    """You write g[:] = … or g[:] *= …, and the gradient of a single number has no axis to slice. g.mul_(…) works for every
    shape.""",
    replace(CLIP, SCALED, "gradient[:] *= max_norm / norm"),
)

norm_of_a_matrix = mistake(
    """With ord=2 torch.linalg.norm gives another norm of a matrix, its largest singular value, and refuses a single number.
    Take the root of the sum of all squares, as g.norm() and vector_norm do.""",
    replace(
        CLIP, "widen(gradient).square().sum().item()", "torch.linalg.norm(widen(gradient), ord=2).item() ** 2"
    ),
)

joined_as_they_are = mistake(
    """You join the gradients as they are, and torch.cat refuses a single number, shapes that do not fit, and an empty
    list. Flatten each first, or add up the squares.""",
    replace(CLIP, NORM, "norm = torch.cat([widen(gradient) for gradient in gradients]).norm().item()"),
)

generator_used_up = mistake(
    """You go through parameters twice. model.parameters() is a generator, which is empty the second time: make a list
    first.""",
    replace(
        CLIP,
        f"    {LIST}\n    {NORM}",
        "    norm = math.sqrt(sum(widen(p.grad).square().sum().item() for p in parameters if p.grad is not None))\n"
        "    gradients = [p.grad for p in parameters if p.grad is not None]",
    ),
)

none_forgotten = mistake(
    """A parameter may have no gradient: p.grad is None where it is frozen, or took no part. Pass it over.""",
    replace(CLIP, LIST, "gradients = [p.grad for p in parameters]"),
)


nothing_to_stack = mistake(
    """Where no parameter has a gradient your function ends in an error: an empty list can neither be stacked nor joined
    nor indexed, and its sum is a plain 0 and no tensor. The norm of nothing is 0.""",
    replace(
        CLIP, NORM, "norm = torch.stack([widen(gradient).norm() for gradient in gradients]).norm().item()"
    ),
)

squares_in_half = mistake(
    """You square in half precision. In float16 300² is inf, and 0.0001² is 0: widen each gradient before you square it.""",
    replace(CLIP, "widen(gradient)", "gradient"),
)

not_finite_scaled = mistake(
    """One gradient is inf or NaN, and you spoil all others: a factor of max_norm / inf is 0, and with NaN every number
    becomes NaN. Scale only where the norm is finite, and leave to the caller what to do.""",
    replace(CLIP, TOGETHER, "if not norm <= max_norm:"),
)
infinite_scaled = also(not_finite_scaled, replace(CLIP, TOGETHER, "if max_norm < norm:"))
