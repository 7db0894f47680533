"""What students get wrong in accept, expected_tokens and lookup."""

from check import also, mistake, redefine, replace

REST = "(p[kept] - q[kept]).clamp(min=0)"
LAST = "sample((rest / rest.sum())[None], u[n:])"
RATIO = "p[i, draft] / q[i, draft]"
RETURNED = "[*draft[:kept].tolist(), last.item()]"
FIRST = "int(refused[0]) if len(refused) else n"
SUM = "sum(alpha**i for i in range(gamma + 1))"
SIZES = "range(min(n, len(tokens) - 1), 0, -1)"
STARTS = "range(len(tokens) - size - 1, -1, -1)"
FOLLOWED = "tokens[end : end + most]"

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

refused_taken_out = mistake(
    """You take the refused guess out of p. That is too much for it, and too little for all other tokens of which q has
    some: draw from what p has over q.""",
    replace("accept", REST, "p[kept].index_fill(0, draft[kept : kept + 1], 0)"),
)

p_where_it_is_more = mistake(
    """You draw from p where it is more than q. What both have in common was drawn already: only the difference is left.""",
    replace("accept", REST, "p[kept] * (p[kept] > q[kept])"),
)

residual_upside_down = mistake(
    """You draw from what q has over p. Of that the guesser has proposed enough: what p has over q is missing.""",
    replace("accept", REST, "(q[kept] - p[kept]).clamp(min=0)"),
)

softmax_of_the_residual = mistake(
    """You make shares of what is left by a softmax. These are probabilities already, not logits: divide by their sum.""",
    replace("accept", REST, f"{REST}.softmax(dim=0)"),
)
softmax_of_the_difference = also(
    softmax_of_the_residual, replace("accept", REST, "(p[kept] - q[kept]).softmax(dim=0)")
)

most_probable_last = mistake(
    """You take the most probable token as the last one. It is drawn, by `sample`, with u[γ].""",
    replace("accept", LAST, "rest.argmax()"),
)

residual_not_normalised = mistake(
    """You do not divide what is left of p by its sum, which is less than 1: these are no probabilities yet.""",
    replace("accept", "(rest / rest.sum())", "rest"),
)

ratio_upside_down = mistake(
    """You accept with q / p. A guess stays with p / q: surely where the model likes it more than the guesser did.""",
    replace("accept", RATIO, "q[i, draft] / p[i, draft]"),
)

ratio_without_q = mistake(
    """You accept with the probability p. The guess was drawn with q already: divide by it.""",
    replace("accept", RATIO, "p[i, draft]"),
)

accepted_upside_down = mistake(
    """You keep a guess where u is more than the ratio, and refuse it where it is less. It is the other way round.""",
    replace("accept", "u[:n] >= ", "u[:n] < "),
)

accepted_without_chance = mistake(
    """You accept just where p is at least q. Where it is less a guess may stay, too: with the probability p / q.""",
    replace("accept", f"u[:n] >= {RATIO}", "p[i, draft] < q[i, draft]"),
)

accepted_if_most_probable = mistake(
    """You accept just the model's most probable token. Any guess may stay, with the probability p / q.""",
    replace("accept", f"u[:n] >= {RATIO}", "draft != p[:n].argmax(dim=-1)"),
)

refused_token_kept = mistake(
    """You keep the refused guess, too. The token that is drawn comes in its place.""",
    replace("accept", "draft[:kept]", "draft[: kept + 1]"),
)

all_that_stay_counted = mistake(
    """You count all guesses with u below the ratio. What matters is the first that is refused: all behind it go.""",
    replace("accept", FIRST, "n - len(refused)"),
)

never_all_of_them = mistake(
    """You do not expect that all guesses stay: then none is the first that is refused, and the list of these is empty.""",
    replace("accept", FIRST, "int(refused[0])"),
)

bonus_from_the_row_before = mistake(
    """When all guesses stay you draw from a row of p that was for a guess. What comes behind them is p[γ].""",
    replace("accept", "p[n] if kept == n", "p[n - 1] if kept == n"),
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
    """You draw the last token with a number that is for a guess. One that has refused a guess is not uniform any more,
    since it was large enough for that: take u[γ].""",
    replace("accept", LAST, "sample((rest / rest.sum())[None], u[kept : kept + 1])"),
)

next_number = also(
    same_number_again, replace("accept", LAST, "sample((rest / rest.sum())[None], u[min(kept + 1, n) :][:1])")
)

guesses_only_counted = mistake(
    """You count the guesses that stay. A round also gives the token that the model itself draws, after a refusal or at
    the end.""",
    replace("expected_tokens", "range(gamma + 1)", "range(1, gamma + 1)"),
)

last_term_forgotten = mistake(
    """Your sum ends at alpha^(gamma - 1). When all gamma guesses stay one more token comes: the last term is alpha^gamma.""",
    replace("expected_tokens", "range(gamma + 1)", "range(gamma)"),
)

nothing_by_nothing = mistake(
    """At alpha = 1 your formula divides 0 by 0. Then every guess stays: gamma + 1 tokens.""",
    replace("expected_tokens", SUM, "(1 - alpha ** (gamma + 1)) / (1 - alpha)"),
)

no_token_more = mistake(
    """At alpha = 1 you count the guesses alone. They all stay, and one more token comes: gamma + 1.""",
    replace("expected_tokens", SUM, f"gamma if alpha == 1 else {SUM}"),
)

finds_itself = mistake(
    """Your search finds the last tokens themselves, behind which nothing stands. Look before them.""",
    replace("lookup", STARTS, "range(len(tokens) - size, -1, -1)"),
)
finds_itself_from_the_front = also(finds_itself, replace("lookup", STARTS, "range(len(tokens))"))

just_before_left_out = mistake(
    """Your search begins too early: a run may end one place before the last token does.""",
    replace("lookup", STARTS, "range(len(tokens) - size - 2, -1, -1)"),
)

front_left_out = mistake(
    """Your search ends before the first token of the text. range(n, 0, -1) goes down to 1; to 0 it is range(n, -1, -1).""",
    replace("lookup", STARTS, "range(len(tokens) - size - 1, 0, -1)"),
)

shortest_first = mistake(
    """You look for one token first. The longest run tells most: begin with n.""",
    replace("lookup", SIZES, "range(1, min(n, len(tokens) - 1) + 1)"),
)

one_alone_left_out = mistake(
    """You stop at runs of two tokens. The last token alone is looked for, too.""",
    replace("lookup", SIZES, "range(min(n, len(tokens) - 1), 1, -1)"),
)

ends_before_the_last = mistake(
    """Your guess ends where the last tokens begin. They followed, too.""",
    replace("lookup", FOLLOWED, "tokens[end : min(end + most, len(tokens) - size)]"),
)

most_as_a_place = mistake(
    """You cut the text at the place `most`. It says how many tokens come, from where the run has ended.""",
    replace("lookup", FOLLOWED, "tokens[end:most]"),
)

nothing_returned = mistake(
    """Where there is no guess you return None, or nothing at all. Return an empty list.""",
    replace("lookup", "return []", "return None"),
)

first_occurrence = mistake(
    """You take the first occurrence. Take the latest: what the text is about now stands near its end.""",
    replace("lookup", STARTS, "range(len(tokens) - size)"),
)

whole_run_or_nothing = mistake(
    """You give up when the last n tokens never stood together before. Look for fewer of them then, down to one.""",
    replace("lookup", SIZES, "range(n, n - 1, -1)"),
)
