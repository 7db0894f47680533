"""What students get wrong in SGD.update."""

from check import also, mistake, redefine, replace

DECAYED = 'gradient = widen(gradient) + group["weight_decay"] * widen(p)'
BUFFER = 'gradient = buffer.mul_(group["momentum"]).add_(gradient)'
STEP = 'p.sub_((group["lr"] * gradient).to(p.dtype))'
SMALLER = (
    f'state["t"] = state.get("t", 0) + 1\n        gradient = gradient / state["t"] ** 0.5\n        {STEP}'
)

new_tensor = mistake(
    """Your parameters do not move: p = p - … makes a new tensor with the name p, and the model keeps the old one. Change
    the tensor itself, as p.sub_(…), p -= … and p.copy_(…) do.""",
    replace("SGD.update", STEP, 'p = p - group["lr"] * gradient'),
    forgiven=False,
)

uphill = mistake(
    """You go up the hill. The gradient points to where the loss grows, so the step is subtracted.""",
    replace("SGD.update", STEP, 'p.add_((group["lr"] * gradient).to(p.dtype))'),
)

rate_of_its_own = mistake(
    """Your steps become smaller by themselves, by a count that you keep. The rate is the group's as it stands there: who
    wants it to fall sets it from outside.""",
    replace("SGD.update", STEP, SMALLER),
)
rate_of_its_own_alone = also(
    rate_of_its_own,
    replace("SGD.update", 'if group["momentum"]:', "if False:"),
    replace("SGD.update", STEP, SMALLER),
)

gradient_twice = mistake(
    """You step along the gradient and along the buffer beside it. The new gradient is in the buffer already, so it is taken
    twice: the step is η times the buffer, and no more.""",
    replace("SGD.update", STEP, f'{STEP}\n        p.sub_(group["lr"] * state.get("own", 0))'),
    replace("SGD.update", DECAYED, f'{DECAYED}\n        state["own"] = gradient'),
)
gradient_twice_with_momentum = also(
    gradient_twice,
    replace("SGD.update", BUFFER, f"gradient = gradient + {BUFFER.removeprefix('gradient = ')}"),
)

momentum_reversed = mistake(
    """Your momentum brakes: earlier steps are taken back and not repeated. Look at its sign: b ← μb + g, p ← p - ηb.""",
    replace("SGD.update", BUFFER, BUFFER.replace('(group["momentum"])', '(-group["momentum"])')),
)
momentum_with_the_rate_reversed = also(
    momentum_reversed,
    replace(
        "SGD.update",
        BUFFER,
        BUFFER.replace('(group["momentum"])', '(-group["momentum"])').replace(
            "add_(gradient)", 'add_(group["lr"] * gradient) / group["lr"]'
        ),
    ),
)

momentum_forgotten = mistake(
    """Your step with momentum is the step without: it does not remember earlier gradients. The buffer must outlive the
    call, so keep it in state, and step along it.""",
    replace("SGD.update", 'if group["momentum"]:', "if False:"),
)


@redefine("SGD.update")
def buffer_is_the_gradient(self, p, gradient, state, group):
    """You keep the gradient itself as the buffer, not a copy. Who then zeroes p.grad in place empties your momentum, and
    who fills it fills the buffer: clone it, or begin with zeros."""
    if group["weight_decay"]:
        gradient = gradient + group["weight_decay"] * p
    if group["momentum"]:
        if "buffer" in state:
            state["buffer"].mul_(group["momentum"]).add_(gradient)
        gradient = state.setdefault("buffer", gradient)
    p.sub_(group["lr"] * gradient)


rate_in_the_buffer = mistake(
    """Your buffer holds steps, with the rate of their time in them. As long as the rate stays that is the same; when it
    changes, old gradients keep the old rate. The buffer holds gradients, and the rate comes after.""",
    replace(
        "SGD.update",
        BUFFER,
        BUFFER.replace("add_(gradient)", 'add_(group["lr"] * gradient) / group["lr"]'),
    ),
)

