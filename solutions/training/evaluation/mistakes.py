"""What students get wrong in evaluate."""

from check import also, mistake, replace

RETURN = "sum(torch.stack(sums).tolist()) / int(count)"
LISTS, COUNTED = "sums, counts = [], []", "counts.append(count_targets([(x, y)]))"
RESTORED = "for module, mode in modes.items():\n            module.training = mode"

batches_alike = mistake(
    """You average the means of the batches, so a target of a short or padded batch weighs more than the others. Add up
    the losses of all targets, and divide once by how many there are.""",
    replace("evaluate", RETURN, "(torch.stack(sums) / torch.stack(counts)).mean().item()"),
)


def weighted(size):
    """Return replacements after which the mean of each batch weighs as much as this says."""
    return (
        replace("evaluate", LISTS, "sums, counts, sizes = [], [], []"),
        replace("evaluate", COUNTED, f"{COUNTED}\n                sizes.append({size})"),
        replace(
            "evaluate",
            RETURN,
            "sum(float(s / c) * n for s, c, n in zip(sums, counts, sizes, strict=True)) / sum(sizes)",
        ),
    )


weighted_by_size = mistake(
    """You weigh the mean loss of a batch by its size, in positions or in rows. What counts is how many of its targets are
    not -100: weigh by that, or add up the losses themselves.""",
    *weighted("y.numel()"),
)
weighted_by_rows = also(weighted_by_size, *weighted("len(y)"))

last_batch_only = mistake(
    """You return the loss of the last batch alone: each batch overwrites what came before. Add them up.""",
    replace("evaluate", RETURN, "sums[-1].item() / int(counts[-1])"),
)

padding_counted = mistake(
    """You divide by the number of all targets. Those that are -100 have no loss and do not count: divide by how many
    do.""",
    replace("evaluate", "count_targets([(x, y)])", "torch.tensor(y.numel())"),
)

mode_left = mistake(
    """You leave the model in eval mode, so that the rest of training runs without dropout. Put each module's own mode
    back.""",
    replace("evaluate", RESTORED, "pass"),
)

all_set_to_train = mistake(
    """At the end model.train() wakes everything, also a part that was frozen in eval mode, or a model that was not being
    trained at all. Remember the mode of each module, and put it back.""",
    replace("evaluate", RESTORED, "model.train()"),
)

one_mode_for_all = mistake(
    """You remember the mode of the model and give it to all its modules. Each has a mode of its own: remember that of
    every one of model.modules().""",
    replace("evaluate", RESTORED, "model.train(modes[model])"),
)

still_dropping = mistake(
    """Dropout is on while you evaluate, so the loss is too high and random. torch.no_grad() does not switch it off, and
    neither does anything but eval mode: model.eval().""",
    replace("evaluate", "    model.eval()\n", ""),
)

graph_kept = mistake(
    """A graph is built while you evaluate, and kept for as long as the losses are. eval mode does not switch that off:
    evaluate under torch.no_grad().""",
    replace("evaluate", "torch.no_grad()", "torch.enable_grad()"),
)

tensor_returned = mistake(
    """You return a tensor. It may hold a graph, and cannot be written down as a number: .item() makes a float of it.""",
    replace("evaluate", RETURN, "torch.stack(sums).sum() / count"),
)
