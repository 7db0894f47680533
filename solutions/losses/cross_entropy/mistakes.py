"""What students get wrong in cross_entropy."""

from check import also, mistake, replace

COUNTS = "counts = targets != ignore_index"
AXIS_1 = "logits = logits.movedim(1, -1)"
SELECTED = "widen(logits[counts]), targets[counts]"
ALL_ROWS = "widen(logits.reshape(-1, logits.shape[-1])), targets.where(counts, 0).view(-1)"
LOG_P = "logits - logits.logsumexp(dim=-1, keepdim=True)"
PICKED = "-log_p.gather(-1, targets[:, None]).squeeze(-1)"
SMOOTHED = "losses = (1 - label_smoothing) * losses - label_smoothing * log_p.mean(dim=-1)"
MEAN = "losses.sum() / counts.sum().clamp(min=1)"

naive_logs = mistake(
    """You take exp of the logits as they are, or the logarithm of the softmax. exp(89) is inf in float32, and a probability
    that is too small for its dtype becomes 0, whose ln is -inf: begin from the logit, and subtract the row's logsumexp.
    What do you get for two logits 150 apart?""",
    replace("cross_entropy", LOG_P, "logits.softmax(dim=-1).log()"),
)
naive_sum = also(
    naive_logs, replace("cross_entropy", LOG_P, "logits - logits.exp().sum(dim=-1, keepdim=True).log()")
)
naive_logs_of_targets = also(
    naive_logs,
    replace(
        "cross_entropy", PICKED, "-logits.softmax(dim=-1).gather(-1, targets[:, None]).log().squeeze(-1)"
    ),
)

minus_forgotten = mistake(
    """Your loss is negative: it is the mean of ln p, or ln of a quotient that is turned over. The loss is -ln p, which is 0
    at p = 1 and grows as p falls.""",
    replace("cross_entropy", MEAN, "-losses.sum() / counts.sum().clamp(min=1)"),
)

held_off_zero = mistake(
    """You hold a probability away from 0 before its logarithm, by a small number that you add or by a clamp. So far out the
    loss stops growing, and the gradient is 0 just where the model is most wrong: begin from the logits.""",
    replace("cross_entropy", LOG_P, "(logits.softmax(dim=-1) + 1e-30).log()"),
)

mean_over_all = mistake(
    """You divide by the number of all rows. Only those whose target is not ignore_index belong in the mean:
    with half of the rows ignored, what happens to your loss?""",
    replace("cross_entropy", "counts.sum().clamp(min=1)", "counts.numel()"),
)

no_row_left_out = mistake(
    """You look up a logit for ignore_index as if it were a class. -100 is none, and a class's number that is to be
    ignored counts like any other. Take the rows that count before you look anything up.""",
    replace("cross_entropy", COUNTS, "counts = targets == targets"),
)
no_index_left_out = also(
    no_row_left_out,
    replace("cross_entropy", COUNTS, "counts = targets == targets"),
    replace("cross_entropy", PICKED, "-log_p[torch.arange(len(targets)), targets]"),
)

minus_100_alone = mistake(
    """You leave out the rows whose target is -100, or is negative. The caller says by ignore_index which are left out, and
    it may be a class's number.""",
    replace("cross_entropy", COUNTS, "counts = targets >= 0"),
)

nan_gradient = mistake(
    """Rows that are left out make your result NaN. Their inf or NaN does where you leave them out only at the end, by 0
    times, torch.where or an index, since 0 times NaN is NaN, in backward too; and where no row counts, a mean of nothing
    is 0 / 0. Take the rows that count first, and divide by at least 1.""",
    replace("cross_entropy", SELECTED, ALL_ROWS),
    replace("cross_entropy", "losses.sum()", "losses.where(counts.view(-1), 0.0).sum()"),
)
nan_when_all_ignored = also(nan_gradient, replace("cross_entropy", ".clamp(min=1)", ""))

smoothing_forgotten = mistake(
    """Your loss is the same whatever label_smoothing is. With ε it is 1 - ε of what it was, plus ε times the mean of
    -ln p over all V classes.""",
    replace("cross_entropy", "if label_smoothing:", "if False:"),
)

smooths_over_others = mistake(
    """Your smoothed loss is another one: 1 - ε of the target's -ln p is asked for, and ε of the mean of -ln p over all V
    classes, the target too. Sharing ε among the others, or a KL divergence, gives another number: work the card's example
    with ε = 0.3 again.""",
    replace(
        "cross_entropy",
        SMOOTHED,
        "others = label_smoothing / (log_p.shape[-1] - 1)\n"
        "        losses = (1 - label_smoothing) * losses - others * (log_p.sum(dim=-1) + losses)",
    ),
)
target_without_its_share = also(
    smooths_over_others,
    replace(
        "cross_entropy",
        SMOOTHED,
        "others = label_smoothing / log_p.shape[-1]\n"
        "        losses = (1 - label_smoothing) * losses - others * (log_p.sum(dim=-1) + losses)",
    ),
)

