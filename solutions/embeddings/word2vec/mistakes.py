"""What students get wrong in negative_sampling_loss."""

from check import also, mistake, replace

LOSS = "negative_sampling_loss"
OF_NEGATIVES = "F.logsigmoid(-drawn).sum(dim=-1)"
BOTH = f"F.logsigmoid(true) + {OF_NEGATIVES}"
TRUE = "(centre * context).sum(dim=-1)"
DRAWN = "(negatives * centre.unsqueeze(1)).sum(dim=-1)"
WIDENED = "widen(centre), widen(context), widen(negatives)"

NUMPY = (
    "centre, context, negatives = (torch.tensor(x.detach().numpy()) for x in (centre, context, negatives))"
)

sum_over_batch = mistake(
    """You add up the pairs of the batch. The loss is their mean: a batch twice as large must not step twice as far.""",
    replace(LOSS, ").mean()", ").sum()"),
)

mean_over_negatives = mistake(
    """You average over the negatives, alone or with the true context. They are added up: each of them is a question of its
    own beside that of the true pair.""",
    replace(LOSS, OF_NEGATIVES, "F.logsigmoid(-drawn).mean(dim=-1)"),
)

mean_over_all_words = also(
    mean_over_negatives, replace(LOSS, ").mean()", ").mean() / (1 + negatives.shape[1])")
)

summed_before_the_sigmoid = mistake(
    """You add up the dot products of the negatives and take one sigmoid of the sum. Each negative is a question of its own:
    first ln σ(-u·n) of each, then the sum.""",
    replace(LOSS, OF_NEGATIVES, "F.logsigmoid(-drawn.sum(dim=-1))"),
)

loss_of_each_pair = mistake(
    """You return a loss for each pair, B numbers. A loss is one number, their mean: only from one number can backward()
    begin.""",
    replace(LOSS, ").mean()", ")"),
)

sign_of_negatives = mistake(
    """The minus of your negatives is missing, or stands before the logarithm. It belongs inside, -ln σ(-u·n): a drawn word
    should get a small dot product, and from some point on a smaller one gains nothing.""",
    replace(LOSS, OF_NEGATIVES, "F.logsigmoid(drawn).sum(dim=-1)"),
)

minus_before_the_logarithm = also(
    sign_of_negatives, replace(LOSS, OF_NEGATIVES, "(-F.logsigmoid(drawn)).sum(dim=-1)")
)

# These make two mistakes at once, so that each stands under both hints.
NO_MINUS_AND_A_MEAN = replace(LOSS, OF_NEGATIVES, "F.logsigmoid(drawn).mean(dim=-1)")
MINUS_BEFORE_A_MEAN = replace(LOSS, OF_NEGATIVES, "(-F.logsigmoid(drawn)).mean(dim=-1)")
no_minus_in_the_mean = also(sign_of_negatives, NO_MINUS_AND_A_MEAN)
mean_without_the_minus = also(mean_over_negatives, NO_MINUS_AND_A_MEAN)
minus_before_the_mean = also(sign_of_negatives, MINUS_BEFORE_A_MEAN)
mean_after_a_minus = also(mean_over_negatives, MINUS_BEFORE_A_MEAN)

averaged_products = mistake(
    """Your dot products are none. The D products of two rows are added up: not averaged, not divided by lengths or by √D,
    and not put into the sigmoid one by one; (centre * context).sum(dim=-1) is a number for each pair.""",
    replace(LOSS, TRUE, TRUE.replace("sum", "mean")),
    replace(LOSS, DRAWN, DRAWN.replace("sum", "mean")),
)

cosines = also(
    averaged_products,
    replace(LOSS, TRUE, "F.cosine_similarity(centre, context, dim=-1)"),
    replace(LOSS, DRAWN, "F.cosine_similarity(negatives, centre.unsqueeze(1), dim=-1)"),
)

products_one_by_one = also(
    averaged_products,
    replace(LOSS, TRUE, "centre * context"),
    replace(LOSS, "F.logsigmoid(true) +", "F.logsigmoid(true).mean() +"),
)

divided_by_the_root = also(
    averaged_products,
    replace(LOSS, TRUE, f"{TRUE} / centre.shape[-1] ** 0.5"),
    replace(LOSS, DRAWN, f"{DRAWN} / centre.shape[-1] ** 0.5"),
)

context_counted_often = mistake(
    """Your loss does not hold each question once. It has one for the true context and one for each negative: if (B, 1) and
    (B, M) are added, the context counts M times, and without one part the other has no counterweight.""",
    replace(LOSS, "F.logsigmoid(true) +", "F.logsigmoid(true) * negatives.shape[1] +"),
)

no_negatives = also(context_counted_often, replace(LOSS, f" + {OF_NEGATIVES}", ""))

only_negatives = also(context_counted_often, replace(LOSS, "F.logsigmoid(true) + ", ""))

negatives_of_all = mistake(
    """Each of your centres meets the negatives of all pairs. A pair has M of its own: centre[b] goes with negatives[b],
    as a new axis in the middle or bmm say.""",
    replace(LOSS, DRAWN, "centre @ negatives.flatten(0, 1).T"),
)

