"""What a GPT weighs and what it costs, from its config alone.

Dimension key: D model width, T tokens, V vocabulary. A multiply and an add are two operations. Left out on purpose:
norms, softmax and activations, which are few, and the backward pass, which costs twice the forward one.
"""

from lib.config import BlockConfig, ModelConfig


def matrix_weights(block: BlockConfig) -> int:
    """Return how many numbers a block's matrices hold: attention's four, and those of the feed-forward network.

    Keys and values have kv_heads · d_head features each; the feed-forward network has the given width.

    >>> matrix_weights(BlockConfig(d_model=2, n_heads=1))  # 4 matrices of 2 · 2, and 2 of 2 · 8
    48
    """
    ### BEGIN SOLUTION
    D, kv = block.d_model, block.kv_heads * block.d_head
    matrices = 3 if block.network == "swiglu" else 2
    return 2 * D * D + 2 * D * kv + matrices * D * block.width
    ### END SOLUTION


def count_parameters(config: ModelConfig) -> int:
    """Return how many numbers a GPT of this config learns; a tied matrix counts once.

    >>> small = BlockConfig(d_model=768, n_heads=12, network="gelu_tanh")
    >>> count_parameters(ModelConfig(block=small, vocab_size=50257, n_layers=12, context=1024))  # GPT-2
    124439808
    """
    ### BEGIN SOLUTION
    block, D = config.block, config.block.d_model
    norm = 2 * D if block.norm == "layer" else D
    bent = (2 if block.network == "swiglu" else 1) * block.width
    biases = 3 * D + 2 * block.kv_heads * block.d_head + bent if block.bias else 0
    embeddings = config.vocab_size * D * (1 if config.tied else 2)
    places = config.context * D if config.positions == "learned" else 0
    last = norm if block.norm_first else 0
    return embeddings + places + last + config.n_layers * (matrix_weights(block) + biases + 2 * norm)
    ### END SOLUTION


def flops_per_token(config: ModelConfig, T: int) -> int:
    """Return the operations that one of T tokens costs on its way through: all matrix products, the head included.

    Attention's two products with T keys are counted in full, though a causal mask needs half of them.

    Reference: Kaplan et al. 2020, table 1; theirs leaves the head out.

    >>> one = BlockConfig(d_model=2, n_heads=1)
    >>> flops_per_token(ModelConfig(block=one, vocab_size=5, n_layers=1, context=9), T=3)  # 2 · 48 + 4 · 3 · 2 + 2 · 5 · 2
    140
    """
    ### BEGIN SOLUTION
    D = config.block.d_model
    layer = 2 * matrix_weights(config.block) + 4 * T * D
    return config.n_layers * layer + 2 * config.vocab_size * D
    ### END SOLUTION
