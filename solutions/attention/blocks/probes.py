"""What the exercise blocks asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import close_calls, qkv, random_mask, steep_scores

from check import NoTensorAbove, probe


@probe(exercise="blocks", points=1)
def blockwise(lib, rng):
    """Blocks of 4 over 11 keys give what all at once give."""
    return lib.attention.attend_in_blocks(*qkv(rng, S=11), block=4)


@probe(exercise="blocks", points=1)
def block_sizes(lib, rng):
    """Blocks of 1, of all keys, of more than there are; the default."""
    results = {
        f"block={size}": lib.attention.attend_in_blocks(*qkv(rng, S=9), block=size) for size in (1, 9, 20)
    }
    return {**results, "default": lib.attention.attend_in_blocks(*qkv(rng, S=70, T=2))}


@probe(exercise="blocks", points=1)
def rising(lib, rng):
    """Scores that rise, or fall, from block to block."""
    q, k, v = qkv(rng, S=11)
    q, k = 1 + q.abs(), (1 + k.abs()) * torch.linspace(-1, 1, 11)[:, None]
    return {
        "rising": lib.attention.attend_in_blocks(q, k, v, block=3),
        "falling": lib.attention.attend_in_blocks(q, k.flip(-2), v, block=3),
    }


@probe(exercise="blocks", points=1)
def steep(lib, rng):
    """Scores in the hundreds do not overflow."""
    return lib.attention.attend_in_blocks(*steep_scores(rng, S=11), block=3)


@probe(exercise="blocks", points=1)
def blocks_mask(lib, rng):
    """Any mask that broadcasts, also one with a single column."""
    shapes = {"(T, S)": (5, 11), "(B, 1, 1, S)": (2, 1, 1, 11), "(1, H, T, S)": (1, 3, 5, 11)}
    results = {
        f"mask {name}": lib.attention.attend_in_blocks(*qkv(rng, S=11), random_mask(rng, *shape), block=4)
        for name, shape in shapes.items()
    }
    column = rng.permutation(5)[:, None] > 1
    return {**results, "mask (T, 1)": lib.attention.attend_in_blocks(*qkv(rng, S=11), column, block=4)}


@probe(exercise="blocks", points=1)
def hidden_blocks(lib, rng):
    """Some blocks, or all, are hidden; empty rows give zeros."""
    mask = rng.uniform(5, 12) < 0.7
    first, last, both = rng.permutation(5)[:3].tolist()
    mask[first, :4], mask[last, 8:], mask[both] = False, False, False
    mask[first, 5], mask[last, 1] = True, True
    return lib.attention.attend_in_blocks(*qkv(rng, S=12), mask, block=4)


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
    q, k, v = (rng.normal(1, 1, n, 2) for n in (16, 200, 200))
    with NoTensorAbove(16 * 200 // 4):
        small = lib.attention.attend_in_blocks(q, k, v, block=8)
    # Here the matrix alone has 3 MB, and the judge's limit holds from outside of the process.
    q, k, v = (rng.normal(1, 1, n, 1) for n in (128, 6144, 6144))
    return {"small": small, "large": lib.attention.attend_in_blocks(q, k, v, block=256)}
