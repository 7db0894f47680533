"""Where the memory of training goes when its states are divided: ZeRO's stages, which FSDP follows.

With Adam a parameter has its weight and its gradient in 16 bits, and in float32 a copy of the weight and two moments. Stage 0
divides nothing (data parallel); 1 divides what only the optimizer needs; 2 the gradients too; 3 the weights too. Reference:
Rajbhandari et al. 2020, section 3 and figure 1. Left out on purpose: activations, buffers, what an allocator wastes.
"""

GB = 1e9  # bytes


def memory(
    parameters: float, world: int, stage: int, bytes_weights: float = 2, bytes_states: float = 12
) -> dict[str, float]:
    """Return how many GB of 10⁹ bytes each worker needs for weights, gradients and the optimizer's states, and in total.

    Gradients have the weights' number of bytes. Raises ValueError when the stage is none of 0 to 3, or a number is too small.

    >>> memory(7.5e9, 64, stage=3)["total"]
    1.875
    """
    if stage not in range(4):
        raise ValueError(f"stage={stage} must be 0 (nothing is divided), 1, 2 or 3")
    if not parameters > 0 or world < 1 or not bytes_weights > 0 or not bytes_states >= 0:
        raise ValueError(
            f"parameters={parameters}, world={world}, bytes_weights={bytes_weights}, bytes_states={bytes_states}:"
            " parameters and bytes must be positive, and world at least 1"
        )
    bytes_of = {"states": bytes_states, "gradients": bytes_weights, "weights": bytes_weights}
    divided = list(bytes_of)[:stage]  # in the order of the stages
    each = {
        name: parameters * size / (world if name in divided else 1) / GB for name, size in bytes_of.items()
    }
    return {
        **{name: each[name] for name in ("weights", "gradients", "states")},
        "total": sum(each.values()),
    }
