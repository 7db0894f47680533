"""What students get wrong in LayerNorm.forward and RMSNorm.forward."""

from check import also, mistake, replace

LAYER, RMS = "LayerNorm.forward", "RMSNorm.forward"
VARIANCE, SQUARES = "centred.square().mean(dim=-1, keepdim=True)", "wide.square().mean(dim=-1, keepdim=True)"
MEAN = "wide.mean(dim=-1, keepdim=True)"
WIDE = "x.to(torch.promote_types(x.dtype, torch.float32))"

unbiased = mistake(
    """You divide the squares of LayerNorm by D - 1. torch.var and torch.std do so unless told otherwise; a norm takes the
    mean over all D features.""",
    replace(LAYER, VARIANCE, "centred.square().sum(dim=-1, keepdim=True) / (x.shape[-1] - 1)"),
)

not_the_last_axis = mistake(
    """You do not take your means over the features of each token alone: other tokens have a say. Only the last axis
    is averaged, with keepdim=True.""",
    replace(LAYER, MEAN, "wide.mean()"),
    replace(LAYER, VARIANCE, "centred.square().mean()"),
)
mean_squares_along_axis_1 = also(
    not_the_last_axis, replace(RMS, SQUARES, "wide.square().mean(dim=1, keepdim=True)")
)
mean_squares_of_features = also(not_the_last_axis, replace(RMS, SQUARES, "wide.square().mean(dim=0)"))
along_axis_1 = also(
    not_the_last_axis,
    replace(LAYER, MEAN, "wide.mean(dim=1, keepdim=True)"),
    replace(LAYER, VARIANCE, "centred.square().mean(dim=1, keepdim=True)"),
)
along_the_tokens = also(
    not_the_last_axis,
    replace(LAYER, MEAN, "wide.mean(dim=-2, keepdim=True)"),
    replace(LAYER, VARIANCE, "centred.square().mean(dim=-2, keepdim=True)"),
)

eps_outside_the_root = mistake(
    """Where features are small, you divide by something else than the root of (mean of squares + eps). self.eps is added
    inside the root, before it is taken, and nowhere else.""",
    replace(LAYER, f"({VARIANCE} + self.eps).rsqrt()", f"1 / ({VARIANCE}.sqrt() + self.eps)"),
)
eps_outside_the_root_of_rms = also(
    eps_outside_the_root,
    replace(RMS, f"({SQUARES} + self.eps).rsqrt()", f"1 / ({SQUARES}.sqrt() + self.eps)"),
)
eps_forgotten_in_rms = also(eps_outside_the_root, replace(RMS, f"({SQUARES} + self.eps)", f"({SQUARES})"))
eps_of_your_own = also(eps_outside_the_root, replace(LAYER, "+ self.eps", "+ 1e-5"))
eps_of_one_millionth = also(eps_outside_the_root, replace(LAYER, "+ self.eps", "+ 1e-6"))
eps_twice = also(eps_outside_the_root, replace(LAYER, ".rsqrt()", ".sqrt().add(self.eps).reciprocal()"))
eps_multiplied = also(
    eps_outside_the_root,
    replace(LAYER, f"({VARIANCE} + self.eps).rsqrt()", f"1 / ({VARIANCE}.sqrt() * self.eps)"),
)
eps_of_one_millionth_in_rms = also(eps_outside_the_root, replace(RMS, "+ self.eps", "+ 1e-6"))

mean_for_deviation = mistake(
    """You divide by the mean of the features. Their standard deviation is wanted: the root of the mean square of what is left
    when the mean is off.""",
    replace(LAYER, f"({VARIANCE} + self.eps).rsqrt()", f"1 / ({MEAN} + self.eps)"),
)

mean_kept = mistake(
    """Your LayerNorm leaves the mean of the features in place. Take it off first: what is left has mean 0, and its
    mean square is the variance. RMSNorm is the one that keeps the mean.""",
    replace(LAYER, f"wide - {MEAN}", "wide"),
)

mean_removed = mistake(
    """Your RMSNorm takes the mean off. It divides by the root of the mean square and does nothing else: with all features
    equal to 3 it gives 1, not 0.""",
    replace(RMS, f"wide = {WIDE}", f"wide = {WIDE}\n        wide = wide - {MEAN}"),
)

parameters_unused = mistake(
    """What is learned is missing, or not where it belongs: LayerNorm multiplies the normalised features by its weight and
    then adds its bias, RMSNorm multiplies by its weight as it is. Fresh ones are 1 and 0, so that it may not show.""",
    replace(
        LAYER, "centred * scale * self.weight + self.bias", "(centred * scale + self.bias) * self.weight"
    ),
)
weight_plus_one = also(parameters_unused, replace(RMS, "scale * self.weight", "scale * (1 + self.weight)"))
both_unused = also(
    parameters_unused, replace(LAYER, "centred * scale * self.weight + self.bias", "centred * scale")
)
bias_unused = also(parameters_unused, replace(LAYER, " + self.bias", ""))
weight_of_rms_unused = also(parameters_unused, replace(RMS, "wide * scale * self.weight", "wide * scale"))

in_half_precision = mistake(
    """You compute in half precision. float16 ends at 65,504, so the square of 300 is inf in it, and bfloat16 has but
    two or three digits: take x to float32 first, and the result back to x's dtype.""",
    replace(LAYER, WIDE, "x"),
)
rms_in_half_precision = also(in_half_precision, replace(RMS, WIDE, "x"))

wide_result = mistake(
    """What you return does not have x's dtype. The next layer of a model in half precision has weights in half
    precision, and takes nothing else: come back with .to(x.dtype).""",
    replace(LAYER, ".to(x.dtype)", ""),
)

divided_by_the_length = mistake(
    """You divide by the length of the vector, the root of the *sum* of squares. The mean is asked for: with D features
    yours is too small by √D.""",
    replace(RMS, SQUARES, "wide.square().sum(dim=-1, keepdim=True)"),
)

no_root = mistake(
    """You divide by the mean square itself and not by its root: twice as large features must give the same
    result.""",
    replace(LAYER, ".rsqrt()", ".reciprocal()"),
)
no_root_in_rms = also(no_root, replace(RMS, ".rsqrt()", ".reciprocal()"))

x_changed_in_place = mistake(
    """You change numbers in their place, which x is still needed for: whoever gave it has other numbers now, and there is no
    way back for gradients. x = x - … makes new ones; x -= … does not.""",
    replace(LAYER, f"centred = wide - {MEAN}", f"centred = wide.sub_({MEAN})"),
)

keepdim_forgotten = mistake(
    """Your means have lost the axis of the features, and no longer fit the tokens that they belong to. keepdim=True keeps
    it, with the length 1.""",
    replace(LAYER, MEAN, "wide.mean(dim=-1)"),
)

float64_narrowed = mistake(
    """You turn every x into float32, so float64 loses half of its digits, and 10³⁰ has no square. Widen half precision
    alone: torch.promote_types(x.dtype, torch.float32) is float64 for float64.""",
    replace(LAYER, WIDE, "x.float()"),
)
rms_of_float64_narrowed = also(float64_narrowed, replace(RMS, WIDE, "x.float()"))
