"""Values come back from bytes as they were, and bytes that hold anything else are refused."""

import math

import pytest
import torch
from safetensors.torch import save

from check.codec import pack, unpack
from check.probe import Failure

T = torch.tensor

OUTPUTS = {
    "half@0": {"z.0": T([1.0, math.nan], dtype=torch.bfloat16), "b": T([[True]]), "scalar": T(3)},
    "both@0": {"n": 1, "tensor": T([1.0]), "m": 2},
    "rest@0": {"n": 1, "f": 0.5, "t": "ü", "none": None, "yes": True, "inf": math.inf},
    "error@0": Failure("ValueError", "why", "lib/toy.py, line 1"),
    "nothing@0": {},
}


def test_values_come_back_from_bytes_as_they_were():
    back = unpack(pack(OUTPUTS))
    assert list(back) == list(OUTPUTS)
    assert [list(values) for values in back.values() if isinstance(values, dict)] == [
        list(values) for values in OUTPUTS.values() if isinstance(values, dict)
    ]
    assert back["error@0"] == OUTPUTS["error@0"]
    assert back["rest@0"] == OUTPUTS["rest@0"]
    for case, tensor in OUTPUTS["half@0"].items():
        assert back["half@0"][case].dtype == tensor.dtype
        assert torch.equal(back["half@0"][case].isnan(), tensor.isnan())
        assert torch.equal(back["half@0"][case].nan_to_num(), tensor.nan_to_num())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80\x04]q.",
        b"\xff" * 64,
        pack(OUTPUTS)[:-1],
        save({}),
        save({}, {"rest": "not JSON"}),
        save({}, {"rest": "[]"}),
        save({}, {"rest": '{"p": 1}'}),
        save({}, {"rest": '{"p": {"x": [1]}}'}),
        save({}, {"rest": '{"p": {"x": {"y": 1}}}'}),
        save({}, {"rest": '{"p": ["E", "m"]}'}),
        save({}, {"rest": '{"p": ["E", "m", 3]}'}),
        save({}, {"rest": "[" * 100_000}),
        save({"p|x": torch.zeros(1)}, {"rest": "{}"}),
        save({"no bar": torch.zeros(1)}, {"rest": '{"p": {}}'}),
        save({"p|x": torch.zeros(1)}, {"rest": '{"p": ["E", "m", "t"]}'}),
    ],
)
def test_bytes_that_pack_never_wrote_are_refused(data):
    with pytest.raises(ValueError, match="not values of probes"):
        unpack(data)


def test_long_texts_of_an_error_are_cut():
    error = unpack(pack({"p": Failure("E" * 9999, "m" * 9999, "t" * 9999)}))["p"]
    assert (len(error.error), len(error.message), len(error.trace)) == (100, 500, 4000)
