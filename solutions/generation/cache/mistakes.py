"""What students get wrong in KVCache and cache_bytes."""

from check import also, mistake, redefine, replace

RETURNED = "return keys[:, :, :end], values[:, :, :end]"
COUNTED = "self.lengths[layer] = end"
CROPPED = "self.lengths = [length] * len(self.lengths)"
OLD_ROOM = (
    "(lambda old, larger: larger if old is None else old)(self.{0}[layer], put(self.{0}[layer], {1}, start))"
)
PRODUCT = "2 * n_layers * n_kv_heads * d_head * tokens * batch * bytes_per_number"


def joined(dim):
    """Return what makes append join old and new by torch.cat, along this axis."""
    cat = f"{{1}}.clone() if self.{{0}}[layer] is None else torch.cat((self.{{0}}[layer], {{1}}), dim={dim})"
    return (
        replace("KVCache.append", "put(self.keys[layer], k, start)", cat.format("keys", "k")),
        replace("KVCache.append", "put(self.values[layer], v, start)", cat.format("values", "v")),
        replace("KVCache.append", COUNTED, f"self.lengths[layer] = keys.shape[{dim}]"),
        replace("KVCache.append", RETURNED, "return keys, values"),
    )


@redefine("KVCache.append")
def callers_tensors_kept(self, layer, k, v):
    """Your cache keeps the caller's own tensor, as the first piece or as a view of it. When that changes, so does the
    past: copy it."""
    if self.lengths[layer]:
        n = self.lengths[layer]
        k, v = (torch.cat((x[layer][:, :, :n], y), dim=2) for x, y in ((self.keys, k), (self.values, v)))
    self.keys[layer], self.values[layer], self.lengths[layer] = k, v, k.shape[2]
    return k, v


whole_room_returned = mistake(
    """You return more than the S tokens that are left: the room behind the last one, or what was cropped. Attention
    would look at it.""",
    replace("KVCache.append", RETURNED, "return keys, values"),
)
forgotten_ones_returned = also(whole_room_returned, *joined(dim=2))

new_alone_returned = mistake(
    """What was read before is lost: each pass gets the new keys and values alone. Return all S of them, from one cache
    for all passes, whose `lengths` grow.""",
    replace("KVCache.append", RETURNED, "return k, v"),
)
lengths_not_counted = also(new_alone_returned, replace("KVCache.append", COUNTED, "pass"))

nothing_given_back = mistake(
    """Your append returns nothing. Attention looks at what it returns: the keys and the values of all S tokens.""",
    replace("KVCache.append", RETURNED, "return None"),
    forgiven=False,  # whoever has written nothing returns nothing
)
first_token_not_kept = mistake(
    """Of its first pass your cache gives all tokens back, but does not keep the first one: no later pass sees it. Keep
    all T.""",
    replace("KVCache.append", "k, start)", "k[:, :, start == 0 :], start)"),
    replace("KVCache.append", "v, start)", "v[:, :, start == 0 :], start)"),
    replace("KVCache.append", COUNTED, "self.lengths[layer] = end - (start == 0)"),
    replace("KVCache.append", RETURNED, "return (keys[:, :, :end], values[:, :, :end]) if start else (k, v)"),
    forgiven=False,  # a batch of prompts of which one token is missing is as easy
)

joined_along_the_heads = mistake(
    """You join old and new along the wrong axis. Of (B, G, T, K) the third, dim 2, counts tokens.""",
    *joined(dim=1),
)
several_begin_anew = mistake(
    """When a pass brings several tokens your cache begins anew. They belong behind what is there, as one does.""",
    replace(
        "KVCache.append",
        "start, end = self.lengths[layer], self.lengths[layer] + k.shape[2]",
        "start = self.lengths[layer] if k.shape[2] == 1 else 0\n        end = start + k.shape[2]",
    ),
)

length_stays_zero = mistake(
    """You put the new tokens behind the old, but `lengths` of your cache does not grow. Where the next token stands,
    and what crop may keep, is taken from there.""",
    *(one for one in joined(dim=2) if one.old != COUNTED),
    replace("KVCache.append", COUNTED, "pass"),
)

