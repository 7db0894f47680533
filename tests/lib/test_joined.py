"""lib.joined: layers that were joined return what they returned, follow their weights, and are stored once."""

import pytest
import torch
from torch import nn

from lib.joined import Joined


def layers_of(sizes, bias=True, seed=0):
    torch.manual_seed(seed)
    return [nn.Linear(5, size, bias).double() for size in sizes]


@pytest.mark.parametrize("sizes", [(5,), (3,), (2, 7), (1, 1, 1)])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("rows", [0, 1, 4])
def test_they_return_what_each_returns(sizes, bias, rows):
    layers = layers_of(sizes, bias)
    x = torch.randn(rows, 5, dtype=torch.float64)
    want = torch.cat([layer(x) for layer in layers], dim=-1)
    joined = Joined(*layers)
    torch.testing.assert_close(joined(x), want, rtol=1e-12, atol=1e-14)
    with torch.inference_mode():
        torch.testing.assert_close(joined(x), want, rtol=1e-12, atol=1e-14)
        torch.testing.assert_close(
            torch.cat([layer(x) for layer in layers], dim=-1), want, rtol=1e-12, atol=1e-14
        )


def test_wide_float32_is_stored_by_columns_and_16_bits_by_rows():
    wide, narrow = Joined(*layers_of((2, 7))), Joined(*layers_of((2, 2)))
    assert (wide.weight.stride(), narrow.weight.stride()) == ((1, 9), (5, 1))
    for layer in wide.layers:
        layer.to(torch.bfloat16)
    with torch.no_grad():
        assert wide(torch.ones(1, 5, dtype=torch.bfloat16)).dtype == torch.bfloat16
    assert wide.weight.stride() == (5, 1)


def test_what_is_written_into_a_weight_is_read():
    a, b = layers_of((2, 7))
    joined, x = Joined(a, b), torch.ones(1, 5, dtype=torch.float64)
    with torch.no_grad():
        a.weight.fill_(2.0)
        a.bias.zero_()
        assert joined(x)[0, :2].tolist() == [10, 10]
        b.weight = nn.Parameter(torch.ones(7, 5, dtype=torch.float64))
        b.bias = nn.Parameter(torch.ones(7, dtype=torch.float64))
        assert joined(x)[0].tolist() == [10, 10, *[6] * 7]
        b.weight.mul_(2)
        assert joined(x)[0].tolist() == [10, 10, *[11] * 7]


def test_gradients_reach_every_layer():
    layers, x = layers_of((2, 7)), torch.ones(3, 5, dtype=torch.float64)
    joined = Joined(*layers)
    with torch.inference_mode():
        joined(x)
    (joined(x) * torch.arange(9)).sum().backward()
    weights = torch.cat([layer.weight.grad for layer in layers])
    assert weights[:, 0].tolist() == [3 * i for i in range(9)]
