"""What students get wrong in cross_entropy."""

from check import mistake, replace

LOG_P = "logits - logits.logsumexp(dim=-1, keepdim=True)"
SELECTED = "widen(logits[counts]), targets[counts]"
ALL_ROWS = "widen(logits.reshape(-1, logits.shape[-1])), targets.where(counts, 0).view(-1)"

naive_logs = mistake(
    """You take the logarithm of the softmax. A probability that is too small for its dtype becomes 0, and ln 0
    is -inf: begin from the logit, and subtract the row's logsumexp. What do you get for two logits 150 apart?""",
    replace("cross_entropy", LOG_P, "logits.softmax(dim=-1).log()"),
)

mean_over_all = mistake(
    """You divide by the number of all rows. Only those whose target is not ignore_index belong in the mean:
    with half of the rows ignored, what happens to your loss?""",
    replace("cross_entropy", "counts.sum().clamp(min=1)", "counts.numel()"),
)

smooths_over_others = mistake(
    """You share ε among the V - 1 other classes. It goes evenly to all V, so the target gets ε / V on top of its
    1 - ε: work the card's example with ε = 0.3 again.""",
    replace(
        "cross_entropy",
        "losses = (1 - label_smoothing) * losses - label_smoothing * log_p.mean(dim=-1)",
        "others = label_smoothing / (log_p.shape[-1] - 1)\n"
        "        losses = (1 - label_smoothing) * losses - others * (log_p.sum(dim=-1) + losses)",
    ),
)

classes_on_axis_1 = mistake(
    """With more than two axes you take axis 1 for the classes, as torch's own cross_entropy does. Here they are on
    the last axis, however many stand before it.""",
    replace(
        "cross_entropy",
        "    counts = targets",
        "    logits = logits.movedim(1, -1) if logits.ndim > 2 else logits\n    counts = targets",
    ),
)

nan_gradient = mistake(
    """Your loss is right, but the gradient of an ignored row that holds inf or NaN is NaN: its loss is left out
    only at the end, by torch.where or the like, and backward goes through all before. Select the rows that count
    first, or clean the logits.""",
    replace("cross_entropy", SELECTED, ALL_ROWS),
    replace("cross_entropy", "losses.sum()", "losses.where(counts.view(-1), 0.0).sum()"),
)

zero_times_nan = mistake(
    """You compute the loss of every row and multiply those that do not count by 0. But 0 times inf is NaN, in the
    gradient too: select the rows that count first, or write 0 over what stands in the others.""",
    replace("cross_entropy", SELECTED, ALL_ROWS),
    replace("cross_entropy", "losses.sum()", "(losses * counts.view(-1)).sum()"),
)

nan_when_all_ignored = mistake(
    """Where no row counts you divide 0 by 0. The loss is 0 then, with gradients of 0: a batch with nothing to predict
    must not turn all weights into NaN.""",
    replace("cross_entropy", ".clamp(min=1)", ""),
)

loss_without_gradient = mistake(
    """Your number is right, but it hangs on nothing: .item(), .data, .tolist() or torch.tensor(...) has cut it off
    from the logits, so nothing can learn from it. Keep the tensor.""",
    replace("cross_entropy", "return losses.sum()", "return losses.detach().sum()"),
)

half_returned = mistake(
    """Your loss comes back in half precision. That keeps three digits, too few for a sum of exponentials: widen
    the logits before you begin, and return what you then have.""",
    replace("cross_entropy", SELECTED, "logits[counts], targets[counts]"),
)

torchs_own = mistake(
    """Your values are right, but torch's own cross_entropy or nll_loss has computed them. They are what this exercise
    is about: take logsumexp or log_softmax, and pick out the targets yourself.""",
    replace(
        "cross_entropy",
        "losses = -log_p.gather(-1, targets[:, None]).squeeze(-1)",
        'losses = torch.nn.functional.cross_entropy(logits, targets, reduction="none")',
    ),
)

smoothing_forgotten = mistake(
    """Your loss is the same whatever label_smoothing is. With ε it is 1 - ε of what it was, plus ε times the mean of
    -ln p over all V classes.""",
    replace("cross_entropy", "if label_smoothing:", "if False:"),
)

summed = mistake(
    """You return the sum of the losses. The mean is asked for: divide by the number of rows that count, or the loss
    grows with the batch.""",
    replace("cross_entropy", " / counts.sum().clamp(min=1)", ""),
)
