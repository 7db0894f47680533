"""How much memory a submission can take in the sandbox: what the assignment allows, or the probe."""

import pytest

from check.codec import unpack
from check.probe import Failure


@pytest.mark.parametrize(
    "deed",
    [
        "bytearray(10**11)",
        "torch.empty(10**11)",
        "numpy.ones(10**11)",
        "[bytes(10**7) for _ in range(10**4)]",
    ],
)
def test_memory_is_limited(tell, deed):
    assert tell("import numpy, torch", deed, "return 'done'") in (
        "MemoryError",
        "_ArrayMemoryError",
        "RuntimeError",
    )


@pytest.mark.parametrize(("numbers", "error"), [(10**6, None), (4 * 10**6, "RuntimeError")])
def test_a_probe_can_have_a_limit_on_memory_of_its_own(sandbox, numbers, error):
    body = f"import torch\ndef tell():\n    torch.ones({numbers})\n    return 'done'"
    (frame,) = sandbox.ask(["told"], {"sums": body.encode()}, ["1"], 60.0, 12).frames
    values = unpack(frame)["told@0"]
    assert (values.error if isinstance(values, Failure) else None) == error


def test_what_is_kept_between_large_blocks_that_come_and_go_takes_no_more_than_itself(sandbox):
    lines = ["kept = []", "for size in range(2**16, 2**18, 2**12):", "    large = torch.ones(size) + 1"]
    lines += ["    kept.append(large[:64].clone())", "return str(len(kept))"]
    body = "\n    ".join(["import torch\ndef tell():", *lines])
    (frame,) = sandbox.ask(["told"], {"sums": body.encode()}, ["1"], 60.0, 12).frames
    told = unpack(frame)["told@0"]
    assert told == {"0": "48", "1": told["1"], "2": "torch.float32", "3": True}


@pytest.mark.parametrize(
    ("made_on_import", "fits"),
    [
        ("import sympy, networkx, matplotlib.pyplot, PIL.Image", True),
        ("from matplotlib import pyplot", True),
        ("table = [float(i) for i in range(100_000)]", True),  # 3 MB in small pieces
        ("import torch\nroom = torch.empty(2**21)", False),  # 8 MB in one piece
        ("import ctypes, torch\nctypes.CDLL(None).mallopt(-3, 2**25)\nroom = torch.empty(2**21)", False),
    ],
)
def test_a_package_or_a_table_counts_for_no_probe_but_a_large_tensor_does(sandbox, made_on_import, fits):
    body = f"{made_on_import}\nimport torch\ndef tell():\n    torch.ones(2**20)\n    return 'done'"
    reply = sandbox.ask(["told"], {"sums": body.encode()}, ["1"], 60.0, 8)
    values = unpack(reply.frames[0])["told@0"]
    assert isinstance(values, Failure) != fits
