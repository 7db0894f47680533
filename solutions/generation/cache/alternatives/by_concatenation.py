"""torch.cat with every token; what is cropped is cut off at once."""


class KVCache(KVCache):
    def append(self, layer, k, v):
        if self.keys[layer] is None:
            self.keys[layer], self.values[layer] = k.clone(), v.clone()
        else:
            self.keys[layer] = torch.cat([self.keys[layer], k], dim=2)
            self.values[layer] = torch.cat([self.values[layer], v], dim=2)
        self.lengths[layer] += k.shape[2]
        return self.keys[layer], self.values[layer]

    def crop(self, length):
        if length < 0 or length > self.length:
            raise ValueError("length")
        for layer in range(len(self.keys)):
            if self.keys[layer] is not None:
                self.keys[layer] = self.keys[layer][:, :, :length]
                self.values[layer] = self.values[layer][:, :, :length]
            self.lengths[layer] = length

    def select(self, rows):
        for layer, k in enumerate(self.keys):
            if k is not None:
                self.keys[layer] = k.index_select(0, rows)
                self.values[layer] = self.values[layer].index_select(0, rows)


def cache_bytes(n_layers, n_kv_heads, d_head, tokens, batch=1, bytes_per_number=2):
    if min(n_layers, n_kv_heads, d_head, tokens, batch, bytes_per_number) < 1:
        raise ValueError("sizes")
    total = 0
    for _ in ("key", "value"):
        total += bytes_per_number * d_head * n_kv_heads * n_layers
    return total * tokens * batch
