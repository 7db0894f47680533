"""The cache against transformers' own, and against concatenation; a decoder with it against the decoder without."""

import pytest
import torch
from transformers import DynamicCache

from lib.kv_cache import KVCache, cache_bytes, put
from tests.lib.cached_decoder import CachedDecoder


def new_tokens(T, seed, B=2, G=3, K=4, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    k, v = torch.randn(2, B, G, T, K, generator=generator).to(dtype)
    return k, v


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_append_crop_and_select_do_what_those_of_transformers_do(dtype):
    ours, theirs = KVCache(2), DynamicCache()
    steps = [("append", 5), ("append", 1), ("crop", 4), ("append", 2), ("select", [1, 1, 0]), ("append", 7)]
    for seed, (step, what) in enumerate(steps):
        if step == "crop":
            ours.crop(what)
            theirs.crop(what - theirs.get_seq_length())  # theirs takes how many go, as a negative number
        elif step == "select":
            ours.select(torch.tensor(what))
            theirs.batch_select_indices(torch.tensor(what))
        else:
            for layer in range(2):
                k, v = new_tokens(what, 10 * seed + layer, B=3 if seed == 5 else 2, dtype=dtype)
                for mine, their in zip(ours.append(layer, k, v), theirs.update(k, v, layer), strict=True):
                    assert mine.dtype == dtype
                    torch.testing.assert_close(mine, their, rtol=0, atol=0)
        assert ours.length == theirs.get_seq_length()


def test_the_cache_grows_without_copying_all_of_it_with_every_token():
    cache, rooms = KVCache(1), set()
    for seed in range(300):
        cache.append(0, *new_tokens(1, seed, B=1, G=1))
        rooms.add(cache.keys[0].data_ptr())
    assert cache.length == 300
    assert len(rooms) <= 10  # about log2 of 300; an address may be used twice


def test_the_cache_keeps_numbers_and_not_the_callers_tensors():
    cache, (k, v) = KVCache(1), new_tokens(3, 0)
    wanted = torch.cat([k, k], dim=2)
    cache.append(0, k, v)
    old = k.clone()
    k.fill_(99.0)
    assert torch.equal(cache.append(0, old, v)[0], wanted)


def test_length_is_that_of_the_last_layer():
    cache = KVCache(3)
    lengths = []
    for layer in range(3):
        cache.append(layer, *new_tokens(2, layer))
        lengths.append(cache.length)
    assert lengths == [0, 0, 2]


def test_values_may_have_another_width_than_keys_and_no_gradient_stays():
    cache, k, v = KVCache(1), torch.randn(1, 2, 3, 4, requires_grad=True), torch.randn(1, 2, 3, 7)
    keys, values = cache.append(0, k, v)
    assert (keys.shape, values.shape, keys.requires_grad) == ((1, 2, 3, 4), (1, 2, 3, 7), False)


def test_cropped_to_nothing_the_cache_starts_again():
    cache = KVCache(1)
    cache.crop(0)
    cache.append(0, *new_tokens(4, 1))
    cache.crop(0)
    k, v = new_tokens(2, 2)
    assert torch.equal(cache.append(0, k, v)[1], v)
    assert cache.append(0, k[:, :, :0], v[:, :, :0])[0].shape[2] == cache.length == 2


def test_put_writes_behind_what_is_there_in_place_where_there_is_room():
    room = put(None, torch.ones(1, 1, 3, 1), 0)
    assert room.shape[2] >= 3
    room = put(torch.zeros(1, 1, 8, 1), torch.ones(1, 1, 3, 1), 2)
    assert room.flatten()[:5].tolist() == [0, 0, 1, 1, 1]
    assert put(room, torch.ones(1, 1, 1, 1), 5).data_ptr() == room.data_ptr()


@pytest.mark.parametrize("pieces", [(7,), (1,) * 7, (2, 1, 4), (5, 2)])
def test_read_in_pieces_a_text_gives_the_same_logits(pieces):
    model, tokens = CachedDecoder(), torch.arange(14).view(2, 7)
    cache = KVCache(model.n_layers)
    with torch.no_grad():
        parts = [model(piece, cache=cache) for piece in tokens.split(pieces, dim=1)]
        torch.testing.assert_close(torch.cat(parts, dim=1), model(tokens), rtol=0, atol=1e-5)


def test_after_crop_and_select_a_text_goes_on_as_if_the_rest_had_never_been():
    model, cache = CachedDecoder(), KVCache(2)
    with torch.no_grad():
        model(torch.tensor([[1, 2, 3, 9, 9], [4, 5, 6, 9, 9]]), cache=cache)
        cache.crop(3)
        cache.select(torch.tensor([1, 0, 1]))
        logits = model(torch.tensor([[7], [8], [9]]), cache=cache)
        whole = model(torch.tensor([[4, 5, 6, 7], [1, 2, 3, 8], [4, 5, 6, 9]]))
    torch.testing.assert_close(logits[:, 0], whole[:, -1], rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("sizes", "wanted"),
    [
        ((32, 32, 128, 1), 524_288),  # Llama 2 7B: half a MiB a token
        ((32, 8, 128, 1), 131_072),  # Llama 3 8B
        ((32, 8, 128, 131_072), 16 * 2**30),
        ((30, 3, 64, 8192, 1, 4), 360 * 2**20),  # SmolLM2-135M in float32
        ((1, 1, 1, 1, 5, 1), 10),
    ],
)
def test_cache_bytes(sizes, wanted):
    assert cache_bytes(*sizes) == wanted


def test_the_bytes_are_those_that_a_cache_really_fills():
    cache, layers = KVCache(2), [new_tokens(5, 0, B=3, dtype=torch.bfloat16)] * 2
    filled = [cache.append(i, *kv) for i, kv in enumerate(layers)]
    assert sum(x.numel() * x.element_size() for kv in filled for x in kv) == cache_bytes(2, 3, 4, 5, batch=3)


@pytest.mark.parametrize("position", range(6))
def test_cache_bytes_refuses_a_size_below_one(position):
    sizes = [2, 2, 2, 2, 2, 2]
    sizes[position] = 0
    with pytest.raises(ValueError, match="=0 must be at least 1"):
        cache_bytes(*sizes)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="n_layers=0 must be at least 1"):
        KVCache(0)
    cache = KVCache(1)
    cache.append(0, *new_tokens(2, 0))
    for length in (-1, 3):
        with pytest.raises(ValueError, match=f"length={length} must be from 0 to the cache's length 2"):
            cache.crop(length)
    for name, other in (("B", {"B": 1}), ("G", {"G": 1}), ("K", {"K": 5})):
        with pytest.raises(ValueError, match=f"k has {name}=.; the cache has {name}="):
            cache.append(0, *new_tokens(1, 0, **other))
    k, v = new_tokens(1, 0)
    with pytest.raises(ValueError, match=r"v is torch\.bfloat16 on cpu; the cache is torch\.float32 on cpu"):
        cache.append(0, k, v.bfloat16())
    assert cache.length == 2
