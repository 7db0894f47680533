"""What goes wrong in the exercise generate."""

from check import mistake, replace

prompt_only = mistake(
    """The model always reads the same prompt: your new tokens are returned, but never handed back to it. Look at what
    you give the model in the second step.""",
    replace("generate", "model(text)", "model(tokens)"),
)

newest_token_only = mistake(
    """You hand the model only the newest token. It predicts from the whole text: append the token, and hand over all
    of it.""",
    replace("generate", "model(text)", "model(text[:, -1:])"),
)

prompt_counted = mistake(
    """You count the prompt into max_new_tokens, so a long prompt gets no answer. New tokens are counted: look at the
    shape of the result for a prompt of three tokens.""",
    replace("generate", "tokens.shape[1] + max_new_tokens", "max_new_tokens"),
)

prediction_of_the_first_row = mistake(
    """You use the first row's prediction for all rows. Each row is a text of its own: look for an index 0 behind the
    model's call.""",
    replace("generate", "model(text)[:, -1]", "model(text)[:1, -1].expand(len(text), -1)"),
)

only_prompt_penalised = mistake(
    """Your penalty counts only the prompt and forgets the new tokens, so the model can repeat itself for ever. Look at
    which tokens you hand to filtered.""",
    replace("generate", "[:, -1], text,", "[:, -1], tokens,"),
)

generator_not_handed_on = mistake(
    """Your steps draw from torch's own generator, whatever generate was given. The same seed then gives another text:
    hand the generator to draw.""",
    replace("generate", "decoding), generator)", "decoding))"),
)

goes_on_after_eos = mistake(
    """Rows that ended early are filled with what the model says next. After its end a row holds nothing but eos: look
    at which rows have ended before you append.""",
    replace("generate", "new = new.masked_fill(ended, decoding.eos)", "pass"),
)

stops_with_the_first_row = mistake(
    """You stop as soon as one row has ended. Go on until all have: try two rows that end at different steps.""",
    replace("generate", "ended.all()", "ended.any()"),
)

eos_in_the_prompt = mistake(
    """An eos in the prompt ends your row before it begins. Only a new token can end it: look at which tokens you
    compare with eos.""",
    replace(
        "generate",
        "    while ",
        "    ended = ended | (tokens == (-1 if decoding.eos is None else decoding.eos)).any(dim=-1)\n    while ",
    ),
)

eos_zero_ignored = mistake(
    """You ask `if eos`, which is false for token 0 as well as for None. Only None means that no token ends a
    text: try eos=0.""",
    replace("generate", "decoding.eos is not None", "decoding.eos"),
)
