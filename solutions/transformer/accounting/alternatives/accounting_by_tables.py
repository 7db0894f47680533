"""Every matrix as a pair of sizes, in a list."""


def _matrices(block):
    D, F, kv = block.d_model, block.width, block.kv_heads * block.d_head
    network = [(D, F), (D, F), (F, D)] if block.network == "swiglu" else [(D, F), (F, D)]
    return [(D, D), (D, kv), (D, kv), (D, D), *network]


def matrix_weights(block):
    return sum(rows * columns for rows, columns in _matrices(block))


def count_parameters(config):
    block, V, D = config.block, config.vocab_size, config.block.d_model
    norm = {"layer": 2, "rms": 1}[block.norm] * D
    one = sum(rows * columns + (columns if block.bias else 0) for rows, columns in _matrices(block))
    total = config.n_layers * (one + 2 * norm) + V * D
    if config.positions == "learned":
        total += config.context * D
    if not config.tied:
        total += V * D
    return total + norm if block.norm_first else total


def flops_per_token(config, T):
    D = config.block.d_model
    products = _matrices(config.block) + [(D, T), (T, D)]
    return 2 * (config.n_layers * sum(a * b for a, b in products) + config.vocab_size * D)
