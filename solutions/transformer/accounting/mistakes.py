"""What students get wrong in matrix_weights, count_parameters and flops_per_token."""

from check import also, mistake, replace

WEIGHTS, COUNT, FLOPS = "matrix_weights", "count_parameters", "flops_per_token"
LAYER = "matrix_weights(block) + biases + 2 * norm"
ROWS = "(1 if config.tied else 2)"
ALL = "return config.n_layers * layer + 2 * config.vocab_size * D"

kv_heads_as_heads = mistake(
    """You do not count the matrices of keys and values as they are. Heads may share them: they have block.kv_heads ·
    block.d_head rows, which holds also where n_kv_heads is None.""",
    replace(WEIGHTS, "block.kv_heads * block.d_head", "block.d_model"),
)

kv_heads_as_given = also(kv_heads_as_heads, replace(WEIGHTS, "block.kv_heads", "block.n_kv_heads"))

two_matrices_in_swiglu = mistake(
    """You count two matrices in every feed-forward network. SwiGLU has three: gate, up and down.""",
    replace(WEIGHTS, '3 if block.network == "swiglu" else 2', "2"),
)

four_times_the_width = mistake(
    """You take another width for the feed-forward network than it has: 4 · D, or d_ff, which may be None. block.width is what
    holds.""",
    replace(WEIGHTS, "matrices * D * block.width", "matrices * D * 4 * D"),
)
d_ff_as_it_is = also(
    four_times_the_width,
    replace(WEIGHTS, "matrices * D * block.width", "matrices * D * (block.d_ff or 4 * D)"),
)

operations_of_four_widths = also(
    four_times_the_width, replace(FLOPS, "2 * matrix_weights(config.block)", "24 * D * D")
)
d_ff_taken_for_granted = also(four_times_the_width, replace(WEIGHTS, "block.width", "block.d_ff"))

output_matrix_forgotten = mistake(
    """You count three matrices of attention. After the heads are joined there is one more, from D to D.""",
    replace(WEIGHTS, "2 * D * D +", "D * D +"),
)

tie_overlooked = mistake(
    """You do not count rows and head right. Each is a matrix (V, D); tied, one matrix does both, and counts once. The head
    has no bias.""",
    replace(COUNT, ROWS, "2"),
)

biases_overlooked = mistake(
    """Your biases are not those that are there: with bias, every linear layer of a block has one for each feature that it
    gives, and without it none has.""",
    replace(COUNT, "3 * D + 2 * block.kv_heads * block.d_head + bent if block.bias else 0", "0"),
)

last_norm_overlooked = mistake(
    """You do not count the last norm right. It stands after all blocks, once, where norm_first is True, and not
    where the blocks end in a norm of their own.""",
    replace(COUNT, "last = norm if block.norm_first else 0", "last = 0"),
)

norms_alike = mistake(
    """You do not count the norms of a layer right. It has two, LayerNorm with a weight and a bias, RMSNorm with a weight
    alone.""",
    replace(COUNT, '2 * D if block.norm == "layer" else D', "2 * D"),
)

layer_of_gpt2 = mistake(
    """You count a layer by a formula for one kind of model. What it weighs follows from the config: matrix_weights(block) for
    its matrices, biases only with block.bias, and two norms of the kind that block.norm says.""",
    replace(COUNT, LAYER, "12 * D * D + 13 * D"),
)
layer_of_gpt2_with_its_width = also(
    layer_of_gpt2,
    replace(
        COUNT,
        LAYER,
        "4 * D * D + 2 * D * block.width + block.width + 9 * D",
    ),
)
matrices_of_gpt2_alone = also(layer_of_gpt2, replace(COUNT, LAYER, "12 * D * D"))
matrices_and_four_widths = also(layer_of_gpt2, replace(COUNT, LAYER, "12 * D * D + 4 * D"))
matrices_and_layer_norms = also(
    layer_of_gpt2,
    replace(COUNT, LAYER, "matrix_weights(block) + 4 * D"),
)
layer_of_llama = also(
    layer_of_gpt2,
    replace(COUNT, LAYER, "matrix_weights(block) + 2 * D"),
)
matrices_alone = also(layer_of_gpt2, replace(COUNT, LAYER, "matrix_weights(block)"))
one_norm_a_layer = also(norms_alike, replace(COUNT, "biases + 2 * norm", "biases + norm"))
square_layer_biases = also(
    biases_overlooked,
    replace(COUNT, "3 * D + 2 * block.kv_heads * block.d_head + bent", "5 * D + block.width"),
)
biases_of_the_network_alone = also(
    biases_overlooked, replace(COUNT, "3 * D + 2 * block.kv_heads * block.d_head + bent", "D + bent")
)