larger_room_dropped = mistake(
    """You drop what `put` returns. When the room is full it makes a larger one: keep that.""",
    replace("KVCache.append", "put(self.keys[layer], k, start)", OLD_ROOM.format("keys", "k")),
    replace("KVCache.append", "put(self.values[layer], v, start)", OLD_ROOM.format("values", "v")),
)

crop_takes_so_many_away = mistake(
    """Your crop does not leave the first `length` tokens in every layer. It says how many stay; what was refused stands
    at the end, and goes.""",
    replace("KVCache.crop", "[length] * len(self.lengths)", "[n - length for n in self.lengths]"),
)
so_many_from_the_end = also(
    crop_takes_so_many_away,
    replace(
        "KVCache.crop", "[length] * len(self.lengths)", "[(n - length) * (length > 0) for n in self.lengths]"
    ),
)
nothing_cropped = also(crop_takes_so_many_away, replace("KVCache.crop", CROPPED, "pass"))
crop_keeps_the_end = also(
    crop_takes_so_many_away,
    replace(
        "KVCache.crop",
        CROPPED,
        """n = self.length
        self.keys = [x[:, :, n - length : n] for x in self.keys]
        self.values = [x[:, :, n - length : n] for x in self.values]
        self.lengths = [length] * len(self.lengths)""",
    ),
)

one_layer_cropped = also(
    crop_takes_so_many_away,
    replace("KVCache.crop", "[length] * len(self.lengths)", "[*self.lengths[:-1], length]"),
)

values_not_selected = mistake(
    """Your select does not make the values of row i those of row rows[i]. Reorder them as you do the keys, and from
    themselves: else a row attends by its own keys to other values.""",
    replace("KVCache.select", "else v[rows]", "else v"),
)

values_from_the_keys = also(
    values_not_selected,
    replace(
        "KVCache.select",
        "[v if v is None else v[rows] for v in self.values]",
        "[k if k is None else k[rows] for k in self.keys]",
    ),
)

nothing_selected = mistake(
    """Your select changes nothing. `k[rows]` is a new tensor: put it where the old one was.""",
    replace("KVCache.select", "k if k is None else k[rows]", "k"),
    replace("KVCache.select", "v if v is None else v[rows]", "v"),
)


@redefine("KVCache.select")
def selected_backwards(self, rows):
    """You send row i to place rows[i]. It is the other way round: row i becomes what row rows[i] was."""
    for store in (self.keys, self.values):
        for layer, old in enumerate(store):
            if old is not None:
                store[layer] = old.clone()
                store[layer][rows] = old


keys_only_counted = mistake(
    """You count one number for each place of a head. A token leaves a key *and* a value.""",
    replace("cache_bytes", PRODUCT, PRODUCT.removeprefix("2 * ")),
)

size_left_out = mistake(
    """One or more of the sizes change nothing in your bytes; the case says which. A cache has a key and a value of each
    token, in each layer, for each shared head, in every text, and each number takes `bytes_per_number`.""",
    replace("cache_bytes", " * batch", ""),
)
numbers_counted = also(size_left_out, replace("cache_bytes", " * bytes_per_number", ""))
layers_left_out = also(size_left_out, replace("cache_bytes", "2 * n_layers", "2"))
two_bytes_always = also(size_left_out, replace("cache_bytes", " * bytes_per_number", " * 2"))
four_bytes_always = also(size_left_out, replace("cache_bytes", " * bytes_per_number", " * 4"))
two_bytes_one_text = also(size_left_out, replace("cache_bytes", "batch * bytes_per_number", "2"))
four_bytes_one_text = also(size_left_out, replace("cache_bytes", "batch * bytes_per_number", "4"))
four_bytes_one_layer = also(
    size_left_out, replace("cache_bytes", PRODUCT, "2 * n_kv_heads * d_head * tokens * batch * 4")
)
one_layer_one_text = also(
    size_left_out, replace("cache_bytes", PRODUCT, "2 * n_kv_heads * d_head * tokens * bytes_per_number")
)
numbers_of_one_layer_and_text = also(
    size_left_out, replace("cache_bytes", PRODUCT, "2 * n_kv_heads * d_head * tokens")
)

mebibytes_counted = mistake(
    """Your number is not that of bytes. Do not divide it by 1024², or whatever makes larger units of them.""",
    replace("cache_bytes", PRODUCT, f"{PRODUCT} / 1024**2"),
)
