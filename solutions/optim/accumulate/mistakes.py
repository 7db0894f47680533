"""What students get wrong in accumulate."""

from check import also, mistake, redefine, replace

ACC = "accumulate"
LOSS = "loss = cross_entropy(model(x), targets) * count / sum(counts)"
BACKWARD = "loss.backward()"
TOTAL = "total += loss.item()"
MEAN = "cross_entropy(model(x), targets)"

summed = mistake(
    """You add up the gradients of the micro-batches' means as they are, so they are as many times too large as there are
    micro-batches. Each must be given its share of all targets.""",
    replace(ACC, LOSS, f"loss = {MEAN}"),
)
shared_for_show = also(
    summed,
    replace(ACC, LOSS, f"loss = {MEAN}"),
    replace(ACC, TOTAL, "total += loss.item() * count / sum(counts)"),
)

mean_of_means = mistake(
    """You give every micro-batch the same share, or one by its rows. One with 2 targets then weighs as much as one with
    8: its share is its number of targets by that of all.""",
    replace(ACC, "* count / sum(counts)", "/ len(counts)"),
)

sum_over_targets = mistake(
    """Your gradients are those of the sum over all targets. The loss is their mean: divide by how many there are in all.""",
    replace(ACC, "* count / sum(counts)", "* count"),
)

ignored_in_the_divisor = mistake(
    """Targets that are -100 stand in your divisor. What divides the sum of the losses is how many targets count, and those
    do not.""",
    replace(ACC, "count / sum(counts)", "count / sum(labels.numel() for _, labels in micro_batches)"),
)

zeroed_between = mistake(
    """Only the last micro-batch is left of your gradients: they are set to zero before each. .grad adds up by itself,
    so leave it alone.""",
    replace(ACC, LOSS, f"model.zero_grad()\n        {LOSS}"),
)

zeroed_before = mistake(
    """What stood in .grad is gone: you set it to zero before you begin, or write over it. It is to be added to, and who
    wants it gone calls zero_grad.""",
    replace(ACC, "    total = 0.0", "    model.zero_grad()\n    total = 0.0"),
)

divided_at_the_end = mistake(
    """You divide .grad when all is added up, and with it what stood there before. Divide each loss, before you go backward
    from it.""",
    replace(ACC, "* count / sum(counts)", "* count"),
    replace(
        ACC,
        "    return total",
        "    for p in model.parameters():\n        p.grad /= sum(counts)\n    return total / sum(counts)",
    ),
)

one_big_graph = mistake(
    """All micro-batches are in memory at once: their losses are added up, or their inputs put together, and backward comes
    once at the end. Go backward after each: only then are its activations freed.""",
    replace(
        ACC,
        f"        {BACKWARD}\n        {TOTAL}\n    return total",
        "        total = total + loss\n    total.backward()\n    return total.item()",
    ),
)

nan_from_nothing = mistake(
    """A micro-batch without a target that counts turns all into NaN: its mean is 0/0, and NaN times 0 is NaN. Pass it
    over, or take a sum in place of the mean.""",
    replace(
        ACC,
        MEAN,
        "nn.functional.cross_entropy(model(x).flatten(0, -2), targets.flatten())",
    ),
)

last_loss = mistake(
    """You return the loss of the last micro-batch. What is wanted is the mean over the targets of all.""",
    replace(ACC, TOTAL, "total = loss.item() * sum(counts) / max(count, 1)"),
)
last_share = also(last_loss, replace(ACC, TOTAL, "total = loss.item()"))

sum_of_losses = mistake(
    """What you return adds up the micro-batches' losses as they are, or averages them as if all were alike. Add up each
    mean with its share of all targets.""",
    replace(ACC, TOTAL, "total += loss.item() * sum(counts) / max(count, 1)"),
)
even_losses = also(
    sum_of_losses, replace(ACC, TOTAL, "total += loss.item() * sum(counts) / max(count, 1) / len(counts)")
)
sums_of_losses = also(sum_of_losses, replace(ACC, TOTAL, "total += loss.item() * sum(counts)"))


@redefine("accumulate")
def all_in_one_batch(model, micro_batches):
    """All micro-batches are in memory at once: their losses are added up, or their inputs put together, and backward comes
    once at the end. Go backward after each: only then are its activations freed."""
    x, targets = (torch.cat(parts) for parts in zip(*micro_batches, strict=True))
    loss = cross_entropy(model(x), targets)
    loss.backward()
    return loss.item()
