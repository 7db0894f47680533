"""What students get wrong in cross_entropy."""

from check import also, mistake, replace

LOG_P = "logits - logits.logsumexp(dim=-1, keepdim=True)"
SELECTED = "widen(logits[counts]), targets[counts]"
ALL_ROWS = "widen(logits.reshape(-1, logits.shape[-1])), targets.where(counts, 0).view(-1)"

naive_logs = mistake(
    """You take the logarithm of the softmax. A probability that is too small for its dtype becomes 0, and ln 0
    is -inf: begin from the logit, and subtract the row's logsumexp. What do you get for two logits 150 apart?""",
    replace("cross_entropy", LOG_P, "logits.softmax(dim=-1).log()"),
)

no_maximum = mistake(
    """You take exp of the logits as they are, and exp(89) is already too large for float32. Subtract the row's
    highest logit first, or let logsumexp do it.""",
    replace("cross_entropy", LOG_P, "logits - logits.exp().sum(dim=-1, keepdim=True).log()"),
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

softmax_first = mistake(
    """You hand on probabilities where logits are wanted, so that the softmax is taken twice. No error comes, and
    training is slow: look for a softmax before the logsumexp or log_softmax.""",
    replace("cross_entropy", SELECTED, "widen(logits[counts]).softmax(dim=-1), targets[counts]"),
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

target_without_its_share = mistake(
    """Your smoothed targets do not add up to 1: the target's own class has 1 - ε alone. It gets ε / V on top, as every
    other class does.""",
    replace(
        "cross_entropy",
        "losses = (1 - label_smoothing) * losses - label_smoothing * log_p.mean(dim=-1)",
        "share = label_smoothing / log_p.shape[-1]\n"
        "        losses = (1 - label_smoothing) * losses - share * (log_p.sum(dim=-1) + losses)",
    ),
)

no_row_left_out = mistake(
    """You look up a logit for ignore_index as if it were a class. -100 is none, which is an error, and a class's number
    is counted. Select the rows that count before you look anything up.""",
    replace("cross_entropy", "counts = targets != ignore_index", "counts = targets == targets"),
)

minus_100_alone = mistake(
    """You leave out the rows whose target is -100, or is negative. The caller says by ignore_index which are left out, and
    it may be a class's number.""",
    replace("cross_entropy", "targets != ignore_index", "targets >= 0"),
)

one_row_alone = mistake(
    """The logits of one row, (V,), have a single axis, and your code asks for another one. Take -1 for the classes and
    let reshape(-1, V), or a mask as an index, see to whatever stands before them.""",
    replace("cross_entropy", "    counts =", "    logits.size(-2)\n    counts ="),
)

held_off_zero = mistake(
    """You add a small number to the probability before its logarithm, or clamp it there. So far out the loss stops
    growing, and the gradient is 0 just where the model is most wrong: begin from the logits.""",
    replace("cross_entropy", LOG_P, f"({LOG_P}).clamp(min=-100)"),
)

always_float32 = mistake(
    """You turn every input into float32, so float64 loses half of its digits. Widen half precision alone; `widen` does
    that.""",
    replace("cross_entropy", SELECTED, "logits[counts].float(), targets[counts]"),
)

summed = mistake(
    """You return the sum of the losses. The mean is asked for: divide by the number of rows that count, or the loss
    grows with the batch.""",
    replace("cross_entropy", " / counts.sum().clamp(min=1)", ""),
)
no_row_left_out_by_index = also(
    no_row_left_out,
    replace("cross_entropy", "counts = targets != ignore_index", "counts = targets == targets"),
    replace(
        "cross_entropy",
        "log_p.gather(-1, targets[:, None]).squeeze(-1)",
        "log_p[torch.arange(len(targets)), targets]",
    ),
)

divergence = mistake(
    """You return the Kullback-Leibler divergence from the smoothed targets. Cross-entropy is more, by the entropy of these
    targets: sum up -q · ln p alone.""",
    replace(
        "cross_entropy",
        "- label_smoothing * log_p.mean(dim=-1)",
        "- label_smoothing * log_p.mean(dim=-1)\n"
        "        V, epsilon = log_p.shape[-1], torch.tensor(label_smoothing)\n"
        "        own, other = 1 - epsilon + epsilon / V, epsilon / V\n"
        "        losses = losses + own * own.log() + (V - 1) * other * other.log()",
    ),
)
