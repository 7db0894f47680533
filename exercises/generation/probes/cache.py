"""What the exercise cache asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import Decoder

from check import probe, value_or


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


def read(lib, layers):
    """Return a cache that has read these keys and values of each layer."""
    cache = lib.kv_cache.KVCache(2)
    for layer, (k, v) in enumerate(layers):
        cache.append(layer, k, v)
    return cache


def read_on(cache, layers, S):
    """Return as one row how long a cache is, and which S tokens it gives back when it reads on."""
    row = [torch.tensor([cache.length])]
    for layer, (k, v) in enumerate(layers):
        row += [x.flatten() for x in rows_of(*cache.append(layer, k, v), S).values()]
    return torch.cat([*row, torch.tensor([cache.length])])


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


def as_if(rng, cache, other, layers, S):
    """Return what a cache gives back when it reads on; where another one gives something else, one value for whatever it is."""
    got, wanted = (value_or(torch.zeros(1), read_on, x, layers, S) for x in (cache, other))
    return got if torch.equal(got, wanted) else torch.tensor([-rng.integer(1, 10**6)])


@probe(exercise="cache", points=1)
def cropped(lib, rng):
    """After crop the first tokens are there, in every layer, and new ones come behind them, as if no more had been read."""
    results = {}
    for name, (length, kept) in {"most go": (9, 2), "one goes": (5, 4), "all go": (4, 0)}.items():
        old, new = ([drawn(rng, T, layer) for layer in range(2)] for T in (length, 2))
        cache = read(lib, old)
        other = read(lib, [(k[:, :, :kept], v[:, :, :kept]) for k, v in (old if kept else [])])
        value_or(None, cache.crop, kept)
        results[name] = as_if(rng, cache, other, new, kept + 2)
    return results


@probe(exercise="cache", points=1)
def selected(lib, rng):
    """Rows change their order, with their keys and their values, as if they had been read so; a row may be taken twice."""
    old, new = ([rng.integers(1, 1000, 2, 4, 1, T, 1).float() for _ in range(2)] for T in (3, 1))
    twice = rng.integer(1, 3)
    rows = torch.tensor([3, twice, twice, 0])  # row 0 is taken after it has become another
    cache, other = read(lib, old), read(lib, [x[:, rows] for x in old])
    value_or(None, cache.select, rows)
    return as_if(rng, cache, other, new, 4)


@probe(exercise="cache", points=1)
def own_numbers(lib, rng):
    """When the caller's tensor is changed afterwards, the cache is not."""
    cache = lib.kv_cache.KVCache(1)
    k, v = drawn(rng, 3)
    cache.append(0, k, v)
    k += 5000
    v += 5000
    return rows_of(*cache.append(0, *drawn(rng, 1)), 4)


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
