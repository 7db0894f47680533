"""What the exercise cache asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import Decoder

from check import probe


def drawn(rng, T, layer=0):
    """Return keys and values (2, 1, T, 1) of whole numbers, other ones for every layer."""
    k, v = rng.integers(1, 1000, 2, 2, 1, T, 1).float() + 1000 * layer
    return k, v


def rows_of(k, v, S):
    """Return what came back for S tokens, as rows of whole numbers; how many there are too many does not matter."""
    rows = {"keys": k.flatten(1).long(), "values": v.flatten(1).long()}
    return {
        name: x if x.shape[1] <= S else torch.cat([x[:, :S], x[:, :1] * 0 - 1], dim=1)
        for name, x in rows.items()
    }


def stored(lib, cache, S, layer=0):
    """Return what a layer holds, B rows of S tokens, by appending nothing."""
    return rows_of(*cache.append(layer, torch.zeros(2, 1, 0, 1), torch.zeros(2, 1, 0, 1)), S)


@probe(exercise="cache", points=2)
def appended(lib, rng):
    """A layer gives back all of its own keys and values, the old ones first, and nothing else."""
    results = {}
    for name, pieces in {"one piece": (3,), "many": (2, 1, 4, 1), "one by one": (1,) * 5}.items():
        cache, layers = lib.kv_cache.KVCache(2), []
        for T in pieces:
            layers = [cache.append(layer, *drawn(rng, T, layer)) for layer in range(2)]
        results[name] = [rows_of(k, v, sum(pieces)) for k, v in layers]
    return results


@probe(exercise="cache", points=2)
def in_pieces(lib, rng):
    """Read in pieces, a text gives the logits that it gives when it is read at once."""
    model, results = Decoder(rng), {}
    # Only within a later piece does the order of the keys matter.
    for name, pieces in {"5 = 3 + 1 + 1": (3, 1, 1), "8 = 2 + 4 + 2": (2, 4, 2)}.items():
        cache, tokens = lib.kv_cache.KVCache(model.n_layers), rng.integers(0, 7, 2, sum(pieces))
        results[name] = torch.cat([model(piece, cache=cache) for piece in tokens.split(pieces, dim=1)], dim=1)
    return results


@probe(exercise="cache", points=1)
def cropped(lib, rng):
    """After crop the first tokens are there, in every layer, and new ones come behind them."""
    results = {}
    for name, (length, kept) in {"most go": (9, 2), "one goes": (5, 4), "all go": (4, 0)}.items():
        cache = lib.kv_cache.KVCache(2)
        for layer in range(2):
            cache.append(layer, *drawn(rng, length, layer))
        cache.crop(kept)
        counted = [cache.length]
        for layer in range(2):
            cache.append(layer, *drawn(rng, 2, layer))
        results[name] = [stored(lib, cache, kept + 2, layer) for layer in range(2)] + [counted, cache.length]
    return results


@probe(exercise="cache", points=1)
def selected(lib, rng):
    """Rows change their order, with their keys and their values; a row may be taken twice."""
    cache = lib.kv_cache.KVCache(2)
    for layer in range(2):
        cache.append(layer, *rng.integers(1, 1000, 2, 4, 1, 3, 1).float())
    twice = rng.integer(1, 3)
    cache.select(torch.tensor([3, twice, twice, 0]))  # row 0 is taken after it has become another
    layers = [cache.append(layer, *rng.integers(1, 1000, 2, 4, 1, 1, 1).float()) for layer in range(2)]
    return [rows_of(k, v, 4) for k, v in layers]


@probe(exercise="cache", points=1)
def own_numbers(lib, rng):
    """When the caller's tensor is changed afterwards, the cache is not."""
    cache = lib.kv_cache.KVCache(1)
    k, v = drawn(rng, 3)
    cache.append(0, k, v)
    k += 5000
    v += 5000
    return stored(lib, cache, 3)


@probe(exercise="cache", points=1)
def bytes_of_a_cache(lib, rng):
    """A key and a value of each token, in each layer, for each shared head, in every text of the batch."""
    least = {"n_layers": 2, "n_kv_heads": 2, "d_head": 3, "tokens": 5, "batch": 3, "bytes_per_number": 3}
    sizes = {name: size + rng.integer(3, 90) for name, size in least.items()}
    needed = {name: sizes[name] + 1 for name in ("n_layers", "n_kv_heads", "d_head", "tokens")}
    times = rng.integer(3, 9)
    whole, part = lib.kv_cache.cache_bytes(**sizes), lib.kv_cache.cache_bytes(**needed)
    # In whatever larger units, it is less than a thousand.
    results = {"no others": part if part >= 1000 else 0, "all sizes": whole / part}
    for name, size in sizes.items():
        results[f"more {name}"] = lib.kv_cache.cache_bytes(**{**sizes, name: times * size}) / whole
    return results
