"""What students get wrong in generate_batch and extend."""

from check import mistake, redefine, replace

NEXT_POSITIONS = "positions[:, -1:] + 1"
MASK = "left_mask(lengths, T0, tokens.shape[1], cache.length + tokens.shape[1])"
EXTENDED = "extend(replies, ended, new.tolist(), stop)"
ENDED = "ended[i] or token in stop"

positions_start_anew = mistake(
    """Your new tokens all stand at position 0, as if each began a text. They count on from the token before.""",
    replace("generate_batch", NEXT_POSITIONS, "torch.zeros_like(new[:, None])"),
)

positions_of_the_longest = mistake(
    """Your new tokens take their position from the cache's length, which counts the padding. Each row counts on from its
    own last position.""",
    replace("generate_batch", NEXT_POSITIONS, "torch.full_like(new[:, None], cache.length)"),
)

mask_at_first_only = mistake(
    """You mask the padding while the prompts are read, but not later: new tokens look at it. Every pass needs its mask.""",
    replace("generate_batch", f"mask = {MASK}", f"mask = {MASK} if cache.length == 0 else None"),
)

stops_with_the_first_row = mistake(
    """You stop all rows with the first that ends. Go on until all have ended.""",
    replace("generate_batch", "all(ended)", "any(ended)"),
)

ended_rows_grow = mistake(
    """In your batch a row that has ended goes on: what the model says after its stop token is added again. Remember which
    rows have ended.""",
    replace("extend", ENDED, "token in stop"),
)


@redefine("extend")
def stop_token_returned(replies, ended, new, stop):
    """You return the stop token as well. A row ends before it."""
    for i, token in enumerate(new):
        if not ended[i]:
            replies[i].append(token)
        ended[i] = ended[i] or token in stop


pad_taken_for_stop = mistake(
    """You end a row where it says `pad`. That id may be a real token: only those in `stop` end a row.""",
    replace("generate_batch", EXTENDED, "extend(replies, ended, new.tolist(), {*stop, pad})"),
)

one_stop_only = mistake(
    """You look for one stop token. `stop` may hold several: ask whether the token is among them.""",
    replace("extend", ENDED, "ended[i] or token in sorted(stop)[:1]"),
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


one_too_many = mistake(
    """Your replies have one token more than was asked for. At most max_new_tokens are new.""",
    replace("generate_batch", "range(max_new_tokens)", "range(max_new_tokens + 1)"),
)

always_the_most_probable = mistake(
    """You take the most probable token yourself. Which one is taken is for `choose` to say.""",
    replace("generate_batch", "new = choose(", "new = greedy("),
)
