"""What students get wrong in generate_batch and extend."""

from check import also, mistake, redefine, replace

NEXT_POSITIONS = "positions[:, -1:] + 1"
MASK = "left_mask(lengths, T0, tokens.shape[1], cache.length + tokens.shape[1])"
EXTENDED = "extend(replies, ended, new.tolist(), stop)"
ENDED = "ended[i] or token in stop"

positions_start_anew = mistake(
    """Your new tokens stand at wrong positions. A prompt of n tokens ends at n - 1: its first new token stands at n,
    and each one place behind the token before it.""",
    replace("generate_batch", NEXT_POSITIONS, "torch.zeros_like(new[:, None])"),
)
positions_stay = also(positions_start_anew, replace("generate_batch", NEXT_POSITIONS, "positions[:, -1:]"))
positions_one_too_far = also(
    positions_start_anew,
    replace("generate_batch", NEXT_POSITIONS, f"{NEXT_POSITIONS} + (cache.length == T0)"),
)

logits_of_the_right = mistake(
    """You do not take the logits of the last place, but those at length - 1, as where the padding is on the right, or at 0.
    The newest token of each row stands at its end.""",
    replace(
        "generate_batch",
        "mask=mask)[:, -1]",
        "mask=mask)[torch.arange(len(new_ends := (lengths - 1).clamp(max=tokens.shape[1] - 1))), new_ends]",
    ),
)
logits_of_the_first = also(
    logits_of_the_right, replace("generate_batch", "mask=mask)[:, -1]", "mask=mask)[:, 0]")
)

positions_of_the_longest = mistake(
    """Your new tokens take their position from the cache's length, which counts the padding. Each row counts on from
    its own last position.""",
    replace("generate_batch", NEXT_POSITIONS, "torch.full_like(new[:, None], cache.length)"),
)

mask_at_first_only = mistake(
    """You mask the padding while the prompts are read, but not later: new tokens look at it. Every pass needs its
    mask.""",
    replace("generate_batch", f"mask = {MASK}", f"mask = {MASK} if cache.length == 0 else None"),
)

mask_not_renewed = mistake(
    """Your later passes get a mask that does not fit. Each needs its own: for the tokens that it reads, of all S keys
    that are there by then, those of the cache and the new ones.""",
    replace("generate_batch", f"mask = {MASK}", "mask = left_mask(lengths, T0, T0, T0)"),
)
mask_of_the_pass = also(
    mask_not_renewed,
    replace("generate_batch", MASK, "left_mask(lengths, T0, tokens.shape[1], tokens.shape[1])"),
)
mask_one_too_short = also(
    mask_not_renewed,
    replace("generate_batch", MASK, "left_mask(lengths, T0, tokens.shape[1], max(T0, cache.length))"),
)

stops_with_the_first_row = mistake(
    """Where one of your rows ends, others get nothing more. Go on until all have ended.""",
    replace("generate_batch", "all(ended)", "any(ended)"),
)
ends_all_at_once = also(
    stops_with_the_first_row,
    replace(
        "generate_batch",
        EXTENDED,
        f"if any(token in stop for token in new.tolist()):\n            break\n        {EXTENDED}",
    ),
)
stops_with_row_0 = also(stops_with_the_first_row, replace("generate_batch", "all(ended)", "ended[0]"))


@redefine("extend")
def rows_behind_it_wait(replies, ended, new, stop):
    """Where one of your rows ends, others get nothing more. Go on until all have ended."""
    for i, token in enumerate(new):
        ended[i] = ended[i] or token in stop
        if ended[i]:
            break
        replies[i].append(token)


ended_rows_grow = mistake(
    """In your batch a row that has ended goes on: what the model says after its stop token is added again. Remember in
    the list `ended` which rows have ended, and ask it.""",
    replace("extend", ENDED, "token in stop"),
)
ended_rows_not_asked = also(ended_rows_grow, replace("extend", "if not ended[i]:", "if token not in stop:"))

