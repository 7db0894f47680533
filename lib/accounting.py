"""What a GPT weighs and what it costs, from its config alone.

A multiply and an add are two operations. Left out on purpose: norms, softmax and activations, which are few, and the
backward pass, which costs twice the forward one.
"""

from lib.config import BlockConfig, ModelConfig


def count_parameters(config: ModelConfig) -> int:
    """Return how many numbers a GPT of this config learns; a tied matrix counts once.

    >>> small = BlockConfig(d_model=768, n_heads=12, network="gelu_tanh")
    >>> count_parameters(ModelConfig(block=small, vocab_size=50257, n_layers=12, context=1024))  # GPT-2
    124439808
    """
    ### BEGIN SOLUTION
    block, D = config.block, config.block.d_model
    norm = 2 * D if block.norm == "layer" else D
    embeddings = config.vocab_size * D * (1 if config.tied else 2)
    places = config.context * D if config.positions == "learned" else 0
    last = norm if block.norm_first else 0
    return embeddings + places + last + config.n_layers * (_matrices(block) + _biases(block) + 2 * norm)
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
    layer = 2 * _matrices(config.block) + 4 * T * D
    return config.n_layers * layer + 2 * config.vocab_size * D
    ### END SOLUTION


def _matrices(block: BlockConfig) -> int:
    """Return the weights of a block's matrices."""
    D, kv = block.d_model, block.kv_heads * block.d_head
    return 2 * D * D + 2 * D * kv + (3 if block.network == "swiglu" else 2) * D * block.width


def _biases(block: BlockConfig) -> int:
    """Return the biases of a block's linear layers."""
    D, kv = block.d_model, block.kv_heads * block.d_head
    return (3 * D + 2 * kv + (2 if block.network == "swiglu" else 1) * block.width) if block.bias else 0
