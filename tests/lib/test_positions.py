"""sinusoidal against the paper's formula in Python's floats and transformers' table; LearnedPositions against
torch's own embedding.

Every input is drawn from a fixed seed, so nothing here can fail by chance.
"""

import math

import pytest
import torch
import torch.nn.functional as F
from transformers.models.distilbert.modeling_distilbert import create_sinusoidal_embeddings

from lib.positions import LearnedPositions, sinusoidal

ROUNDING = 6e-8  # of a number up to 1 to float32: half a unit in the last place is 2**-25


def by_the_formula(T, D, base=10000.0, offset=0):
    """Return section 3.5 of the paper, one number at a time, in float64."""
    rows = []
    for p in range(offset, offset + T):
        angles = [p / math.pow(base, (column - column % 2) / D) for column in range(D)]
        rows.append([math.cos(a) if column % 2 else math.sin(a) for column, a in enumerate(angles)])
    return torch.tensor(rows, dtype=torch.float64)


def draw(*shape, dtype=torch.float64, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


# ---- sinusoidal


@pytest.mark.parametrize("offset", [0, 3, 2047, 1_000_000])
@pytest.mark.parametrize("base", [10000.0, 500000.0, 7.5, 0.5])
@pytest.mark.parametrize(("T", "D"), [(5, 8), (12, 4), (1, 6), (3, 1), (2, 2), (4, 5), (6, 11)])
def test_the_table_is_the_papers_formula_rounded_once(T, D, base, offset):
    got = sinusoidal(T, D, base, offset)
    assert got.dtype == torch.float32
    torch.testing.assert_close(got.double(), by_the_formula(T, D, base, offset), rtol=0, atol=ROUNDING)


@pytest.mark.parametrize(("T", "D"), [(7, 6), (3, 512), (600, 16)])
def test_the_table_is_that_of_transformers(T, D):
    theirs = create_sinusoidal_embeddings(T, D, torch.empty(T, D))
    torch.testing.assert_close(sinusoidal(T, D), theirs, rtol=0, atol=ROUNDING)


def test_an_offset_continues_the_table():
    assert torch.equal(sinusoidal(4, 6, offset=9), sinusoidal(13, 6)[9:])


def test_every_position_has_the_same_length_and_no_two_are_alike():
    table = sinusoidal(2048, 64).double()
    torch.testing.assert_close((table**2).sum(dim=1), torch.full((2048,), 32.0).double(), rtol=1e-6, atol=0)
    assert torch.pdist(table).min() > 0.5


@pytest.mark.parametrize("step", [1, 5, 31])
def test_a_step_is_the_same_rotation_wherever_it_begins(step):
    """The paper's reason for sinusoids: PE(p + step) is a linear function of PE(p)."""
    table = sinusoidal(200, 8).double()
    turn = torch.linalg.lstsq(table[:100], table[step : 100 + step]).solution
    torch.testing.assert_close(turn @ turn.T, torch.eye(8).double(), rtol=0, atol=1e-4)
    torch.testing.assert_close(table[100 : 200 - step] @ turn, table[100 + step :], rtol=0, atol=1e-4)


def test_no_rows_are_a_table_too():
    assert sinusoidal(0, 6, offset=3).shape == (0, 6)


@pytest.mark.parametrize("default", [torch.float64, torch.bfloat16])
def test_the_table_is_float32_whatever_torchs_default_is(default):
    want = sinusoidal(3, 4, offset=1000)
    torch.set_default_dtype(default)
    try:
        got = sinusoidal(3, 4, offset=1000)
    finally:
        torch.set_default_dtype(torch.float32)
    assert got.dtype == torch.float32
    assert torch.equal(got, want)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"T": -1, "D": 4}, "T=-1 must be at least 0"),
        ({"T": 3, "D": 0}, "D=0 must be at least 1"),
        ({"T": 3, "D": -2}, "D=-2 must be at least 1"),
        ({"T": 3, "D": 4, "offset": -1}, "offset=-1 must be at least 0"),
        ({"T": 3, "D": 4, "base": 0.0}, "base=0.0 must be greater than 0"),
        ({"T": 3, "D": 4, "base": -10.0}, "base=-10.0 must be greater than 0"),
        ({"T": 3, "D": 4, "base": math.nan}, "base=nan must be greater than 0"),
    ],
)
def test_a_table_that_cannot_be_is_refused(arguments, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        sinusoidal(**arguments)


# ---- learned positions


def layer(max_len=9, D=6, dtype=torch.float64):
    made = LearnedPositions(max_len, D)
    made.table.weight.data = draw(max_len, D, seed=1)
    return made.to(dtype)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize(
    ("B", "T", "offset"), [(2, 5, 0), (2, 4, 3), (1, 1, 8), (3, 9, 0), (2, 0, 9), (0, 4, 1)]
)
def test_values_and_gradients_are_those_of_torchs_embedding(B, T, offset, dtype):
    ours, x = layer(dtype=dtype), draw(B, T, 6, dtype=dtype).requires_grad_()
    got, want = ours(x, offset), x + F.embedding(torch.arange(offset, offset + T), ours.table.weight)
    assert got.dtype == dtype
    assert torch.equal(got, want)
    upstream = draw(B, T, 6, dtype=dtype, seed=2)
    of_ours, of_theirs = (torch.autograd.grad(y, [x, ours.table.weight], upstream) for y in (got, want))
    # The batch may be summed in another order: a few roundings of numbers of size 1.
    torch.testing.assert_close(of_ours, of_theirs, rtol=0, atol=4 * torch.finfo(dtype).eps)


def test_rows_that_were_not_asked_for_get_no_gradient():
    ours = layer()
    ours(draw(2, 4, 6), offset=3).sum().backward()
    assert torch.equal(ours.table.weight.grad[:, 0], torch.tensor([0, 0, 0, 2, 2, 2, 2, 0, 0]).double())


def test_a_text_in_two_pieces_is_the_text_in_one():
    ours, x = layer(), draw(2, 9, 6)
    assert torch.equal(torch.cat([ours(x[:, :4]), ours(x[:, 4:], offset=4)], dim=1), ours(x))


def test_the_input_is_left_as_it_was():
    x = draw(2, 4, 6)
    before = x.clone()
    layer()(x, offset=2)
    assert torch.equal(x, before)


def test_a_device_without_data_is_kept():
    out = layer(dtype=torch.float16).to("meta")(draw(2, 4, 6, dtype=torch.float16).to("meta"))
    assert (out.device.type, out.dtype, out.shape) == ("meta", torch.float16, (2, 4, 6))


@pytest.mark.parametrize(
    ("T", "offset", "positions"),
    # Slicing alone would keep silent in four of these: it cuts, and a single row or none broadcasts.
    [(10, 0, "0 to 9"), (4, 6, "6 to 9"), (2, 8, "8 to 9"), (1, 9, "9 to 9"), (2, -3, "-3 to -2")],
)
def test_positions_outside_of_the_table_are_refused(T, offset, positions):
    message = f"^offset={offset} and T={T} ask for positions {positions}; max_len=9 allows 0 to 8$"
    with pytest.raises(ValueError, match=message):
        layer()(draw(2, T, 6), offset)


@pytest.mark.parametrize(
    ("sizes", "message"), [((0, 6), "max_len=0 must be at least 1"), ((9, 0), "d_model=0 must be at least 1")]
)
def test_a_table_without_rows_or_columns_is_refused(sizes, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        LearnedPositions(*sizes)
