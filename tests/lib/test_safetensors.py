"""lib.safetensors reads what the safetensors package writes, and says in one sentence what is wrong with a file."""

import json
import struct

import pytest
import torch
from safetensors.torch import save_file

from lib.safetensors import read_safetensors


@pytest.fixture
def file(tmp_path):
    draw = torch.Generator().manual_seed(0)
    tensors = {
        "matrix": torch.randn(3, 5, generator=draw),
        "half": torch.randn(7, generator=draw).half(),
        "brain": torch.randn(2, 1, 3, generator=draw).bfloat16(),
        "ids": torch.arange(4) - 2**40,
        "one": torch.tensor(2.5),
        "none": torch.zeros(0, 4),
    }
    save_file(tensors, tmp_path / "some.safetensors", metadata={"format": "pt"})
    return tmp_path / "some.safetensors", tensors


def test_every_tensor_comes_back_in_its_own_dtype(file):
    path, tensors = file
    for given in (path, str(path)):
        got = read_safetensors(given)
        assert got.keys() == tensors.keys()
        for name, tensor in tensors.items():
            assert (got[name].dtype, got[name].shape) == (tensor.dtype, tensor.shape)
            assert torch.equal(got[name], tensor)


def test_wherever_a_file_is_cut_off_it_says_so(file):
    path, _ = file
    whole = path.read_bytes()
    for length in [*range(0, len(whole), 5), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="some.safetensors.*cut off"):
            read_safetensors(path)


def written(path, entry, data=b""):
    header = json.dumps({"w": entry}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + data)
    return path


def test_bytes_that_begin_anywhere_are_read(tmp_path):
    entry = {"dtype": "F32", "shape": [2], "data_offsets": [3, 11]}
    path = written(tmp_path / "odd", entry, b"odd" + struct.pack("<2f", 1.5, -2.0))
    assert read_safetensors(path)["w"].tolist() == [1.5, -2.0]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            {"dtype": "F8_E4M3", "shape": [4], "data_offsets": [0, 4]},
            "w has dtype F8_E4M3; known are F32, F16",
        ),
        ({"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}, r"w has shape \[2\], but 4 bytes"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path, entry, message):
    with pytest.raises(ValueError, match=f"odd: {message}"):
        read_safetensors(written(tmp_path / "odd", entry, bytes(8)))


@pytest.mark.parametrize(
    "text",
    [
        b"PK\x03\x04 and then something else",
        b"\x03\0\0\0\0\0\0\0[7]more",
        b"\x02\0\0\0\0\0\0\0{ more",
        b"\x01\0\0\0\0\0\0\0" + b"7",
    ],
)
def test_what_is_no_safetensors_file_is_named(tmp_path, text):
    (tmp_path / "odd").write_bytes(text)
    with pytest.raises(ValueError, match="odd is no safetensors file"):
        read_safetensors(tmp_path / "odd")
