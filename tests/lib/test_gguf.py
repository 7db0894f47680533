"""lib.gguf reads what llama.cpp's own writer writes, and says in one sentence what is wrong with a file."""

import struct

import gguf
import numpy as np
import pytest

from lib.gguf import GGUFTensor, read_gguf

FACTS = {
    "a.whole": 7,
    "a.real": 0.5,
    "a.yes": True,
    "a.text": "Ünïcode 你好",
    "a.list": [1, 2, 3],
    "a.reals": [0.25, -1.5],
    "a.texts": ["one", "", "three"],
}


@pytest.fixture
def file(tmp_path):
    """A small file: facts of many kinds and two tensors, one of them rounded to 4 bits."""
    path = tmp_path / "small.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    for name, value in FACTS.items():
        add = {
            bool: writer.add_bool,
            int: writer.add_uint32,
            float: writer.add_float32,
            str: writer.add_string,
        }
        add.get(type(value), writer.add_array)(name, value)
    writer.add_uint64("a.large", 2**63)
    writer.add_int8("a.negative", -3)
    numbers = np.random.default_rng(0).normal(size=(3, 64)).astype(np.float32)
    writer.add_tensor("norm", np.arange(5, dtype=np.float32))
    rounded = gguf.quantize(numbers, gguf.GGMLQuantizationType.Q4_1)
    writer.add_tensor("matrix", rounded, raw_dtype=gguf.GGMLQuantizationType.Q4_1)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_facts_and_tensors_are_what_was_written(file):
    facts, tensors = read_gguf(file)
    assert facts == {"general.architecture": "llama", **FACTS, "a.large": 2**63, "a.negative": -3}
    assert list(tensors) == ["norm", "matrix"]
    theirs = {tensor.name: tensor for tensor in gguf.GGUFReader(file).tensors}
    for name, shape, kind in (("norm", (5,), 0), ("matrix", (3, 64), 3)):
        assert tensors[name] == GGUFTensor(shape, kind, theirs[name].data_offset)
        assert tensors[name].n_bytes == theirs[name].n_bytes
    assert read_gguf(str(file))[1] == tensors


def test_wherever_a_file_is_cut_off_it_says_so(file):
    whole = file.read_bytes()
    end = max(tensor.offset + tensor.n_bytes for tensor in read_gguf(file)[1].values())
    for length in [*range(0, end, 5), end - 1]:
        file.write_bytes(whole[:length])
        wanted = "small.gguf is no GGUF file" if length < 4 else "small.gguf is cut off: "
        with pytest.raises(ValueError, match=wanted):
            read_gguf(file)
    file.write_bytes(whole[:end])
    assert len(read_gguf(file)[1]) == 2


@pytest.mark.parametrize(
    ("at", "new", "message"),
    [
        (0, b"GGML", "small.gguf is no GGUF file: it begins with b'GGML'"),
        (4, struct.pack("<I", 1), "version 1; 2 and 3 can be read"),
        (4, struct.pack(">I", 3), "version 50331648"),
        (8, struct.pack("<Q", 2**40), "is cut off|in kind"),
        (16, struct.pack("<Q", 2**40), "is cut off|of kind"),
    ],
)
def test_a_wrong_beginning_is_named(file, at, new, message):
    whole = bytearray(file.read_bytes())
    whole[at : at + len(new)] = new
    file.write_bytes(whole)
    with pytest.raises(ValueError, match=message):
        read_gguf(file)


def listing(name, sizes, kind, offset):
    """Return an entry of the list of tensors in bytes."""
    start = struct.pack("<Q", len(name)) + name.encode() + struct.pack("<I", len(sizes))
    return start + b"".join(struct.pack("<Q", size) for size in sizes) + struct.pack("<IQ", kind, offset)


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (
            [("w", [64], 12, 0)],
            r"w is written in kind 12; known are 0 \(F32\), 1 \(F16\), 3 \(Q4_1\), 8 \(Q8_0\)",
        ),
        ([("w", [48], 3, 0)], "a row of w has 48 numbers, no multiple of 32"),
        ([("w", [4], 0, 0), ("w", [4], 0, 32)], "lists 2 tensors under 1 names"),
        ([("w", [1000], 0, 0)], "is cut off: w ends at byte 4,064, the file has 164"),
        ([("w", [2**40, 2**40], 0, 0)], "is cut off: w ends at byte"),
    ],
)
def test_a_wrong_list_of_tensors_is_named(tmp_path, entries, message):
    file = tmp_path / "wrong.gguf"
    header = (
        b"GGUF" + struct.pack("<IQQ", 2, len(entries), 0) + b"".join(listing(*entry) for entry in entries)
    )
    file.write_bytes(header.ljust(64, b"\0") + bytes(100))
    with pytest.raises(ValueError, match=f"wrong.gguf.*{message}"):
        read_gguf(file)


def test_a_value_of_an_unknown_kind_is_named(tmp_path):
    file = tmp_path / "wrong.gguf"
    file.write_bytes(b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<I", 77) + bytes(99))
    with pytest.raises(ValueError, match=r"wrong.gguf has a value of kind 77"):
        read_gguf(file)


def test_the_alignment_of_the_file_counts(tmp_path):
    file = tmp_path / "aligned.gguf"
    name = b"general.alignment"
    fact = struct.pack("<Q", len(name)) + name + struct.pack("<II", 4, 256)
    file.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + fact + listing("w", [2], 0, 0) + bytes(400))
    assert read_gguf(file)[1]["w"].offset == 256
