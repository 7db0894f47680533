"""Parameters and operations counted by formula, against torch and against real models."""

import torch

from lib.accounting import count_parameters, flops_per_token, matrix_weights
from lib.transformer import GPT, EncoderBlock
from tests.lib.test_transformer import EVERY_KIND, TOKENS, config


@EVERY_KIND
def test_parameters_are_counted(kind):
    assert count_parameters(config(**kind)) == sum(p.numel() for p in GPT(config(**kind)).parameters())


@EVERY_KIND
def test_the_weights_of_matrices_are_counted(kind):
    sizes = config(**kind)
    parameters = EncoderBlock(sizes.block).parameters()
    assert matrix_weights(sizes.block) == sum(p.numel() for p in parameters if p.ndim == 2)


def test_real_models_are_counted():
    smol = {"d_model": 576, "n_heads": 9, "n_kv_heads": 3, "norm": "rms", "network": "swiglu", "bias": False}
    assert count_parameters(config("none", vocab_size=49152, layers=30, **smol)) == 134_515_008
    llama = smol | {"d_model": 4096, "n_heads": 32, "n_kv_heads": 8, "d_ff": 14336}
    assert (
        count_parameters(config("none", tied=False, vocab_size=128256, layers=32, **llama)) == 8_030_261_248
    )


@EVERY_KIND
def test_operations_are_those_that_torch_counts(kind):
    from torch.utils.flop_counter import FlopCounterMode

    model, T = GPT(config(**kind)), TOKENS.shape[1]
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(TOKENS)
    assert flops_per_token(config(**kind), T) * TOKENS.numel() == counter.get_total_flops()
