"""What students get wrong in train_step."""

from check import also, mistake, replace

FIRST = "    device, count = where(model), count_targets(micro_batches)\n"
PART = "part = summed_loss(model, batch, device, precision) / count\n"
BACKWARD = "(part if scaler is None else scaler.scaled(part)).backward()\n"
UNSCALES = """    if scaler is not None:
        scaler.unscale(parameters)  # the norm below says whether all was finite
"""
CLIPS = "    norm = clip_gradients(parameters, clip)\n"
UPDATES = "    if scaler is not None:\n        scaler.update(bool(fine))\n"

never_zeroed = mistake(
    """Gradients that are in .grad before your first backward count as well, since backward adds to them. Forget them at the
    beginning of each step, by optimizer.zero_grad(): after it is too late for the first step.""",
    replace("train_step", "    optimizer.zero_grad()\n", ""),
)
zeroed_at_the_end = also(
    never_zeroed,
    replace("train_step", "    optimizer.zero_grad()\n", ""),
    replace(
        "train_step",
        "    step_if(optimizer, fine)\n",
        "    step_if(optimizer, fine)\n    optimizer.zero_grad()\n",
    ),
)

zeroed_between = mistake(
    """Your zero_grad stands inside the loop over the micro-batches, so that only the last one's gradient is left. It belongs
    before the loop.""",
    replace("train_step", "    optimizer.zero_grad()\n", ""),
    replace("train_step", BACKWARD, f"optimizer.zero_grad()\n        {BACKWARD}"),
)

zeroed_before_the_step = mistake(
    """You forget the gradients between backward and step, so that the optimiser is given none and nothing moves.
    zero_grad comes before the first backward.""",
    replace("train_step", UNSCALES, f"{UNSCALES}    optimizer.zero_grad()\n"),
)

summed = mistake(
    """You add up the mean losses of the micro-batches, so that the gradient is as many times too long as there are
    micro-batches. The step's loss is one mean: divide each sum by the targets of all of them.""",
    replace("train_step", PART, PART.replace("/ count", "/ count_targets([batch])")),
)

mean_of_means = mistake(
    """You average the means of the micro-batches, so that a target weighs more where there are few. All targets weigh
    the same: divide each sum by the targets of the whole step.""",
    replace("train_step", PART, PART.replace("/ count", "/ (count_targets([batch]) * len(micro_batches))")),
)

steps_for_each = mistake(
    """You take a step for each micro-batch, so that nothing is accumulated. A micro-batch is a part of a step: go backward
    from each, and step once, when all have added to the gradients.""",
    replace(
        "train_step",
        FIRST,
        f"""    if len(micro_batches) > 1:
        steps = [train_step(model, [batch], optimizer, clip, precision, scaler) for batch in micro_batches]
        return Step(sum(step.loss for step in steps) / len(steps), steps[-1].norm, steps[-1].skipped)
{FIRST}""",
    ),
)

clip_forgotten = mistake(
    """You do not clip. Where clip is a number, a gradient that is longer is shortened to this length before the step.""",
    replace("train_step", "clip_gradients(parameters, clip)", "clip_gradients(parameters, None)"),
)

precision_ignored = mistake(
    """Your model computes in float32 whatever precision says. Hand precision on to summed_loss, which asks autocast for
    it.""",
    replace("train_step", "device, precision)", 'device, "float32")'),
)

clipped_before_unscale = mistake(
    """You clip the scaled gradient, which is too long by the scale, and unscale what is left of it. Unscale first.""",
    replace("train_step", UNSCALES, ""),
    replace("train_step", CLIPS, CLIPS + UNSCALES),
)

always_steps = mistake(
    """You step with a gradient that is inf or NaN, and the weights never recover. Let the optimiser step only where loss
    and gradient are finite.""",
    replace("train_step", "(part if scaler is None else scaler.scaled(part))", "part"),
    replace("train_step", UNSCALES, ""),
    replace("train_step", "step_if(optimizer, fine)", "optimizer.step()"),
    replace("train_step", UPDATES, ""),
    replace("train_step", "~fine)", "False)"),
)

scaler_not_told = mistake(
    """The scaler hears nothing of how your steps went, so its scale stays what it was, however often they overflow. Every
    step with a scaler ends with scaler.update, a skipped one too.""",
    replace("train_step", UPDATES, ""),
)

last_loss_reported = mistake(
    """The loss that you report is that of the last micro-batch alone. The step's loss is the mean over the targets of all
    of them: add up what you go backward from.""",
    replace("train_step", "loss = loss + part.detach()", "loss = part.detach()"),
)
last_mean_reported = also(
    last_loss_reported,
    replace("train_step", "loss = loss + part.detach()", "loss = part.detach() * len(micro_batches)"),
)

loss_with_graph = mistake(
    """The loss that you return still holds its graph. Whoever keeps the losses of a run keeps every activation with
    them, until the memory is full: detach it.""",
    replace("train_step", "part.detach()", "part"),
)

weights_halved = mistake(
    """You turn the weights themselves into half precision. Small updates are lost in it: the weights stay float32, and
    autocast, which summed_loss uses, makes 16 bits of them where it is safe.""",
    replace(
        "train_step",
        "    optimizer.zero_grad()\n",
        "    optimizer.zero_grad()\n    model.to(torch.bfloat16 if precision == 'bfloat16' else None)\n",
    ),
)
