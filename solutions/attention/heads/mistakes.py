"""What students get wrong in MultiHeadAttention.forward."""

from check import mistake, replace

FORWARD = "MultiHeadAttention.forward"

heads_by_reshape = mistake(
    """You go from (B, T, D) to (B, H, T, K) by a reshape alone, which deals out the numbers in memory order:
    a head then holds features of several tokens. Split the last axis first, then exchange two axes.""",
    *(
        replace(
            FORWARD,
            f"self.{name}.unflatten(-1, (self.{heads}, self.d_head)).transpose(1, 2)",
            f"self.{name}.reshape(len(x), self.{heads}, -1, self.d_head)",
        )
        for name, heads in (
            ("query(x)", "n_heads"),
            ("key(source)", "n_kv_heads"),
            ("value(source)", "n_kv_heads"),
        )
    ),
)

heads_joined_by_reshape = mistake(
    """You join the heads with a reshape alone, so a token's output holds pieces of other tokens. The heads'
    results are (B, H, T, K): bring H next to K before you merge the two.""",
    replace(FORWARD, "mixed_BHTK.transpose(1, 2).flatten(start_dim=2)", "mixed_BHTK.reshape(x.shape)"),
)

no_output_projection = mistake(
    """You return the joined heads as they are, and no head's result can mix with another's. Which of the four
    projections have you not used?""",
    replace(FORWARD, "return self.out(", "return ("),
)

keys_and_values_exchanged = mistake(
    """You look up by the values and mix the keys. Keys say where to look, values what is found there: follow
    both from their projections to attend's arguments.""",
    replace(FORWARD, "attend(q, k, v, mask)", "attend(q, v, k, mask)"),
)

context_ignored = mistake(
    """Your layer never uses the context: with one, keys and values should come from there. Try two different
    contexts and compare.""",
    replace(FORWARD, "source = x if context is None else context", "source = x"),
)

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
    replace(FORWARD, "attend(q, k, v, mask)", "attend(q, k, v)"),
)

mask_with_new_axis = mistake(
    """You put another axis into the mask, for the heads. It broadcasts to (B, H, T, S) as it comes: hand it
    on, and try masks of the shapes (T, S) and (1, H, T, S).""",
    replace(FORWARD, "attend(q, k, v, mask)", "attend(q, k, v, mask if mask is None else mask.unsqueeze(1))"),
)

always_causal = mistake(
    """Your layer is always causal. Which tokens may be seen is for the caller's mask to say: try it without a
    mask, where every token sees every other.""",
    replace(
        FORWARD,
        "mixed_BHTK = attend(q, k, v, mask)",
        "causal = causal_mask(q.shape[2], k.shape[2])\n"
        "        mixed_BHTK = attend(q, k, v, causal if mask is None else causal & mask)",
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
