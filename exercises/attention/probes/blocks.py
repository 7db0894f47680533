"""What the exercise blocks asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import close_calls, large_scores, qkv, random_mask

from check import NoTensorAbove, probe


@probe(exercise="blocks", points=2)
def blockwise(lib, rng):
    """Blocks of 4 over 11 keys give what all at once give."""
    return lib.attention.attend_in_blocks(*qkv(rng, S=11), block=4)


@probe(exercise="blocks", points=1)
def block_sizes(lib, rng):
    """Blocks of 1, of all keys, of more than there are; the default."""
    results = {"default": lib.attention.attend_in_blocks(*qkv(rng, 1, 2, 3, S=70))}
    for size, S in {1: 9, 9: 9, 20: 2}.items():
        results[f"block={size}"] = lib.attention.attend_in_blocks(*qkv(rng, 1, 2, 3, S), block=size)
    return results


@probe(exercise="blocks", points=1)
def steep(lib, rng):
    """Scores in the hundreds that rise, or fall, from block to block do not overflow."""
    levels = torch.arange(11) // 3
    return {
        name: lib.attention.attend_in_blocks(*large_scores(rng, level), block=3)
        for name, level in {"rising": levels, "falling": levels.flip(0)}.items()
    }


@probe(exercise="blocks", points=1)
def blocks_mask(lib, rng):
    """Any mask that broadcasts to (B, H, T, S), be it of a single column."""
    shapes = {"(T, S)": (5,), "(B, 1, 1, S)": (2, 1, 1), "(1, H, T, S)": (1, 3, 5)}
    results = {}
    for name, rows in shapes.items():
        mask = torch.cat([random_mask(rng, *rows, keys) for keys in (4, 4, 3)], dim=-1)  # no block is hidden
        inputs = qkv(rng, 2 if rows == (2, 1, 1) else 1, S=11)
        results[name] = lib.attention.attend_in_blocks(*inputs, mask, block=4)
    column = torch.ones(5, 1, dtype=torch.bool)
    results["(T, 1)"] = lib.attention.attend_in_blocks(*qkv(rng, 1, 2, S=12), column, block=4)
    return results


@probe(exercise="blocks", points=1)
def hidden_blocks(lib, rng):
    """Some blocks, or all, are hidden from a query; empty rows give zeros."""
    mask = random_mask(rng, 5, 12)
    first, last, both = rng.permutation(5)[:3].tolist()
    mask[first, :8], mask[last, 8:], mask[both] = False, False, False
    mask[first, [5, 9]], mask[last, 1] = True, True
    q, k, v = qkv(rng, 1, S=12)
    k[..., 9, :] = k[..., 5, :] + q[..., first, :]  # the maximum rises after the first key that it sees
    return lib.attention.attend_in_blocks(q, k, v, mask, block=4)


@probe(exercise="blocks", points=1)
def blocks_half(lib, rng):
    """Half precision in and out, float32 for all that is kept."""
    results = {}
    for dtype in (torch.float16, torch.bfloat16):
        out = lib.attention.attend_in_blocks(*close_calls(rng, 11, dtype), block=4)
        results[str(dtype)] = {"values": out, "dtype": str(out.dtype)}
    return results


@probe(exercise="blocks", points=1, memory_mb=3)
def no_matrix(lib, rng):
    """No tensor comes near the size of a (T, S) matrix."""
    q, k, v = (rng.normal(1, 1, n, 2) for n in (16, 64, 64))
    with NoTensorAbove(16 * 64 // 4):
        small = lib.attention.attend_in_blocks(q, k, v, block=8)
    # Here the matrix alone has 3 MB, and the judge's limit holds from outside of the process.
    q, k, v = (rng.normal(1, 1, n, 1) for n in (32, 24576, 24576))
    return {"small": small, "large": lib.attention.attend_in_blocks(q, k, v, block=1024)}