positions_always = mistake(
    """Positions are not counted as they are. Learned ones are a row for each position; sinusoids and rotations are computed,
    and nothing of them is learned.""",
    replace(COUNT, 'config.context * D if config.positions == "learned" else 0', "config.context * D"),
)

positions_never = also(
    positions_always, replace(COUNT, 'config.context * D if config.positions == "learned" else 0', "0")
)
rows_alone = also(
    positions_always,
    replace(COUNT, ROWS, "1"),
    replace(COUNT, "places + last +", ""),
)
rows_and_head_alone = also(
    positions_always,
    replace(COUNT, ROWS, "2"),
    replace(COUNT, "places + last +", ""),
)

once_in_llama = also(
    positions_always,
    replace(COUNT, "places + last +", "D +"),
)
once_in_llama_untied = also(
    positions_always,
    replace(COUNT, ROWS, "2"),
    replace(COUNT, "places + last +", "D +"),
)

head_with_a_bias = also(tie_overlooked, replace(COUNT, "places + last", "config.vocab_size + places + last"))

multiply_adds_as_one = mistake(
    """You count a multiply and an add as one operation. They are two, so that each weight costs two operations a
    token.""",
    replace(
        FLOPS, "2 * matrix_weights(config.block) + 4 * T * D", "matrix_weights(config.block) + 2 * T * D"
    ),
    replace(FLOPS, "+ 2 * config.vocab_size * D", "+ config.vocab_size * D"),
)

keys_cost_nothing = mistake(
    """What grows with T is missing, or too small: in every layer a query is multiplied with T keys, and the weights with T
    values, which is 2 · T · D operations each.""",
    replace(FLOPS, " + 4 * T * D", ""),
)
scores_alone = also(keys_cost_nothing, replace(FLOPS, "4 * T * D", "2 * T * D"))

head_costs_nothing = mistake(
    """The head is missing. It scores all V tokens with a vector of D numbers, which is often the largest product of a
    small model.""",
    replace(FLOPS, " + 2 * config.vocab_size * D", ""),
)

backward_too = mistake(
    """You count 6 operations a weight, and 12 where T comes in. That is training, forward and backward; asked is the way
    through alone, which is a third of it.""",
    replace(
        FLOPS,
        ALL,
        "return 6 * count_parameters(config) + 12 * config.n_layers * D * T",
    ),
)
backward_of_all_matrices = also(
    backward_too,
    replace(
        FLOPS,
        ALL,
        "return 3 * (config.n_layers * layer + 2 * config.vocab_size * D)",
    ),
)

all_that_is_learned = mistake(
    """You count products where there are none. Rows and positions are looked up, norms and biases are a few additions: only
    matrices count, and the head's counts tied or not.""",
    replace(
        FLOPS,
        ALL,
        "return 2 * count_parameters(config) + 4 * config.n_layers * D * T",
    ),
)
rows_as_a_product = also(
    all_that_is_learned, replace(FLOPS, "+ 2 * config.vocab_size * D", "+ 4 * config.vocab_size * D")
)
tied_head_for_nothing = also(
    head_costs_nothing,
    replace(FLOPS, "2 * config.vocab_size * D", "(0 if config.tied else 2 * config.vocab_size * D)"),
)

all_tokens_together = mistake(
    """You count what the whole text costs. Asked is one of its T tokens: it goes through the matrices once, and meets T
    keys.""",
    replace(
        FLOPS,
        ALL,
        "return T * (config.n_layers * layer + 2 * config.vocab_size * D)",
    ),
)
keys_of_one_layer = also(
    keys_cost_nothing,
    replace(FLOPS, " + 4 * T * D", ""),
    replace(FLOPS, "config.n_layers * layer", "config.n_layers * layer + 4 * T * D"),
)
keys_of_the_context = also(keys_cost_nothing, replace(FLOPS, "4 * T * D", "4 * config.context * D"))
