"""lib.dequantise gives the numbers of llama.cpp's own package, to the last bit."""

import gguf
import numpy as np
import pytest
import torch

from lib.dequantise import decode_q4_1, decode_q8_0, read_tensor
from lib.gguf import GGUFTensor

KINDS = {
    decode_q4_1: (gguf.GGMLQuantizationType.Q4_1, 20),
    decode_q8_0: (gguf.GGMLQuantizationType.Q8_0, 34),
}


@pytest.mark.parametrize("decode", KINDS)
@pytest.mark.parametrize("blocks", [0, 1, 7, 1000])
def test_all_bytes_are_decoded_as_gguf_does(decode, blocks):
    kind, size = KINDS[decode]
    raw = np.random.default_rng(blocks).integers(0, 256, (blocks, size), dtype=np.uint8)
    # any scale that is a number, small and large ones too; NaN equals nothing
    raw[:, [1, 3] if size == 20 else [1]] &= 0b10111011
    if blocks:
        want = gguf.dequantize(raw, kind)
        assert np.isfinite(want).all()
        assert np.array_equal(decode(torch.from_numpy(raw.ravel())).numpy(), want.ravel())
    else:
        assert decode(torch.from_numpy(raw.ravel())).shape == (0,)


@pytest.mark.parametrize("decode", KINDS)
def test_what_was_rounded_comes_back_within_half_a_step(decode):
    kind, _ = KINDS[decode]
    numbers = np.random.default_rng(1).normal(size=(50, 32)).astype(np.float32)
    got = decode(torch.from_numpy(gguf.quantize(numbers, kind).ravel())).view(50, 32).numpy()
    spread = np.ptp(numbers, axis=1) / 15 if kind.name == "Q4_1" else np.abs(numbers).max(axis=1) / 127
    assert (np.abs(got - numbers).max(axis=1) <= 0.5 * spread + 0.005).all()
    assert (np.abs(got - numbers).max(axis=1) >= 0.3 * spread).all()


@pytest.mark.parametrize("decode", KINDS)
@pytest.mark.parametrize(
    "raw", [torch.zeros(33, dtype=torch.uint8), torch.zeros(680), torch.zeros(2, 340, dtype=torch.uint8)]
)
def test_what_is_no_row_of_blocks_is_refused(decode, raw):
    size = KINDS[decode][1]
    with pytest.raises(
        ValueError, match=rf"raw is \(.*\) of torch.*; wanted bytes \(uint8\), {size} for each block"
    ):
        decode(raw)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_plain_numbers_are_read_from_their_place(tmp_path, dtype):
    numbers = np.random.default_rng(2).normal(size=(3, 5)).astype(dtype)
    (tmp_path / "file").write_bytes(b"before" + numbers.tobytes() + b"after")
    got = read_tensor(tmp_path / "file", GGUFTensor((3, 5), int(dtype == np.float16), offset=6))
    assert got.dtype == torch.float32
    assert np.array_equal(got.numpy(), numbers.astype(np.float32))
