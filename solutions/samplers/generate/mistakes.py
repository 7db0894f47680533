"""What goes wrong in the exercise generate."""

from check import mistake, replace

every_position_kept = mistake(
    """You hand on the logits of all positions, (B, t, V). Only the last position's say what follows the text: take
    them out of what the model gives.""",
    replace("generate", "model(text)[:, -1]", "model(text)"),
)

newest_token_only = mistake(
    """You hand the model only the newest token. It predicts from the whole text: append the token, and hand over all
    of it.""",
    replace("generate", "model(text)", "model(text[:, -1:])"),
)

new_tokens_only = mistake(
    """You return only the new tokens. The prompt is part of the text: look at the shape of the result for a prompt of
    three tokens.""",
    replace("generate", "return text", "return text[:, tokens.shape[1] :]"),
)

prompt_counted = mistake(
    """You count the prompt into max_new_tokens, so a long prompt gets no answer. New tokens are counted: look at the
    shape of the result for a prompt of three tokens.""",
    replace("generate", "tokens.shape[1] + max_new_tokens", "max_new_tokens"),
)

only_prompt_penalised = mistake(
    """Your penalty counts only the prompt and forgets the new tokens, so the model can repeat itself for ever.
    Look at which tokens you hand to filtered.""",
    replace("generate", "[:, -1], text,", "[:, -1], tokens,"),
)

generator_not_handed_on = mistake(
    """Your steps draw from torch's own generator, whatever generate was given. The same seed then gives another text:
    hand the generator to draw.""",
    replace("generate", "decoding), generator)", "decoding))"),
)

ends_forgotten = mistake(
    """Your rows go on after their eos, and the loop with them. Rows end at different steps: keep for each whether
    it has ended, fill up those that have, and stop when all have.""",
    replace(
        "generate",
        "            new = new.masked_fill(ended, decoding.eos)\n            ended = ended | (new == decoding.eos)\n",
        "            pass\n",
    ),
)

goes_on_after_eos = mistake(
    """Rows that ended early are filled with what the model says next. After its end a row holds nothing but eos: look
    at which rows have ended before you append.""",
    replace("generate", "new = new.masked_fill(ended, decoding.eos)", "pass"),
)

padded_with_zero = mistake(
    """You fill up rows that have ended with token 0. There is no padding here: after its end a row holds nothing but
    eos.""",
    replace("generate", "new.masked_fill(ended, decoding.eos)", "new.masked_fill(ended, 0)"),
)

last_eos_missing = mistake(
    """The eos that ends the last row is missing from your text: you leave the loop before you append it. Append
    first, then stop.""",
    replace(
        "generate",
        "            ended = ended | (new == decoding.eos)\n",
        "            ended = ended | (new == decoding.eos)\n            if ended.all():\n                break\n",
    ),
)

eos_in_the_prompt = mistake(
    """An eos in the prompt ends your row before it begins. Only a new token can end it: look at which tokens you
    compare with eos.""",
    replace(
        "generate",
        "            new = new.masked_fill(ended, decoding.eos)\n",
        "            ended = ended | (text == decoding.eos).any(dim=-1)\n"
        "            new = new.masked_fill(ended, decoding.eos)\n",
    ),
)

eos_zero_ignored = mistake(
    """You ask `if eos`, which is false for token 0 as well as for None. Only None means that no token ends a
    text: try eos=0.""",
    replace("generate", "decoding.eos is not None", "decoding.eos"),
)