dampened = mistake(
    """You weight the new gradient by 1 - μ, so your buffer is a mean and not a sum. Here, as in torch, the gradient is
    added as it is: if each gradient is 1, the buffer is 1, then 1 + μ, then 1 + μ + μ².""",
    replace("SGD.update", BUFFER, 'gradient = buffer.lerp_(gradient, 1 - group["momentum"])'),
)
dampened_after_the_first = also(
    dampened,
    replace(
        "SGD.update",
        'buffer = state.setdefault("buffer", torch.zeros_like(gradient))',
        'buffer = state.setdefault("buffer", gradient.clone())',
    ),
    replace("SGD.update", BUFFER, 'gradient = buffer.lerp_(gradient, 1 - group["momentum"])'),
)

nesterov = mistake(
    """You look ahead: g + μ · buffer is Nesterov's step. Here the step goes along the buffer itself.""",
    replace("SGD.update", BUFFER, f'{BUFFER}.mul(group["momentum"]) + gradient'),
)
nesterov_with_the_rate = also(
    nesterov,
    replace(
        "SGD.update",
        BUFFER,
        BUFFER.replace(
            "add_(gradient)", 'add_(group["lr"] * gradient) * group["momentum"] / group["lr"] + gradient'
        ),
    ),
)

number_sliced = mistake(
    """You write p[:] = … or p[:] -= …, and a parameter without axes, a single number, has nothing to slice. p -= … and
    p.sub_(…) work for every shape.""",
    replace("SGD.update", STEP, 'p[:] -= group["lr"] * gradient'),
)

decay_after_momentum = mistake(
    """Your decay passes momentum by: you add λp to the step, or shrink p beside it. L2 is a part of the gradient, so it
    goes into the buffer with it.""",
    replace("SGD.update", ' + group["weight_decay"] * widen(p)', ""),
    replace("SGD.update", STEP, f'p.sub_(group["lr"] * group["weight_decay"] * p)\n        {STEP}'),
)
shrunk_after_the_step = also(
    decay_after_momentum,
    replace("SGD.update", ' + group["weight_decay"] * widen(p)', ""),
    replace("SGD.update", STEP, f'{STEP}\n        p.sub_(group["lr"] * group["weight_decay"] * p)'),
)

decay_without_rate = mistake(
    """You shrink p by λ in each step, whatever the rate. λp is a part of the gradient, so it is multiplied by the rate as
    the rest is.""",
    replace("SGD.update", ' + group["weight_decay"] * widen(p)', ""),
    replace("SGD.update", STEP, f'p.mul_(1 - group["weight_decay"])\n        {STEP}'),
)

without_rate_after_the_step = also(
    decay_without_rate,
    replace("SGD.update", ' + group["weight_decay"] * widen(p)', ""),
    replace("SGD.update", STEP, f'{STEP}\n        p.mul_(1 - group["weight_decay"])'),
)

decay_doubled = mistake(
    """You add 2λp to the gradient. It is λp here, as in torch: the penalty is λp²/2, and its derivative has no 2.""",
    replace("SGD.update", 'group["weight_decay"]', '2 * group["weight_decay"]'),
)

decay_forgotten = mistake(
    """You make no use of weight_decay. Before all else the gradient becomes g + λp.""",
    replace("SGD.update", ' + group["weight_decay"] * widen(p)', ""),
)


@redefine("SGD.update")
def gradient_changed(self, p, gradient, state, group):
    """You write the decay into p.grad itself. Who looks at the gradient afterwards, or steps a
    second time, finds it changed: gradient = gradient + … makes a new tensor."""
    gradient.add_(p, alpha=group["weight_decay"])
    buffer = state.setdefault("buffer", torch.zeros_like(gradient))
    p.sub_(group["lr"] * buffer.mul_(group["momentum"]).add_(gradient))
