"""What students get wrong in Adam.update and Adam.adam_step."""

from check import also, mistake, replace

STEP = "Adam.adam_step"
T = 'state["t"] = t = state.get("t", 0) + 1'
M = 'm = state.setdefault("m", torch.zeros_like(gradient)).lerp_(gradient, 1 - beta1)'
V = 'v = state.setdefault("v", torch.zeros_like(gradient)).lerp_(gradient.square(), 1 - beta2)'
ROOT = '(v / (1 - beta2**t)).sqrt() + group["eps"]'
MEAN = "(m / (1 - beta1**t))"
DECAYED = 'widen(gradient) + group["weight_decay"] * widen(p)'
CORRECTED = """adam_step(p, widen(gradient), state, group)
        (beta1, beta2), t = group["betas"], state["t"]
        corrected = group["lr"] * (1 - beta2**t) ** 0.5 / (1 - beta1**t)
"""

no_correction = mistake(
    """You do not correct the means. Both begin at 0 and are too small at first, the mean by 1 - β₁ᵗ and the mean square by
    1 - β₂ᵗ: divide each by its own. Then the first step is the rate long, whatever the gradient.""",
    replace(STEP, ROOT, 'v.sqrt() + group["eps"]'),
    replace(STEP, MEAN, "m"),
)

square_not_corrected = mistake(
    """You correct one of the two means and not the other. Both are too small at first: divide m by 1 - β₁ᵗ, and v by
    1 - β₂ᵗ before you take the root.""",
    replace(STEP, ROOT, 'v.sqrt() + group["eps"]'),
)
mean_not_corrected = also(square_not_corrected, replace(STEP, MEAN, "m"))

wrong_count = mistake(
    """Your t does not count as it should: it is 1 in a parameter's first update, 2 in its second, 3 in its third. Keep it
    in state, and raise it before you use it: with t = 0 the correction divides by 0.""",
    replace(STEP, T, "t = 1"),
)
counted_afterwards = also(wrong_count, replace(STEP, T, 't = state.get("t", 0)\n        state["t"] = t + 1'))
counted_from_two = also(wrong_count, replace(STEP, T, T.replace('"t", 0', '"t", 1')))
corrected_by_zero = also(
    wrong_count,
    replace(STEP, T, 't = state.get("t", 0)\n        state["t"] = t + 1'),
    replace(STEP, ROOT, 'v.sqrt() + group["eps"]'),
    replace(STEP, MEAN, "m * ((1 - beta2**t) ** 0.5 / (1 - beta1**t))"),
)

nothing_kept = mistake(
    """A mean of yours is forgotten after each step, so the next one does not go on from it. What is to outlive the call
    belongs in state: v = … and v.add(…) make new tensors, v.add_(…) changes the one that is kept.""",
    replace(STEP, T, "t = 1"),
    replace(STEP, M, "m = (1 - beta1) * gradient"),
    replace(STEP, V, "v = (1 - beta2) * gradient.square()"),
)
means_not_kept = also(
    nothing_kept,
    replace(STEP, M, "m = (1 - beta1) * gradient"),
    replace(STEP, V, "v = (1 - beta2) * gradient.square()"),
)
mean_not_kept = also(nothing_kept, replace(STEP, M, "m = (1 - beta1) * gradient"))
square_not_kept = also(nothing_kept, replace(STEP, V, "v = (1 - beta2) * gradient.square()"))
square_added_to_a_copy = also(
    nothing_kept, replace(STEP, V, 'v = state.setdefault("v", torch.zeros_like(gradient)).mul_(beta2)')
)

mean_is_a_sum = mistake(
    """A mean of yours is a sum: the new gradient, or its square, is added whole. It has the weight 1 - β₁ in m and 1 - β₂ in
    v, so that the weights of all gradients add up to 1 - βᵗ, which the correction divides by.""",
    replace(STEP, "lerp_(gradient, 1 - beta1)", "mul_(beta1).add_(gradient)"),
)
square_is_a_sum = also(
    mean_is_a_sum, replace(STEP, "lerp_(gradient.square(), 1 - beta2)", "mul_(beta2).add_(gradient.square())")
)

correction_kept = mistake(
    """You write the corrected means into the state, and the next step goes on from them. The correction is for one step
    alone: leave the means as they are, and divide into new tensors, by m / … and not by m.div_(…).""",
    replace(STEP, ROOT, 'v.div_(1 - beta2**t).sqrt() + group["eps"]'),
    replace(STEP, MEAN, "m.div_(1 - beta1**t)"),
)

eps_in_the_root = mistake(
    """Your ε stands under the root. The step is divided by √v̂ + ε: as long as ε is tiny that looks alike, but under the
    root 1e-8 acts as 1e-4.""",
    replace(STEP, ROOT, '(v / (1 - beta2**t) + group["eps"]).sqrt()'),
)
eps_in_the_uncorrected_root = also(
    eps_in_the_root, replace(STEP, ROOT, '((v + group["eps"]) / (1 - beta2**t)).sqrt()')
)