all_with_all = also(
    negatives_of_all,
    replace(LOSS, TRUE, "context @ centre.T"),
    replace(LOSS, DRAWN, "(negatives @ centre.T).mT"),
)

sum_of_all_with_all = also(negatives_of_all, *all_with_all.replacements, replace(LOSS, ").mean()", ").sum()"))

negatives_meet_the_context = mistake(
    """You multiply the negatives with the contexts. All questions are about the centre: u·v for the true word, u·n for each
    that was drawn.""",
    replace(LOSS, DRAWN, "(negatives * context.unsqueeze(1)).sum(dim=-1)"),
)

loss_turned = mistake(
    """Your loss is negative: logarithms of probabilities are below 0, and a loss is what they lack. Turn the sign of
    the whole.""",
    replace(LOSS, "return -(", "return ("),
)

log_of_sigmoid = mistake(
    """You take the logarithm of a sigmoid. Far out that is 0 in float32, and its logarithm -inf: take logsigmoid or
    softplus, which begin from the dot product. What do you get for one of -10,000?""",
    replace(LOSS, BOTH, "true.sigmoid().log() + (-drawn).sigmoid().log().sum(dim=-1)"),
)

log_of_one_minus = also(
    log_of_sigmoid, replace(LOSS, BOTH, "true.sigmoid().log() + (1 - drawn.sigmoid()).log().sum(dim=-1)")
)

clamped_probabilities = mistake(
    """You keep probabilities away from 0, or dot products within bounds: by a clamp, a small number, or
    F.binary_cross_entropy, which does it too. The pairs that are most wrong then cost far too little and have no gradient:
    logsigmoid and softplus take any dot product.""",
    replace(
        LOSS,
        BOTH,
        "true.sigmoid().clamp(min=1e-10).log() + (-drawn).sigmoid().clamp(min=1e-10).log().sum(dim=-1)",
    ),
)

small_number_added = also(
    clamped_probabilities,
    replace(LOSS, BOTH, "(true.sigmoid() + 1e-10).log() + ((-drawn).sigmoid() + 1e-10).log().sum(dim=-1)"),
)

cross_entropy_of_probabilities = also(
    clamped_probabilities,
    replace(
        LOSS,
        BOTH,
        "-F.binary_cross_entropy(true.sigmoid(), torch.ones_like(true), reduction='none')"
        " - F.binary_cross_entropy(drawn.sigmoid(), torch.zeros_like(drawn), reduction='none').sum(dim=-1)",
    ),
)

softmax_over_negatives = mistake(
    """You let the true context compete with the negatives in one softmax. That is another loss; here each word is a
    yes-or-no question by itself, with a sigmoid.""",
    replace(LOSS, BOTH, "true - torch.cat([true.unsqueeze(-1), drawn], dim=-1).logsumexp(dim=-1)"),
)

squeezed_too_much = mistake(
    """Your squeeze() without an axis drops every axis of length 1. With one negative a pair, or one pair, the shape is then
    another one and the wrong numbers meet: say which axis is to go.""",
    replace(LOSS, DRAWN, "(negatives @ centre.unsqueeze(-1)).squeeze()"),
)

squeezed_and_summed = also(
    squeezed_too_much,
    replace(LOSS, DRAWN, "(negatives @ centre.unsqueeze(-1)).squeeze()"),
    replace(LOSS, OF_NEGATIVES, "F.logsigmoid(-drawn).sum(dim=1)"),
)

one_context_squeezed = also(
    squeezed_too_much,
    replace(
        LOSS,
        TRUE,
        "(context.unsqueeze(1) @ centre.unsqueeze(-1)).squeeze().mean(1)",
    ),
)

clamped_products = also(
    clamped_probabilities,
    replace(
        LOSS, BOTH, "F.logsigmoid(true.clamp(-10, 10)) + F.logsigmoid(-drawn.clamp(-10, 10)).sum(dim=-1)"
    ),
)

through_numpy = mistake(
    """Your loss has no way back to some of its inputs: what went through NumPy, .item(), .tolist() or .detach() has no
    gradient. Stay with torch's own functions.""",
    replace(LOSS, f"centre, context, negatives = {WIDENED}", NUMPY),
)

negatives_detached = also(
    through_numpy, replace(LOSS, DRAWN, DRAWN.replace("negatives", "negatives.detach()"))
)

centre_detached = also(through_numpy, replace(LOSS, DRAWN, DRAWN.replace("centre", "centre.detach()")))

plain_number = also(through_numpy, replace(LOSS, ").mean()", ").mean().item()"))

half_returned = mistake(
    """Your loss is computed or comes back in another precision than it should. Half precision, which keeps three digits,
    becomes float32, and float32 and float64 stay: widen all three before you begin, and return what you then have.""",
    replace(LOSS, WIDENED, "centre, context, negatives"),
)

always_float32 = also(
    half_returned, replace(LOSS, WIDENED, "centre.float(), context.float(), negatives.float()")
)

always_float64 = also(
    half_returned, replace(LOSS, WIDENED, "centre.double(), context.double(), negatives.double()")
)

widened_at_the_end = also(
    half_returned,
    replace(LOSS, WIDENED, "centre, context, negatives"),
    replace(LOSS, ").mean()", ").mean().float()"),
)
