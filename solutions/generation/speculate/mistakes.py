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

drawn_from_p = mistake(
    """After a refusal you draw from p. What p and q have in common was drawn already, when the guess was: draw from
    what p has over q.""",
    replace("accept", REST, "p[kept]"),
)

residual_absolute = mistake(
    """After a refusal you draw from something else than what p has over q. Where q has more the guesser has proposed
    enough: take max(p - q, 0), and divide by its sum.""",
    replace("accept", REST, "(p[kept] - q[kept]).abs()"),
)
refused_taken_out = also(
    residual_absolute, replace("accept", REST, "p[kept].index_fill(0, draft[kept : kept + 1], 0)")
)
residual_through_a_softmax = also(residual_absolute, replace("accept", REST, f"{REST}.softmax(dim=-1)"))
over_the_model = also(residual_absolute, replace("accept", REST, "(q[kept] - p[kept]).clamp(min=0)"))
residual_of_the_last_row = also(residual_absolute, replace("accept", REST, "p[n]"))
residual_not_normalised = mistake(
    """You do not divide what p has over q by its sum, which is less than 1. `sample` takes probabilities.""",
    replace("accept", "rest / rest.sum()", "rest"),
)

ratio_upside_down = mistake(
    """You keep a guess by another rule. It stays while u is less than p / q: surely where the model likes it at least
    as much as the guesser, else by chance.""",
    replace("accept", RATIO, "q[i, draft] / p[i, draft]"),
)
ratio_without_q = also(ratio_upside_down, replace("accept", RATIO, "p[i, draft]"))
accepted_upside_down = also(ratio_upside_down, replace("accept", "u[:n] >= ", "u[:n] < "))
most_probable_stay = also(
    ratio_upside_down, replace("accept", f"u[:n] >= {RATIO}", "draft != p[:n].argmax(dim=-1)")
)
accepted_without_chance = also(
    ratio_upside_down, replace("accept", f"u[:n] >= {RATIO}", "p[i, draft] < q[i, draft]")
)


@redefine("accept")
def own_draw_decides(draft, q, p, u):
    """You keep a guess by another rule. It stays while u is less than p / q: surely where the model likes it at least
    as much as the guesser, else by chance."""
    kept = []
    for i, token in enumerate(draft.tolist()):
        kept.append(sample(p[i][None], u[i : i + 1]).item())
        if kept[-1] != token:
            break
    return kept


@redefine("accept")
def likely_ones_stay(draft, q, p, u):
    """You keep a guess by another rule. It stays while u is less than p / q: surely where the model likes it at least
    as much as the guesser, else by chance."""
    return [token for token in draft.tolist() if p[-1, token] >= 0.1]


rows_one_too_far = mistake(
    """You take the rows of p one place too far. p[i] is what the model thinks at the place of guess i, p[γ] what follows
    all of them.""",
    replace("accept", RATIO, "p[i + 1, draft] / q[i, draft]"),
    replace("accept", REST, "(p[kept + 1] - q[kept]).clamp(min=0)"),
)

refused_token_kept = mistake(
    """You keep the refused guess, too. The token that is drawn comes in its place.""",
    replace("accept", "draft[:kept]", "draft[: kept + 1]"),
)

all_that_stay_counted = mistake(
    """You keep guesses that stand behind a refused one, or count them. They were guessed on a text that does not exist
    any more: all behind the first refused one go.""",
    replace("accept", FIRST, "n - len(refused)"),
)
up_to_the_last_refused = also(
    all_that_stay_counted, replace("accept", FIRST, "int(refused[-1]) if len(refused) else n")
)

bonus_from_the_row_before = mistake(
    """When all guesses stay you do not draw one token more from p[γ]. The pass has computed what comes behind them as
    well, and a token always comes last.""",
    replace("accept", "p[n] if kept == n", "p[n - 1] if kept == n"),
)
never_all_of_them = also(bonus_from_the_row_before, replace("accept", FIRST, "int(refused[0])"))
bonus_forgotten = also(
    bonus_from_the_row_before,
    replace("accept", f"return {RETURNED}", f"return {RETURNED}[:n] if kept == n else {RETURNED}"),
)
nothing_comes_last = also(
    bonus_from_the_row_before, replace("accept", f"return {RETURNED}", "return draft[:kept].tolist()")
)


@redefine("accept")
def greedy_throughout(draft, q, p, u):
    """You take the most probable tokens: a guess stays where it is one, and one comes last. Then nothing is drawn from
    p."""
    first = (draft != p[: len(draft)].argmax(dim=-1)).nonzero()
    kept = int(first[0]) if len(first) else len(draft)
    return [*draft[:kept].tolist(), int(p[kept].argmax())]


@redefine("accept")
def goes_on_after_refusal(draft, q, p, u):
    """You keep guesses that stand behind a refused one, or count them. They were guessed on a text that does not exist
    any more: all behind the first refused one go."""
    p, q, n = p.double(), q.double(), len(draft)
    i = torch.arange(n)
    stays = u[:n] < p[i, draft] / q[i, draft]
    rest = p[n] if stays.all() else (p[:n] - q)[~stays][0].clamp(min=0)
    return [*draft[stays].tolist(), sample((rest / rest.sum())[None], u[n:]).item()]