eps_of_its_own = mistake(
    """You make no use of the group's eps: another number stands in its place, or none. Add group["eps"] to √v̂.""",
    replace(STEP, 'group["eps"]', "1e-8"),
)

eps_before_correction = mistake(
    """You add ε to √v and correct afterwards, or put the correction into the rate, so at first ε counts thirtyfold. It is
    added to √v̂, the root of the corrected mean square.""",
    replace(STEP, ROOT, '(v.sqrt() + group["eps"]) / (1 - beta2**t) ** 0.5'),
)

betas_exchanged = mistake(
    """You have exchanged the betas. β₁, the first of the pair, is the share that the mean keeps in each step, β₂ that of
    the mean square, which remembers longer. In the very first step nobody sees it.""",
    replace(STEP, 'beta1, beta2 = group["betas"]', 'beta2, beta1 = group["betas"]'),
)

shared_clock = mistake(
    """Your t is shared: it stands in self or in the group, and others move it on, too. Each parameter has a t of its own,
    in its state: how often it was updated itself.""",
    replace(STEP, T, 'group["t"] = t = group.get("t", 0) + 1'),
)
clock_of_the_optimizer = also(shared_clock, replace(STEP, T, 'self.t = t = getattr(self, "t", 0) + 1'))
clock_of_steps = also(
    shared_clock, replace(STEP, T, 'group["t"] = t = group.get("t", 0) + (p is group["params"][0])')
)

l2_passes_the_moments_by = mistake(
    """In Adam weight_decay is L2, a part of the gradient: both means should see g + λp. Your means see the gradient
    alone. What AdamW does is another thing.""",
    replace("Adam.update", DECAYED, "widen(gradient)"),
)
decoupled_in_adam = also(
    l2_passes_the_moments_by,
    replace(
        "Adam.update",
        f"self.adam_step(p, {DECAYED}",
        'p.mul_(1 - group["lr"] * group["weight_decay"])\n        self.adam_step(p, widen(gradient)',
    ),
)
decoupled_after_the_step = also(
    l2_passes_the_moments_by,
    replace(
        "Adam.update",
        f"self.adam_step(p, {DECAYED}, state, group)",
        "self.adam_step(p, widen(gradient), state, group)\n"
        '        p.mul_(1 - group["lr"] * group["weight_decay"])',
    ),
)
decoupled_with_the_corrected_rate = also(
    l2_passes_the_moments_by,
    replace(
        "Adam.update",
        f"self.adam_step(p, {DECAYED}, state, group)",
        f'before = p.clone()\n        self.{CORRECTED}        p.sub_(corrected * group["weight_decay"] * before)',
    ),
)
decoupled_with_the_corrected_rate_after_the_step = also(
    l2_passes_the_moments_by,
    replace(
        "Adam.update",
        f"self.adam_step(p, {DECAYED}, state, group)",
        f'self.{CORRECTED}        p.mul_(1 - corrected * group["weight_decay"])',
    ),
)

moments_in_half = mistake(
    """In half precision your means, or the squares that go into them, are float16, in which 300² is inf and 0.0001² is 0.
    Widen the gradient to float32 first, keep the means so, and bring the step to p's dtype at the end.""",
    replace("Adam.update", DECAYED, 'gradient + group["weight_decay"] * p'),
)
# addcmul_ multiplies in float32: 300² fits, and 0.0001² is lost in the mean.
squares_in_half_are_added_wide = also(
    moments_in_half,
    replace("Adam.update", DECAYED, 'gradient + group["weight_decay"] * p'),
    replace(
        STEP,
        "lerp_(gradient.square(), 1 - beta2)",
        "mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)",
    ),
    replace(STEP, f"{MEAN} / root", "m * ((1 - beta2**t) ** 0.5 / (1 - beta1**t)) / root"),
    replace(STEP, ROOT, 'v.sqrt() + group["eps"] * (1 - beta2**t) ** 0.5'),
)

one_number_only = mistake(
    """You take the root of a tensor by math.sqrt, which is for one number. Of many it is v.sqrt(), torch.sqrt(v) or
    v ** 0.5.""",
    replace(STEP, "(v / (1 - beta2**t)).sqrt()", "math.sqrt(v / (1 - beta2**t))"),
)

sliced = mistake(
    """A mean, or p, is written by x[:] = …, and a parameter without axes, a single number, has nothing to slice. Use what
    works for every shape: x.copy_(…), x.mul_(…), x -= ….""",
    replace(STEP, "p.sub_((", "p[:] = p - (("),
)

adam_new_tensor = mistake(
    """Your parameters stand still: p = p - … makes a new tensor, and the model keeps its old one. Write into the tensor
    that you were given, as p.sub_(…) and p -= … do.""",
    replace(STEP, 'p.sub_((group["lr"] * (m', 'p = p - ((group["lr"] * (m'),
    forgiven=False,
)
