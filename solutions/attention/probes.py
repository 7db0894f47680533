"""What the assignment asks of lib/attention.py. A probe knows no answer: it returns what it got.

Sizes differ on purpose (B=2, H=3, T=5, S=7, K=4), so that no axis can pass for another.
"""

import torch

from check import NoTensorAbove, probe, raised


def _qkv(rng, T=5, S=7, K=4, dtype=torch.float32):
    return [rng.normal(2, 3, n, K, dtype=dtype) for n in (T, S, S)]


def _mask(rng, *shape):
    """Return a random mask in which every query may look at the first key, at least."""
    mask = rng.uniform(*shape) < 0.5
    mask[..., 0] = True
    return mask


def _close_calls(rng, S, dtype):
    """Return q, k, v whose scores are large and nearly equal: rounding a score to half precision shows."""
    q, k, v = _qkv(rng, S=S, K=6)
    return [x.to(dtype) for x in (16 + q / 10, 16 + k / 10, v)]


def _steep(rng, S):
    """Return q, k, v whose scores are in the hundreds.

    Such scores are rounded by as much as 0.0001, and weights with them. So the values, and with them the result, keep
    away from zero, near which no such error would be allowed.
    """
    q, k, v = _qkv(rng, S=S)
    return 10 * q, 10 * k, 4 + v


def _layer(lib, rng, D, H, G=None, bias=True):
    """Return a MultiHeadAttention with drawn parameters."""
    layer = lib.attention.MultiHeadAttention(D, H, G, bias)
    for linear in (layer.query, layer.key, layer.value, layer.out):
        for parameter in linear.parameters():
            parameter.data = rng.normal(*parameter.shape) / 2
    return layer


# ---- masks


@probe(of="masks", points=1)
def causal(lib, rng):
    """causal_mask(T): a query sees itself and what came before."""
    return [lib.attention.causal_mask(rng.integer(2, 12)) for _ in range(3)]


@probe(of="masks", points=2)
def offset(lib, rng):
    """causal_mask(T, S) with S > T: the queries are the last T positions."""
    sizes = [(rng.integer(1, 6), rng.integer(1, 6)) for _ in range(3)]
    return [lib.attention.causal_mask(T, T + earlier) for T, earlier in sizes]


@probe(of="masks", points=1)
def padding(lib, rng):
    """padding_mask hides what follows the last real token."""
    S = rng.integer(6, 10)
    lengths = torch.cat([torch.tensor([0, S]), rng.integers(1, S, 3)])
    return lib.attention.padding_mask(lengths[rng.permutation(5)], S)


@probe(of="masks", points=1)
def bad_sizes(lib, rng):
    """causal_mask refuses S < T with a ValueError, and nothing else."""
    sizes = zip(rng.integers(3, 9, 12).tolist(), rng.permutation(12).tolist(), strict=True)
    return [raised(lib.attention.causal_mask, T, T + n % 4 - 2) for T, n in sizes]


@probe(of="masks", points=1)
def bad_lengths(lib, rng):
    """padding_mask refuses lengths below 0 or above S, and no others."""
    S = rng.integer(2, 6)
    kinds = [(-1, 1), (S, S + 1), (0, S), (1, S)]
    lengths = [torch.tensor(kinds[n % 4]) for n in rng.permutation(12).tolist()]
    return [raised(lib.attention.padding_mask, two, S) for two in lengths]


# ---- attend


@probe(of="attend", points=2)
def values(lib, rng):
    """Each query mixes the values by softmax(q kᵀ / √K)."""
    views = [rng.normal(2, n, 3, 4).transpose(1, 2) for n in (5, 7, 7)]
    return {"plain": lib.attention.attend(*_qkv(rng)), "transposed inputs": lib.attention.attend(*views)}


@probe(of="attend", points=1)
def double(lib, rng):
    """float64 in, float64 out, to the last digits."""
    out = lib.attention.attend(*_qkv(rng, dtype=torch.float64))
    return {"dtype": str(out.dtype), "values": out}


@probe(of="attend", points=1)
def one_token(lib, rng):
    """A single query, key or feature: four axes in, four axes out."""
    sizes = {"one query": (1, 6, 3), "one key": (4, 1, 3), "one feature": (4, 6, 1), "one of each": (1, 1, 1)}
    return {
        name: lib.attention.attend(rng.normal(1, 2, T, K), rng.normal(1, 2, S, K), rng.normal(1, 2, S, K))
        for name, (T, S, K) in sizes.items()
    }


