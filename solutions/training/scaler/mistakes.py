"""What students get wrong in LossScaler."""

from check import mistake, replace

UNSCALE, UPDATE = "LossScaler.unscale", "LossScaler.update"
GROWS = "self.scale, self.good = self.scale * self.growth, 0"

scale_stays = mistake(
    """Your scale stays what it was. After a step that overflowed it is multiplied by backoff, and after interval good steps
    in a row by growth.""",
    replace(UPDATE, "self.scale *= self.backoff", "pass"),
    replace(UPDATE, GROWS, "pass"),
    forgiven=False,
)

grows_one_too_late = mistake(
    """You wait for one good step too many. The scale grows with the good step that completes the interval, not with the
    one after it.""",
    replace(UPDATE, "self.good == self.interval", "self.good > self.interval"),
)

counter_kept_after_overflow = mistake(
    """You go on counting after an overflow. The good steps must come in a row: a step that was skipped sets the counter
    to 0.""",
    replace(UPDATE, "self.good + 1 if finite else 0", "self.good + finite"),
)

shrinks_by_growth = mistake(
    """After an overflow you divide by growth. With the usual 2 and ½ that is the same, but the two are settings of
    their own: multiply by backoff.""",
    replace(UPDATE, "self.scale *= self.backoff", "self.scale /= self.growth"),
)

only_last_checked = mistake(
    """You look at the gradient of one parameter. An overflow may be in any of them: the step is good only if all
    numbers of all gradients are finite.""",
    replace(UNSCALE, "torch.stack(flags)", "flags[-1]"),
)

overflow_unseen = mistake(
    """You look for no overflow and return True whatever the gradients are. Return whether all their numbers are
    finite.""",
    replace(UNSCALE, "return bool(torch.stack(flags).all()) if flags else True", "return True"),
)

nan_passes = mistake(
    """You look for inf alone. An overflow often ends as NaN, as inf - inf or 0 · inf does: isfinite is False for
    both.""",
    replace(UNSCALE, ".isfinite().all()", ".isinf().logical_not().all()"),
)

overflow_returned = mistake(
    """You return True where something is inf or NaN. It is the other way round: True says that all numbers are finite.""",
    replace(
        UNSCALE,
        "return bool(torch.stack(flags).all()) if flags",
        "return not torch.stack(flags).all() if flags",
    ),
)

not_divided = mistake(
    """The gradients stay scaled: the optimiser would be given gradients many times too long. Divide each by the scale,
    in place, so that p.grad itself changes.""",
    replace(UNSCALE, "gradient.div_(self.scale)", "(gradient / self.scale)"),
    forgiven=False,
)

needs_every_gradient = mistake(
    """A parameter without a gradient, such as a frozen one, has None in .grad, which cannot be divided. Pass over
    it.""",
    replace(UNSCALE, " if p.grad is not None", ""),
)
