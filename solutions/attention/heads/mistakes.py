"""What students get wrong in MultiHeadAttention.forward."""

from check import also, mistake, replace

FORWARD = "MultiHeadAttention.forward"
CALLED = "attend(q, k, v, mask)"
JOINED = "mixed_BHTK.transpose(1, 2).flatten(start_dim=2)"


def split(name, source, heads="n_kv_heads"):
    """Return how the reference splits one projection into heads."""
    return f"self.{name}({source}).unflatten(-1, (self.{heads}, self.d_head)).transpose(1, 2)"


QUERIES, KEYS, VALUES = split("query", "x", "n_heads"), split("key", "source"), split("value", "source")


def by_reshape(text):
    """Return a split that only counts the axes anew."""
    projected, heads = text.split(".unflatten")[0], text.split("(self.")[1].split(",")[0]
    return replace(FORWARD, text, f"{projected}.reshape(len(x), self.{heads}, -1, self.d_head)")


heads_by_reshape = mistake(
    """Your heads are not (B, H, T, K), each with K neighbouring features of every token. A reshape or a view
    alone deals out the numbers in memory order, and without a transpose heads stand where tokens should. Split
    the last axis into H times K, then exchange two axes.""",
    *(by_reshape(text) for text in (QUERIES, KEYS, VALUES)),
)
heads_by_reshape_there_and_back = also(
    heads_by_reshape,
    *(by_reshape(text) for text in (QUERIES, KEYS, VALUES)),
    replace(FORWARD, JOINED, "mixed_BHTK.reshape(x.shape)"),
)
heads_behind_tokens = also(
    heads_by_reshape,
    *(replace(FORWARD, text, text.replace(".transpose(1, 2)", "")) for text in (QUERIES, KEYS, VALUES)),
    replace(FORWARD, "k.repeat_interleave(shared, dim=1)", "k.repeat_interleave(shared, dim=2)"),
    replace(FORWARD, "v.repeat_interleave(shared, dim=1)", "v.repeat_interleave(shared, dim=2)"),
    replace(FORWARD, JOINED, "mixed_BHTK.flatten(start_dim=2)"),
)
features_dealt_out = also(
    heads_by_reshape,
    *(
        replace(
            FORWARD,
            text,
            f"{text.split('.unflatten')[0]}.unflatten(-1, (self.d_head, -1)).permute(0, 3, 1, 2)",
        )
        for text in (QUERIES, KEYS, VALUES)
    ),
    replace(FORWARD, JOINED, "mixed_BHTK.permute(0, 2, 3, 1).flatten(start_dim=2)"),
)

heads_joined_by_reshape = mistake(
    """You join the heads with a reshape alone, so a token's output holds pieces of other tokens. The heads'
    results are (B, H, T, K): bring H next to K before you merge the two.""",
    replace(FORWARD, JOINED, "mixed_BHTK.reshape(x.shape)"),
)

no_output_projection = mistake(
    """You return the joined heads as they are, and no head's result can mix with another's. Which of the four
    projections have you not used?""",
    replace(FORWARD, "return self.out(", "return ("),
)

keys_and_values_exchanged = mistake(
    """You look up by the values and mix the keys. Keys say where to look, values what is found there: follow
    both from their projections to attend's arguments.""",
    replace(FORWARD, CALLED, "attend(q, v, k, mask)"),
)

context_ignored = mistake(
    """Your layer does not take both keys and values from the context, all of its S tokens, where there is one.
    Try two different contexts, longer than x, and compare.""",
    replace(FORWARD, "source = x if context is None else context", "source = x"),
)
keys_from_x = also(context_ignored, replace(FORWARD, KEYS, split("key", "x")))
values_from_x = also(context_ignored, replace(FORWARD, VALUES, split("value", "x")))

queries_from_context = mistake(
    """You take the queries from the context and read from x. It is x that asks: print the shape of your
    result, which has a row for each token of x.""",
    replace(FORWARD, "self.query(x)", "self.query(source)"),
    replace(FORWARD, "self.key(source)", "self.key(x)"),
    replace(FORWARD, "self.value(source)", "self.value(x)"),
)

mask_dropped = mistake(
    """Your forward takes a mask and never hands it to attend, so that masked and unmasked results are equal:
    look at how you call attend.""",
    replace(FORWARD, CALLED, "attend(q, k, v)"),
)

scaled_by_the_model = mistake(
    """Your scores are not q·k / √K with the width K of a head, D // H. attend takes care of that: hand it the
    queries as they are.""",
    replace(FORWARD, CALLED, "attend(q * (self.d_head / x.shape[-1]) ** 0.5, k, v, mask)"),
)

always_causal = mistake(
    """Your layer is causal of itself. Which tokens may be seen is for the caller's mask to say: try it without
    a mask, where every token sees every other.""",
    replace(
        FORWARD,
        f"mixed_BHTK = {CALLED}",
        "causal = causal_mask(q.shape[2], k.shape[2])\n"
        "        mixed_BHTK = attend(q, k, v, causal if mask is None else causal & mask)",
    ),
)
causal_without_a_mask = also(
    always_causal,
    replace(
        FORWARD,
        f"mixed_BHTK = {CALLED}",
        "causal = torch.ones(q.shape[2], k.shape[2]).tril() > 0\n"
        "        mixed_BHTK = attend(q, k, v, causal if mask is None else mask)",
    ),
)

groups_tiled = mistake(
    """You repeat the key/value heads as 0, 1, 0, 1. Neighbours share: with H=4 and G=2, query heads 0 and 1
    read from head 0, and 2 and 3 from head 1. Compare repeat with repeat_interleave.""",
    replace(
        FORWARD,
        "k.repeat_interleave(shared, dim=1), v.repeat_interleave(shared, dim=1)",
        "k.repeat(1, shared, 1, 1), v.repeat(1, shared, 1, 1)",
    ),
)

as_many_groups_as_heads = mistake(
    """You split keys and values into n_heads heads, but their projections hold n_kv_heads, which may be fewer.
    Split them into those, then repeat each for the query heads that share it.""",
    replace(FORWARD, KEYS, split("key", "source", "n_heads")),
    replace(FORWARD, VALUES, split("value", "source", "n_heads")),
)