@probe(of="attend", points=2)
def broadcast(lib, rng):
    """Any mask that broadcasts to (B, H, T, S); True = may look."""
    shapes = {"(T, S)": (5, 7), "(B, 1, 1, S)": (2, 1, 1, 7), "(1, H, T, S)": (1, 3, 5, 7)}
    return {
        f"mask {name}": lib.attention.attend(*_qkv(rng), _mask(rng, *shape)) for name, shape in shapes.items()
    }


@probe(of="attend", points=2)
def empty_rows(lib, rng):
    """A query that may look at nothing gets zeros, never NaN."""
    mask = _mask(rng, 2, 1, 5, 7)
    mask[:, :, rng.permutation(5)[:2]] = False
    return {
        "two rows hidden": lib.attention.attend(*_qkv(rng), mask),
        "one of two sequences hidden": lib.attention.attend(
            *_qkv(rng), rng.permutation(2).view(2, 1, 1, 1) > 0
        ),
    }


@probe(of="attend", points=1)
def large_logits(lib, rng):
    """Scores in the hundreds do not overflow."""
    q, k, v = _steep(rng, S=7)
    mask = _mask(rng, 5, 7)
    return {
        "plain": lib.attention.attend(q, k, v),
        "masked": lib.attention.attend(q, k, v, mask),
    }


@probe(of="attend", points=2)
def half_precision(lib, rng):
    """Half precision in and out, float32 for scores and softmax."""
    results = {}
    for dtype in (torch.float16, torch.bfloat16):
        q, k, v = _close_calls(rng, 7, dtype)
        out = lib.attention.attend(q, k, v, _mask(rng, 5, 7))
        results[str(dtype)] = {"values": out, "dtype": str(out.dtype)}
    return results


@probe(of="attend", points=2)
def gradients(lib, rng):
    """The gradients of q, k and v are right, also of empty rows."""
    inputs = dict(zip("qkv", _qkv(rng), strict=True))
    mask = _mask(rng, 5, 7)
    mask[rng.integer(0, 5)] = False
    out = lib.attention.attend(*(x.requires_grad_() for x in inputs.values()), mask)
    total = (out * rng.normal(*out.shape)).sum()
    found = torch.autograd.grad(total, list(inputs.values()), allow_unused=True)
    return dict(zip(inputs, found, strict=True))


@probe(of="attend", points=1)
def unchanged(lib, rng):
    """The inputs are left as they were."""
    (q, k, v), mask = _qkv(rng), _mask(rng, 5, 7)
    out = lib.attention.attend(q, k, v, mask)
    return {"result": out, "q afterwards": q, "k afterwards": k, "v afterwards": v, "mask afterwards": mask}


# ---- heads


@probe(of="heads", points=2)
def self_attention(lib, rng):
    """x reads from itself, with three heads."""
    x = rng.normal(2, 5, 12)
    return _layer(lib, rng, 12, 3)(x)


@probe(of="heads", points=1)
def sizes(lib, rng):
    """One head, heads of width 1, one token in a batch of one."""
    x = rng.normal(2, 5, 6)
    return {
        "one head": _layer(lib, rng, 6, 1)(x),
        "heads of width 1": _layer(lib, rng, 6, 6)(x),
        "one token": _layer(lib, rng, 6, 2)(x[:1, :1]),
    }


@probe(of="heads", points=1)
def no_bias(lib, rng):
    """bias=False leaves every bias out."""
    x = rng.normal(2, 5, 12)
    return _layer(lib, rng, 12, 3, bias=False)(x)


@probe(of="heads", points=2)
def cross_attention(lib, rng):
    """With a context, keys and values come from there."""
    x, context = rng.normal(2, 5, 12), rng.normal(2, 7, 12)
    return _layer(lib, rng, 12, 3)(x, context)


@probe(of="heads", points=2)
def layer_mask(lib, rng):
    """The mask reaches every head; an empty row gives out's bias."""
    x, context = rng.normal(2, 5, 12), rng.normal(2, 7, 12)
    hidden = _mask(rng, 2, 1, 5, 7)
    hidden[:, :, rng.integer(0, 5)] = False
    masks = {"(T, S)": _mask(rng, 5, 5), "(1, H, T, S)": _mask(rng, 1, 3, 5, 5)}
    layer = _layer(lib, rng, 12, 3)
    results = {f"mask {name}": layer(x, mask=mask) for name, mask in masks.items()}
    # attend's own answer tells what goes wrong in forward from what goes wrong in attend.
    results["attend by itself"] = lib.attention.attend(*_qkv(rng), hidden)
    return {**results, "context, one row hidden": layer(x, context, hidden)}


@probe(of="heads", points=2)
def grouped(lib, rng):
    """Query head h reads from key/value head h // (H // G)."""
    x, context = rng.normal(2, 5, 12), rng.normal(2, 7, 12)
    return {
        "4 heads share 2": _layer(lib, rng, 12, 4, 2)(x),
        "4 heads share 1": _layer(lib, rng, 12, 4, 1)(x, context),
        "6 heads share 2": _layer(lib, rng, 12, 6, 2)(x, context),
    }


