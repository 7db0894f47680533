"""What students get wrong in KVCache and cache_bytes."""

from check import mistake, redefine, replace

RETURNED = "return keys[:, :, :end], values[:, :, :end]"
COUNTED = "self.lengths[layer] = end"
CROPPED = "self.lengths = [length] * len(self.lengths)"
PRODUCT = "2 * n_layers * n_kv_heads * d_head * tokens * batch * bytes_per_number"


@redefine("KVCache.append")
def callers_tensors_kept(self, layer, k, v):
    """Your cache keeps the caller's own tensor, as the first piece or as a view of it. When that changes, so does the
    past: copy it."""
    if self.lengths[layer]:
        n = self.lengths[layer]
        k, v = (torch.cat((x[layer][:, :, :n], y), dim=2) for x, y in ((self.keys, k), (self.values, v)))
    self.keys[layer], self.values[layer], self.lengths[layer] = k, v, k.shape[2]
    return k, v


@redefine("KVCache.append")
def new_before_old(self, layer, k, v):
    """Your new keys come before the old ones. A key's place in the cache is its place in the text, and the mask counts on
    it: new ones belong behind."""
    n = self.lengths[layer]
    if n:
        k, v = (torch.cat((y, x[layer][:, :, :n]), dim=2) for x, y in ((self.keys, k), (self.values, v)))
    self.keys[layer], self.values[layer], self.lengths[layer] = k.clone(), v.clone(), k.shape[2]
    return self.keys[layer], self.values[layer]


whole_room_returned = mistake(
    """You return the whole room, also what stands behind the last token: zeros, or what was cropped. Attention would look
    at it. Return the first S tokens.""",
    replace("KVCache.append", RETURNED, "return keys, values"),
)


@redefine("KVCache.append")
def one_store_for_all_layers(self, layer, k, v):
    """All your layers write behind each other into one store. Every layer has keys and values of its own, and looks at no
    other's."""
    start = sum(self.lengths)
    self.keys = [put(self.keys[0], k, start)] * len(self.keys)
    self.values = [put(self.values[0], v, start)] * len(self.values)
    self.lengths[layer] += k.shape[2]
    end = sum(self.lengths)
    return self.keys[layer][:, :, :end], self.values[layer][:, :, :end]


length_counts_layers = mistake(
    """Your length grows with every layer that appends. All layers read the same tokens: count those of one layer, the one
    that appends.""",
    replace("KVCache.append", COUNTED, "self.lengths = [n + k.shape[2] for n in self.lengths]"),
)

crop_keeps_the_end = mistake(
    """Your crop keeps the last tokens and forgets the first. What was refused stands at the end, and goes.""",
    replace(
        "KVCache.crop",
        CROPPED,
        """n = self.length
        self.keys = [x[:, :, n - length : n] for x in self.keys]
        self.values = [x[:, :, n - length : n] for x in self.values]
        self.lengths = [length] * len(self.lengths)""",
    ),
)

crop_takes_so_many_away = mistake(
    """Your crop takes `length` tokens away. It keeps so many: afterwards the cache has this length.""",
    replace("KVCache.crop", "[length] * len(self.lengths)", "[n - length for n in self.lengths]"),
)

one_layer_cropped = mistake(
    """Your crop shortens one layer only. Every layer has keys and values of its own: crop them all.""",
    replace("KVCache.crop", "[length] * len(self.lengths)", "[*self.lengths[:-1], length]"),
)

values_not_selected = mistake(
    """Your select reorders the keys, but not the values. Then each row attends by its own keys to another row's
    values.""",
    replace("KVCache.select", "else v[rows]", "else v"),
)

keys_only_counted = mistake(
    """You count one number for each place of a head. A token leaves a key *and* a value.""",
    replace("cache_bytes", PRODUCT, PRODUCT.removeprefix("2 * ")),
)

numbers_counted = mistake(
    """You count numbers, not bytes. Each number takes `bytes_per_number` of them, 2 unless something else is said.""",
    replace("cache_bytes", " * bytes_per_number", ""),
)