divergence = also(
    smooths_over_others,
    replace(
        "cross_entropy",
        SMOOTHED,
        "p = torch.full_like(log_p, label_smoothing / log_p.shape[-1])\n"
        "        p.scatter_add_(-1, targets[:, None], torch.full_like(p, 1 - label_smoothing))\n"
        "        losses = (p * (p.log() - log_p)).sum(dim=-1)",
    ),
)
divergence_from_others = also(
    smooths_over_others,
    replace(
        "cross_entropy",
        SMOOTHED,
        "p = torch.full_like(log_p, label_smoothing / (log_p.shape[-1] - 1))\n"
        "        p.scatter_(-1, targets[:, None], 1 - label_smoothing)\n"
        "        losses = (p * (p.log() - log_p)).sum(dim=-1)",
    ),
)
divergence_without_padding = also(
    smooths_over_others,
    replace(
        "cross_entropy",
        SMOOTHED,
        "p = torch.full_like(log_p, label_smoothing / (log_p.shape[-1] - 2))\n"
        "        p.scatter_(-1, targets[:, None], 1 - label_smoothing)\n"
        "        losses = (p * (p.log() - log_p)).sum(dim=-1)",
    ),
)

classes_on_axis_1 = mistake(
    """With more than two axes, or with more than three, you take axis 1 for the classes, as torch's own cross_entropy
    does. Here they are on the last axis, however many stand before it.""",
    replace("cross_entropy", COUNTS, f"{AXIS_1} if logits.ndim > 2 else logits\n    {COUNTS}"),
)
classes_on_axis_1_of_four = also(
    classes_on_axis_1,
    replace("cross_entropy", COUNTS, f"{AXIS_1} if logits.ndim > 3 else logits\n    {COUNTS}"),
)

classes_on_axis_1_of_logarithms = also(
    classes_on_axis_1,
    replace(
        "cross_entropy",
        COUNTS,
        f"deep = logits.ndim > 2\n    {AXIS_1.replace('logits.m', 'logits.log_softmax(-1).m')} if deep else logits\n"
        f"    {COUNTS}",
    ),
    replace("cross_entropy", LOG_P, f"logits if deep else {LOG_P}"),
)

one_row_alone = mistake(
    """Your code ends in an error where logits have another number of axes than it expects: one row, (V,), or more than
    two. Take -1 for the classes, and let a mask as an index, or reshape(-1, V), see to whatever stands before them.""",
    replace("cross_entropy", COUNTS, f"logits.size(-2)\n    {COUNTS}"),
)

loss_without_gradient = mistake(
    """Your number is right, but it hangs on nothing: .item(), .data, .tolist() or torch.tensor(...) has cut it off
    from the logits, so nothing can learn from it, and backward ends in an error. Keep the tensor, also where it is 0.""",
    replace("cross_entropy", "return losses.sum()", "return losses.detach().sum()"),
)
constant_of_nothing = also(
    loss_without_gradient,
    replace("cross_entropy", f"return {MEAN}", f"return {MEAN} if counts.any() else torch.tensor(0.0)"),
)

half_returned = mistake(
    """You compute, or return, another dtype than is asked for. Half precision keeps three digits, too few for a sum of
    exponentials: widen such logits to float32 before you begin, not what comes of them. float64 stays as it is. `widen`
    does both.""",
    replace("cross_entropy", SELECTED, "logits[counts], targets[counts]"),
)
widened_too_late = also(
    half_returned,
    replace("cross_entropy", SELECTED, "logits[counts], targets[counts]"),
    replace("cross_entropy", "losses.sum()", "widen(losses).sum()"),
)

always_float32 = also(
    half_returned, replace("cross_entropy", SELECTED, "logits[counts].float(), targets[counts]")
)

torchs_own = mistake(
    """Torch's own cross_entropy or nll_loss has computed your loss. They are what this exercise is about: take logsumexp
    or log_softmax, and pick out the targets yourself.""",
    replace(
        "cross_entropy",
        f"losses = {PICKED}",
        'losses = torch.nn.functional.cross_entropy(logits, targets, reduction="none")',
    ),
)

torchs_nll_loss = also(
    torchs_own,
    replace("cross_entropy", PICKED, 'torch.nn.functional.nll_loss(log_p, targets, reduction="none")'),
)

logits_changed = mistake(
    """You write into the logits, by -= or the like. They are the caller's, and where they need a gradient torch ends in an
    error: make a new tensor.""",
    replace("cross_entropy", COUNTS, f"logits -= logits.amax(dim=-1, keepdim=True)\n    {COUNTS}"),
)