@redefine("accept")
def all_that_stay_alone(draft, q, p, u):
    """You keep guesses that stand behind a refused one, or count them. They were guessed on a text that does not exist
    any more: all behind the first refused one go."""
    i = torch.arange(len(draft))
    return draft[u[:-1] < p[i, draft].double() / q[i, draft]].tolist()


same_number_again = mistake(
    """Your last token is not drawn with u[γ]. Nor is it the most probable one, and the number that has refused a guess
    is not uniform any more: it was large enough for that.""",
    replace("accept", LAST, "sample((rest / rest.sum())[None], u[kept : kept + 1])"),
)
first_number_again = also(
    same_number_again, replace("accept", LAST, "sample((rest / rest.sum())[None], u[:1])")
)
most_probable_last = also(same_number_again, replace("accept", LAST, "rest.argmax()"))

guesses_only_counted = mistake(
    """Your sum is not 1 + alpha + … + alpha^gamma. The model itself draws one token, too, after a refusal or behind
    all guesses; at alpha = 1, where a formula may divide 0 by 0, that makes gamma + 1.""",
    replace("expected_tokens", "range(gamma + 1)", "range(1, gamma + 1)"),
)
last_term_forgotten = also(
    guesses_only_counted, replace("expected_tokens", "range(gamma + 1)", "range(gamma)")
)
nothing_by_nothing = also(
    guesses_only_counted, replace("expected_tokens", SUM, "(1 - alpha ** (gamma + 1)) / (1 - alpha)")
)
as_if_each_were_sure = also(guesses_only_counted, replace("expected_tokens", SUM, "1 + alpha * gamma"))
guesses_that_stay_alone = also(guesses_only_counted, replace("expected_tokens", SUM, "alpha * gamma"))
one_term_too_many = also(
    guesses_only_counted, replace("expected_tokens", "range(gamma + 1)", "range(gamma + 2)")
)
nothing_where_all_stay = also(
    guesses_only_counted,
    replace("expected_tokens", SUM, "(1 - alpha ** (gamma + 1)) / (1 - alpha + 1e-9)"),
)
all_guesses_and_none_more = also(
    guesses_only_counted, replace("expected_tokens", SUM, f"gamma if alpha == 1 else {SUM}")
)
one_where_all_stay = also(
    guesses_only_counted, replace("expected_tokens", SUM, f"1 if alpha == 1 else {SUM}")
)

just_before_left_out = mistake(
    """Your search leaves out a place, or looks at one too many. A run may begin with the first token of the text, at 0,
    and may end one place before the last token does; the end itself, behind which nothing stands, is none.""",
    replace("lookup", STARTS, "range(len(tokens) - size - 2, -1, -1)"),
)
finds_itself = also(just_before_left_out, replace("lookup", STARTS, "range(len(tokens) - size, -1, -1)"))
front_left_out = also(just_before_left_out, replace("lookup", STARTS, "range(len(tokens) - size - 1, 0, -1)"))

shortest_first = mistake(
    """You do not look for all runs, the longest first. It tells most: begin with n tokens, then look for fewer, down
    to one.""",
    replace("lookup", SIZES, "range(1, min(n, len(tokens) - 1) + 1)"),
)
whole_run_or_nothing = also(shortest_first, replace("lookup", SIZES, "range(n, n - 1, -1)"))
one_alone_left_out = also(
    shortest_first, replace("lookup", SIZES, "range(min(n, len(tokens) - 1), min(n - 1, 1), -1)")
)

first_occurrence = mistake(
    """You take the first occurrence. Take the latest: what the text is about now stands near its end.""",
    replace("lookup", STARTS, "range(len(tokens) - size)"),
)

FOLLOWED = "tokens[end : end + most]"

more_than_most = mistake(
    """Your guess is not what followed the run, or not as many tokens of it as are asked for. It begins behind the run; at
    most `most` come, and where fewer stand before the end of the text, those.""",
    replace("lookup", FOLLOWED, "tokens[end : end + most + 1]"),
)
all_that_followed = also(more_than_most, replace("lookup", FOLLOWED, "tokens[end:]"))
one_token_alone = also(more_than_most, replace("lookup", FOLLOWED, "tokens[end : end + 1]"))
run_itself_first = also(more_than_most, replace("lookup", FOLLOWED, "tokens[start : start + most]"))
run_itself_as_well = also(more_than_most, replace("lookup", FOLLOWED, "tokens[start : end + most]"))
one_place_behind = also(more_than_most, replace("lookup", FOLLOWED, "tokens[end + 1 : end + 1 + most]"))
goes_round = also(more_than_most, replace("lookup", FOLLOWED, "(tokens[end:] * most)[:most]"))
filled_to_most = also(more_than_most, replace("lookup", FOLLOWED, "[*tokens[end:], *[0] * most][:most]"))
where_all_follow = also(more_than_most, replace("lookup", STARTS, "range(len(tokens) - size - most, -1, -1)"))

nothing_returned = mistake(
    """Where there is no guess you return something else than a list without tokens: None, or a token.""",
    replace("lookup", "return []", "return None"),
)
last_one_again = also(nothing_returned, replace("lookup", "return []", "return tokens[-1:]"))
