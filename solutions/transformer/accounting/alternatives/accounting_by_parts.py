"""Attention, network and norms apart, in floats, which are whole numbers in the end."""


def matrix_weights(block):
    share = block.kv_heads / block.n_heads
    attention = block.d_model**2 * (2 + 2 * share)
    return attention + block.d_model * block.width * (2 + (block.network == "swiglu"))


def count_parameters(config):
    block, D = config.block, config.block.d_model
    biases = D + 2 * D * block.kv_heads // block.n_heads + D + D + block.width
    biases += block.width if block.network == "swiglu" else 0
    norms = 2 * config.n_layers + int(block.norm_first)
    numbers = norms * (D + D * (block.norm == "layer")) + config.n_layers * matrix_weights(block)
    numbers += config.n_layers * biases * block.bias + config.vocab_size * D * (2 - config.tied)
    return numbers + D * config.context * (config.positions == "learned")


def flops_per_token(config, T):
    D = config.block.d_model
    return 2 * (config.n_layers * (matrix_weights(config.block) + 2 * T * D) + config.vocab_size * D)
