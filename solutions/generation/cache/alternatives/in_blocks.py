"""Room in whole blocks of four tokens; the numbers of all layers in one loop."""

import math


class KVCache(KVCache):
    def append(self, layer, k, v):
        n, T = self.lengths[layer], k.shape[2]
        if T == 0 and self.keys[layer] is None:
            return k, v
        for store, new in ((self.keys, k), (self.values, v)):
            if store[layer] is None or store[layer].shape[2] < n + T:
                B, G, _, K = new.shape
                room = torch.zeros(B, G, 4 * math.ceil((n + T) / 4), K, dtype=new.dtype, device=new.device)
                if n:
                    room[:, :, :n] = store[layer][:, :, :n]
                store[layer] = room
            store[layer][:, :, n : n + T] = new
        self.lengths[layer] = n + T
        return self.keys[layer].narrow(2, 0, n + T), self.values[layer].narrow(2, 0, n + T)

    def crop(self, length):
        if not 0 <= length <= self.lengths[-1]:
            raise ValueError("length")
        for layer in range(len(self.lengths)):
            self.lengths[layer] = length

    def select(self, rows):
        rows = rows.tolist()
        for store in (self.keys, self.values):
            for layer in range(len(store)):
                if store[layer] is not None:
                    store[layer] = torch.stack([store[layer][row] for row in rows])


def cache_bytes(n_layers, n_kv_heads, d_head, tokens, batch=1, bytes_per_number=2):
    sizes = [n_layers, n_kv_heads, d_head, tokens, batch, bytes_per_number]
    if any(size <= 0 for size in sizes):
        raise ValueError("sizes")
    return math.prod(sizes) * 2
