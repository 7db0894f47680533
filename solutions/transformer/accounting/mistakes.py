"""What students get wrong in matrix_weights, count_parameters and flops_per_token."""

from check import also, mistake, replace

WEIGHTS, COUNT, FLOPS = "matrix_weights", "count_parameters", "flops_per_token"

kv_heads_as_heads = mistake(
    """You count keys and values as large as queries. Where heads share them their matrices have kv_heads · d_head rows and
    not D.""",
    replace(WEIGHTS, "block.kv_heads * block.d_head", "block.d_model"),
)

two_matrices_in_swiglu = mistake(
    """You count two matrices in every feed-forward network. SwiGLU has three: gate, up and down.""",
    replace(WEIGHTS, '3 if block.network == "swiglu" else 2', "2"),
)

four_times_the_width = mistake(
    """You take 4 · D for the feed-forward network's width. It is a choice of the config: block.width is what holds.""",
    replace(WEIGHTS, "matrices * D * block.width", "matrices * D * 4 * D"),
)
d_ff_as_it_is = also(
    four_times_the_width,
    replace(WEIGHTS, "matrices * D * block.width", "matrices * D * (block.d_ff or 4 * D)"),
)

output_matrix_forgotten = mistake(
    """You count three matrices of attention. After the heads are joined there is one more, from D to D.""",
    replace(WEIGHTS, "2 * D * D +", "D * D +"),
)

tie_overlooked = mistake(
    """You count the rows and the head the same whether they are tied or not. Tied, one matrix does both, and counts
    once.""",
    replace(COUNT, "(1 if config.tied else 2)", "2"),
)
tie_taken_for_granted = also(tie_overlooked, replace(COUNT, "(1 if config.tied else 2)", "1"))

biases_overlooked = mistake(
    """Your biases are not those that are there: with bias, every linear layer of a block has one for each feature that it
    gives, and without it none has.""",
    replace(COUNT, "3 * D + 2 * block.kv_heads * block.d_head + bent if block.bias else 0", "0"),
)
biases_always = also(biases_overlooked, replace(COUNT, " if block.bias else 0\n", "\n"))

last_norm_overlooked = mistake(
    """You do not count the last norm right. It stands after all blocks, once, where norm_first is True, and not
    where the blocks end in a norm of their own.""",
    replace(COUNT, "last = norm if block.norm_first else 0", "last = 0"),
)
last_norm_always = also(last_norm_overlooked, replace(COUNT, "norm if block.norm_first else 0", "norm"))

norms_alike = mistake(
    """You count both kinds of norm the same. LayerNorm has a weight and a bias, RMSNorm has a weight alone.""",
    replace(COUNT, '2 * D if block.norm == "layer" else D', "2 * D"),
)

positions_always = mistake(
    """You count a row for each position whatever the positions are. Sinusoids and rotations are computed: nothing of them
    is learned.""",
    replace(COUNT, 'config.context * D if config.positions == "learned" else 0', "config.context * D"),
)

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
