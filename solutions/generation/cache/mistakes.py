"""What students get wrong in KVCache and cache_bytes."""

import re

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


def swapped(new):
    """Return what makes append put the new tokens before the old."""
    return re.sub(r"\((self\.\w+\[layer\]), (\w)\)", r"(\2, \1)", new)


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
    """You return more than the S tokens that are there: the room behind the last one, too. Attention would look at
    it.""",
    replace("KVCache.append", RETURNED, "return keys, values"),
)

new_alone_returned = mistake(
    """What was read before is lost: each pass gets the new keys and values alone. Return all S of them, from one cache
    for all passes, whose `lengths` grow.""",
    replace("KVCache.append", RETURNED, "return k, v"),
)
lengths_not_counted = also(new_alone_returned, replace("KVCache.append", COUNTED, "pass"))

values_from_the_keys = mistake(
    """You mix up keys and values. k goes behind the keys and v behind the values, and both come back, in this order.""",
    replace("KVCache.append", "put(self.values[layer], v, start)", "put(self.values[layer], k, start)"),
)
keys_given_twice = also(
    values_from_the_keys, replace("KVCache.append", RETURNED, RETURNED.replace("values", "keys"))
)

layers_share_a_store = mistake(
    """Your layers share one store. Each has its own keys and values: those of layer 0 are not those of layer 1.""",
    replace("KVCache.append", "self.keys[layer] = put(self.keys[layer]", "self.keys[0] = put(self.keys[0]"),
    replace(
        "KVCache.append", "self.values[layer] = put(self.values[layer]", "self.values[0] = put(self.values[0]"
    ),
)

nothing_given_back = mistake(
    """Your append returns nothing. Attention looks at what it returns: the keys and the values of all S tokens.""",
    replace("KVCache.append", RETURNED, "return None"),
    forgiven=False,  # whoever has written nothing returns nothing
)
first_token_not_kept = mistake(
    """Of the T tokens that a pass brings your cache does not keep or count all: a later pass misses some. Each belongs
    behind those before it, whether they come alone or together.""",
    replace("KVCache.append", "k, start)", "k[:, :, start == 0 :], start)"),
    replace("KVCache.append", "v, start)", "v[:, :, start == 0 :], start)"),
    replace("KVCache.append", COUNTED, "self.lengths[layer] = end - (start == 0)"),
    replace("KVCache.append", RETURNED, "return (keys[:, :, :end], values[:, :, :end]) if start else (k, v)"),
    forgiven=False,  # a batch of prompts of which one token is missing is as easy
)
one_token_a_pass = mistake(
    first_token_not_kept.hint,
    replace("KVCache.append", "k, start)", "k[:, :, :1], start)"),
    replace("KVCache.append", "v, start)", "v[:, :, :1], start)"),
    replace("KVCache.append", "self.lengths[layer] + k.shape[2]", "self.lengths[layer] + min(1, k.shape[2])"),
)
one_token_counted = also(
    one_token_a_pass,
    replace("KVCache.append", "self.lengths[layer] + k.shape[2]", "self.lengths[layer] + min(1, k.shape[2])"),
)

joined_along_the_heads = mistake(
    """You join old and new along the wrong axis, or the new before the old. Of (B, G, T, K) the third, dim 2, counts
    tokens, and the oldest stand first.""",
    *joined(dim=1),
)
joined_along_the_width = also(joined_along_the_heads, *joined(dim=3))
new_before_old = also(
    joined_along_the_heads,
    *(replace(one.function, one.old, swapped(one.new)) for one in joined(dim=2)),
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
    """In your cache `lengths` does not say how many tokens each layer holds. It grows by T, in each layer by itself: where
    the next token stands, and what crop may keep, is taken from there.""",
    *(one for one in joined(dim=2) if one.old != COUNTED),
    replace("KVCache.append", COUNTED, "pass"),
)
length_of_the_pass = also(
    length_stays_zero,
    *(one for one in joined(dim=2) if one.old != COUNTED),
    replace("KVCache.append", COUNTED, "self.lengths[layer] = k.shape[2]"),
)
one_for_each_pass = also(
    length_stays_zero,
    *(one for one in joined(dim=2) if one.old != COUNTED),
    replace("KVCache.append", COUNTED, "self.lengths[layer] += 1"),
)
layers_share_a_count = also(
    length_stays_zero,
    replace(
        "KVCache.append",
        "start, end = self.lengths[layer], self.lengths[layer] + k.shape[2]",
        "start, end = max(self.lengths), max(self.lengths) + k.shape[2]",
    ),
    replace("KVCache.append", COUNTED, "self.lengths = [end] * len(self.lengths)"),
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
forgotten_ones_returned = also(crop_takes_so_many_away, *joined(dim=2))

nothing_selected = mistake(
    """Your select does not put what row rows[i] was, its keys and its values, at place i, in every layer. `k[rows]` takes
    rows in this order, some of them twice, as a new tensor: keep that where the old one was.""",
    replace("KVCache.select", "k if k is None else k[rows]", "k"),
    replace("KVCache.select", "v if v is None else v[rows]", "v"),
)
values_not_selected = also(nothing_selected, replace("KVCache.select", "else v[rows]", "else v"))

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
one_token_only = also(size_left_out, replace("cache_bytes", " * tokens", ""))
one_token_one_text = also(size_left_out, replace("cache_bytes", " * tokens * batch", ""))
heads_left_out = also(size_left_out, replace("cache_bytes", " * n_kv_heads", ""))
width_left_out = also(size_left_out, replace("cache_bytes", " * d_head", ""))
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
    """Your number is not the whole number of bytes. Do not divide it by 1024², or make whatever other units of them.""",
    replace("cache_bytes", PRODUCT, f"{PRODUCT} / 1024**2"),
)
kibibytes_counted = also(mebibytes_counted, replace("cache_bytes", PRODUCT, f"{PRODUCT} / 1024"))
bits_counted = also(mebibytes_counted, replace("cache_bytes", PRODUCT, f"{PRODUCT} * 8"))
bytes_as_a_fraction = also(mebibytes_counted, replace("cache_bytes", PRODUCT, f"float({PRODUCT})"))
