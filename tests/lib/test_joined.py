"""lib.joined: layers that were joined return what they returned, follow their weights, and are stored once."""

import pytest
import torch
from torch import nn

from lib.joined import FEW, Joined, multiply


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


@pytest.mark.parametrize("shape", [(7, 5), (5, 7), (6, 6), (1, 4), (0, 3)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_both_ways_of_a_product_are_the_same(shape, dtype):
    weight = torch.randn(shape, generator=torch.Generator().manual_seed(0)).to(dtype)
    for rows in range(FEW + 3):
        x = torch.randn(rows, shape[1], generator=torch.Generator().manual_seed(rows)).to(dtype)
        got, want = multiply(x, weight), x.double() @ weight.double().t()
        assert (got.dtype, got.shape, got.is_contiguous()) == (dtype, want.shape, True)
        error = 10 * torch.finfo(dtype).eps * (x.double().abs() @ weight.double().abs().t())
        assert ((got.double() - want).abs() <= error).all()


def test_a_layer_alone_stays_where_it_is():
    (layer,) = layers_of((4,))
    before = layer.weight.data_ptr()
    Joined(layer)
    assert layer.weight.data_ptr() == before


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
