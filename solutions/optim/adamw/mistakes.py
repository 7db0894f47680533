"""What students get wrong in AdamW.update."""

from check import also, mistake, replace

UPDATE = "AdamW.update"
DECAY = 'p.mul_(1 - group["lr"] * group["weight_decay"])'
STEP = "self.adam_step(p, widen(gradient), state, group)"
L2 = 'widen(gradient) + group["weight_decay"] * widen(p)'
CORRECTED = """beta1, beta2 = group["betas"]
        rate = group["lr"] * (1 - beta2**t) ** 0.5 / (1 - beta1**t)
        p.mul_(1 - rate * group["weight_decay"])"""

decay_in_the_gradient = mistake(
    """Your decay goes through Adam: λp is in the gradient, and is divided by √v̂ with it. So a parameter with no gradient
    moves by the whole rate, whatever λ is. Shrink p itself, and leave the gradient bare.""",
    replace(UPDATE, f"        {DECAY}\n", ""),
    replace(UPDATE, STEP, STEP.replace("widen(gradient)", L2)),
)

decayed_twice = mistake(
    """You decay twice: you shrink p, and add λp to the gradient as well, as Adam's own update does. AdamW needs Adam's step
    without its L2.""",
    replace(UPDATE, STEP, "super().update(p, gradient, state, group)"),
)
decayed_twice_from_one_place = also(
    decayed_twice,
    replace(UPDATE, DECAY, f"gradient = {L2}\n        {DECAY}"),
)
decayed_twice_after_the_step = also(
    decayed_twice,
    replace(UPDATE, f"        {DECAY}\n", ""),
    replace(UPDATE, STEP, f"super().update(p, gradient, state, group)\n        {DECAY}"),
)

decay_without_the_rate = mistake(
    """You shrink p by λ alone, or by η²λ, and not by ηλ. The decay goes with the rate, once: when a schedule halves the
    steps, it halves the decay, too.""",
    replace(UPDATE, DECAY, 'p.mul_(1 - group["weight_decay"])'),
)
without_the_rate_after_the_step = also(
    decay_without_the_rate,
    replace(UPDATE, f"        {DECAY}\n", ""),
    replace(UPDATE, STEP, f'{STEP}\n        p.mul_(1 - group["weight_decay"])'),
)
rate_twice = also(
    decay_without_the_rate, replace(UPDATE, DECAY, 'p.mul_(1 - group["lr"] ** 2 * group["weight_decay"])')
)
rate_twice_after_the_step = also(
    decay_without_the_rate,
    replace(UPDATE, f"        {DECAY}\n", ""),
    replace(UPDATE, STEP, f'{STEP}\n        p.mul_(1 - group["lr"] ** 2 * group["weight_decay"])'),
)

decay_with_the_corrected_rate = mistake(
    """Your decay goes with the rate into which you have put Adam's correction, η√(1 - β₂ᵗ)/(1 - β₁ᵗ). That belongs to Adam's
    step alone: p shrinks by the factor 1 - ηλ, with the rate as it stands in the group.""",
    replace(UPDATE, DECAY, f't = state.get("t", 0) + 1\n        {CORRECTED}'),
)
corrected_rate_after_the_step = also(
    decay_with_the_corrected_rate,
    replace(UPDATE, f"        {DECAY}\n", ""),
    replace(UPDATE, STEP, f'{STEP}\n        t = state["t"]\n        {CORRECTED}'),
)

decay_after_the_step = mistake(
    """You decay after Adam's step, so that what was just added shrinks as well. p shrinks first: with η = 0.3 and λ = 0.5
    a step of 0.3 then stays 0.3, and does not become 0.255.""",
    replace(UPDATE, f"        {DECAY}\n", ""),
    replace(UPDATE, STEP, f"{STEP}\n        {DECAY}"),
)

adamw_is_adam = mistake(
    """Nothing decays in your version: with a gradient of 0, p stays where it is. It should shrink by the factor
    1 - ηλ.""",
    replace(UPDATE, f"        {DECAY}\n", ""),
)
shrunken_copy = also(adamw_is_adam, replace(UPDATE, DECAY, 'p * (1 - group["lr"] * group["weight_decay"])'))

grows = mistake(
    """Your parameters grow instead of shrinking: ηλp is taken off p, so look at a sign.""",
    replace(UPDATE, DECAY, DECAY.replace("1 - ", "1 + ")),
)