one_stop_only = mistake(
    """You look for one stop token. `stop` may hold several: ask whether the new one is among them.""",
    replace("extend", "token in stop", "token in sorted(stop)[:1]"),
)
another_stop_only = also(one_stop_only, replace("extend", "token in stop", "token in sorted(stop)[-1:]"))


@redefine("extend")
def stop_token_returned(replies, ended, new, stop):
    """You return the stop token as well. A row ends before it."""
    for i, token in enumerate(new):
        if not ended[i]:
            replies[i].append(token)
        ended[i] = ended[i] or token in stop


@redefine("extend")
def rows_filled_up(replies, ended, new, stop):
    """Your rows go on behind their stop token: with what the model says, with padding, or with that token again. Ask of
    each new number (a tensor is equal to none of a set) whether it is in `stop`: from there on its row gets nothing."""
    for i, token in enumerate(new):
        replies[i].append(token)
        ended[i] = ended[i] or token in stop


no_row_ends = also(
    rows_filled_up, replace("generate_batch", EXTENDED, "extend(replies, ended, list(new), stop)")
)
ends_at_the_padding = mistake(
    """A row of yours ends at `pad`, or a token counts for none where it is `pad`. It may be a real token:
    only `stop` ends a row, and only lengths say what is padding.""",
    replace("generate_batch", EXTENDED, "extend(replies, ended, new.tolist(), {*stop, pad})"),
)

neither_positions_nor_mask = mistake(
    """The model gets neither positions nor a mask from you. So it counts the padding, and looks at it.""",
    replace("generate_batch", ", positions=positions, mask=mask)", ")"),
)


@redefine("generate_batch")
def read_again_every_time(model, prompts, max_new_tokens, *, pad, stop=(), choose=None, device=None):
    """You read the whole text again for every new token. With the cache a pass reads only what is new: the prompts at
    first, then one token a row."""
    text, lengths = left_pad(prompts, pad)
    T0, replies, ended = text.shape[1], [[] for _ in prompts], [False] * len(prompts)
    for _ in range(max_new_tokens):
        T, cache = text.shape[1], KVCache(model.n_layers)
        places = left_positions(lengths + T - T0, T)
        new = (choose or greedy)(
            model(text, cache=cache, positions=places, mask=left_mask(lengths, T0, T, T))[:, -1]
        )
        extend(replies, ended, new.tolist(), stop)
        if all(ended):
            break
        text = torch.cat([text, new[:, None]], dim=1)
    return replies


read_into_the_cache_again = also(
    read_again_every_time,
    replace(
        "generate_batch",
        f"tokens, positions = new[:, None], {NEXT_POSITIONS}",
        f"tokens, positions = (torch.cat(x, dim=1) for x in ((tokens, new[:, None]), (positions, {NEXT_POSITIONS})))",
    ),
)

never_ends_early = mistake(
    """You make passes when all rows have ended. Nobody wants their tokens: leave the loop.""",
    replace("generate_batch", "all(ended)", "False"),
)

one_too_many = mistake(
    """Your replies are longer or shorter than was asked for. They have at most max_new_tokens tokens, all of them new:
    the prompt is not among them, and the first pass gives one, too.""",
    replace("generate_batch", "range(max_new_tokens)", "range(max_new_tokens + 1)"),
)
one_too_few = also(
    one_too_many, replace("generate_batch", "range(max_new_tokens)", "range(max_new_tokens - 1)")
)
prompt_returned = also(
    one_too_many,
    replace(
        "generate_batch",
        "return replies",
        "return [[*prompt, *reply] for prompt, reply in zip(prompts, replies, strict=True)]",
    ),
)
padding_returned = also(
    one_too_many,
    replace(
        "generate_batch",
        "return replies",
        "return [[*row, *reply] for row, reply in zip(left_pad(prompts, pad)[0].tolist(), replies, strict=True)]",
    ),
)

always_the_most_probable = mistake(
    """You take the most probable token yourself. Which one is taken is for `choose` to say.""",
    replace("generate_batch", "new = choose(", "new = greedy("),
)