@probe(of="heads", points=1)
def layer_gradients(lib, rng):
    """The gradients of x and of all weights are right."""
    x = rng.normal(2, 5, 12).requires_grad_()
    layer = _layer(lib, rng, 12, 4, 2, bias=False)
    out = layer(x)
    asked = {"x": x, **dict(layer.named_parameters())}
    total = (out * rng.normal(*out.shape) / 8).sum()
    found = torch.autograd.grad(total, list(asked.values()), allow_unused=True)
    return dict(zip(asked, found, strict=True))


@probe(of="heads", points=1)
def half_layer(lib, rng):
    """A layer in half precision gives half precision, masked or not."""
    x, mask = rng.normal(2, 5, 12).half() / 4, _mask(rng, 2, 1, 5, 5)
    layer = _layer(lib, rng, 12, 3).half()
    masked = layer(x, mask=mask)
    return {"plain": layer(x), "masked": masked, "dtype": str(masked.dtype)}


# ---- blocks


@probe(of="blocks", points=1)
def blockwise(lib, rng):
    """Blocks of 4 over 11 keys give what all at once give."""
    return lib.attention.attend_in_blocks(*_qkv(rng, S=11), block=4)


@probe(of="blocks", points=1)
def block_sizes(lib, rng):
    """Blocks of 1, of all keys, of more than there are; the default."""
    results = {
        f"block={size}": lib.attention.attend_in_blocks(*_qkv(rng, S=9), block=size) for size in (1, 9, 20)
    }
    return {**results, "default": lib.attention.attend_in_blocks(*_qkv(rng, S=70, T=2))}


@probe(of="blocks", points=1)
def rising(lib, rng):
    """Scores that rise, or fall, from block to block."""
    q, k, v = _qkv(rng, S=11)
    q, k = 1 + q.abs(), (1 + k.abs()) * torch.linspace(-1, 1, 11)[:, None]
    return {
        "rising": lib.attention.attend_in_blocks(q, k, v, block=3),
        "falling": lib.attention.attend_in_blocks(q, k.flip(-2), v, block=3),
    }


@probe(of="blocks", points=1)
def steep(lib, rng):
    """Scores in the hundreds do not overflow."""
    return lib.attention.attend_in_blocks(*_steep(rng, S=11), block=3)


@probe(of="blocks", points=1)
def blocks_mask(lib, rng):
    """Any mask that broadcasts, also one with a single column."""
    shapes = {"(T, S)": (5, 11), "(B, 1, 1, S)": (2, 1, 1, 11), "(1, H, T, S)": (1, 3, 5, 11)}
    results = {
        f"mask {name}": lib.attention.attend_in_blocks(*_qkv(rng, S=11), _mask(rng, *shape), block=4)
        for name, shape in shapes.items()
    }
    column = rng.permutation(5)[:, None] > 1
    return {**results, "mask (T, 1)": lib.attention.attend_in_blocks(*_qkv(rng, S=11), column, block=4)}


@probe(of="blocks", points=1)
def hidden_blocks(lib, rng):
    """Some blocks, or all, are hidden; empty rows give zeros."""
    mask = rng.uniform(5, 12) < 0.7
    first, last, both = rng.permutation(5)[:3].tolist()
    mask[first, :4], mask[last, 8:], mask[both] = False, False, False
    mask[first, 5], mask[last, 1] = True, True
    return lib.attention.attend_in_blocks(*_qkv(rng, S=12), mask, block=4)


@probe(of="blocks", points=1)
def blocks_half(lib, rng):
    """Half precision in and out, float32 for all that is kept."""
    results = {}
    for dtype in (torch.float16, torch.bfloat16):
        out = lib.attention.attend_in_blocks(*_close_calls(rng, 11, dtype), block=4)
        results[str(dtype)] = {"values": out, "dtype": str(out.dtype)}
    return results


@probe(of="blocks", points=1, memory_mb=3)
def no_matrix(lib, rng):
    """No tensor comes near the size of a (T, S) matrix."""
    q, k, v = (rng.normal(1, 1, n, 2) for n in (16, 200, 200))
    with NoTensorAbove(16 * 200 // 4):
        small = lib.attention.attend_in_blocks(q, k, v, block=8)
    # Here the matrix alone has 3 MB, and the judge's limit holds from outside of the process.
    q, k, v = (rng.normal(1, 1, n, 1) for n in (128, 6144, 6144))
    return {"small": small, "large": lib.attention.attend_in_blocks(q, k, v, block=256)}
