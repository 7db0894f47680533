"""What students get wrong in accept, expected_tokens and lookup."""

from check import also, mistake, redefine, replace

REST = "(p[kept] - q[kept]).clamp(min=0)"
LAST = "sample((rest / rest.sum())[None], u[n:])"
RATIO = "p[i, draft] / q[i, draft]"
RETURNED = "[*draft[:kept].tolist(), last.item()]"
STARTS = "range(len(tokens) - size - 1, -1, -1)"

drawn_from_p = mistake(
    """After a refusal you draw from p. What p and q have in common was drawn already, when the guess was: draw from what p
    has over q.""",
    replace("accept", REST, "p[kept]"),
)

residual_absolute = mistake(
    """You take |p - q|. Where q has more than p the guesser has proposed enough: only the positive part of p - q is
    left.""",
    replace("accept", REST, "(p[kept] - q[kept]).abs()"),
)

residual_not_normalised = mistake(
    """You do not divide what is left of p by its sum, which is less than 1: the draw then needs a smaller u than it
    gets.""",
    replace("accept", LAST, "(rest.cumsum(dim=0) > u[n]).int().argmax()"),
)
residual_refused = also(residual_not_normalised, replace("accept", "(rest / rest.sum())", "rest"))

ratio_upside_down = mistake(
    """You accept with q / p. A guess stays with p / q: surely where the model likes it more than the guesser did.""",
    replace("accept", RATIO, "q[i, draft] / p[i, draft]"),
)

bonus_forgotten = mistake(
    """When all guesses stay you return them alone. p has one more row: the pass has computed what comes next as well.""",
    replace("accept", f"return {RETURNED}", f"return {RETURNED}[:n] if kept == n else {RETURNED}"),
)


@redefine("accept")
def goes_on_after_refusal(draft, q, p, u):
    """You leave out a refused guess and keep those behind it. They were guessed on a text that does not exist any more:
    all behind the first refused one go."""
    p, q, n = p.double(), q.double(), len(draft)
    i = torch.arange(n)
    stays = u[:n] < p[i, draft] / q[i, draft]
    rest = p[n] if stays.all() else (p[:n] - q)[~stays][0].clamp(min=0)
    return [*draft[stays].tolist(), sample((rest / rest.sum())[None], u[n:]).item()]


same_number_again = mistake(
    """You draw the last token with the number that has just refused a guess. It is not uniform any more, since it was
    large enough for that: take u[γ].""",
    replace("accept", LAST, "sample((rest / rest.sum())[None], u[kept : kept + 1])"),
)

guesses_only_counted = mistake(
    """You count the guesses that stay. A round also gives the token that the model itself draws, after a refusal or at
    the end.""",
    replace("expected_tokens", "range(gamma + 1)", "range(1, gamma + 1)"),
)

finds_itself = mistake(
    """Your search finds the last tokens themselves, behind which nothing stands. Look before them.""",
    replace("lookup", STARTS, "range(len(tokens) - size, -1, -1)"),
)

first_occurrence = mistake(
    """You take the first occurrence. Take the latest: what the text is about now stands near its end.""",
    replace("lookup", STARTS, "range(len(tokens) - size)"),
)

whole_run_or_nothing = mistake(
    """You give up when the last n tokens never stood together before. Look for fewer of them then, down to one.""",
    replace("lookup", "range(min(n, len(tokens) - 1), 0, -1)", "range(n, n - 1, -1)"),
)
