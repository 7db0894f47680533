"""What students get wrong in get_batch."""

from check import also, mistake, replace

STARTS = "torch.randint(len(data) - context, (batch, 1), generator=generator)"
INDEX = "starts + torch.arange(context + 1)"
RETURN = "return windows[:, :-1], windows[:, 1:]"

last_window_lost = mistake(
    """The last window never comes. randint leaves out its upper end already, so the starts 0 to N - context - 1 are
    randint(N - context).""",
    replace("get_batch", "len(data) - context,", "len(data) - context - 1,"),
)

runs_over_the_end = mistake(
    """A start is drawn for which the text is too short: the window needs context tokens and one more, the target of the
    last. The largest start is N - context - 1.""",
    replace("get_batch", "len(data) - context,", "len(data) - context + 1,"),
)
slices_of_two_lengths = also(
    runs_over_the_end,
    replace("get_batch", "len(data) - context,", "len(data) - context + 1,"),
    replace(
        "get_batch", f"data[{INDEX}]", "torch.stack([data[s : s + context + 1] for s in starts.flatten()])"
    ),
)

not_shifted = mistake(
    """Your y is x itself, so that the model is asked for the token that it sees, and learns to copy. y begins one token
    later.""",
    replace("get_batch", RETURN, "return windows[:, :-1], windows[:, :-1]"),
)

global_generator = mistake(
    """Your starts do not come from the generator that was handed in, but from torch's own, or NumPy's, or Python's. Then a
    batch depends on whatever else has drawn numbers: draw by torch, and pass generator= on.""",
    replace("get_batch", ", generator=generator", ""),
)
generator_of_python = also(
    global_generator,
    replace(
        "get_batch",
        STARTS,
        '__import__("random").choices(range(len(data) - context), k=batch)\n    starts = torch.tensor(starts)[:, None]',
    ),
)

same_batch_each_time = mistake(
    """Each call gives the same batch. A generator that is made or seeded inside the function begins anew each time: draw
    from the one that is handed in, which moves on.""",
    replace("get_batch", "generator=generator", "generator=torch.Generator().manual_seed(0)"),
)

float_tokens = mistake(
    """Your tokens are floats, which is what torch.Tensor(…) makes of all numbers. An embedding looks up whole ones: x and y
    are int64.""",
    replace("get_batch", ".long()", ".float()"),
)

only_multiples = mistake(
    """Your windows begin at multiples of context alone. Every token may begin a window: draw the start from all
    N - context places.""",
    replace(
        "get_batch",
        STARTS,
        "context * torch.randint(\n        (len(data) - 1) // context, (batch, 1), generator=generator\n    )",
    ),
)

without_putting_back = mistake(
    """You draw your starts without putting them back, as cards from a pack, so that a batch cannot have more rows than the
    text has starts. Each row's start is drawn from all of them, and two rows may have the same.""",
    replace("get_batch", STARTS, "torch.randperm(len(data) - context, generator=generator)[:batch, None]"),
)
numpy_without_putting_back = also(
    without_putting_back,
    replace(
        "get_batch",
        STARTS,
        '__import__("numpy").random.choice(len(data) - context, batch, replace=False)\n    starts = torch.tensor(starts)[:, None]',
    ),
)
