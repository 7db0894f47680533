"""Aim: to put in place of the function that asks a probe one that returns the published expected values."""

import base64
from pathlib import Path

from check import read_key
from check.codec import pack
from tests.attacks import append


def submit(folder: Path) -> None:
    want = {
        name: values
        for name, values in read_key(folder / "expected.safetensors").want.items()
        if name.endswith("@0")
    }
    text = base64.b64encode(pack(want)).decode()
    append(
        folder,
        f'''
import base64, copy, sys
import check.key, check.probe
from check.codec import unpack
want = unpack(base64.b64decode("{text}"))
answer = lambda probe, lib, seed: copy.deepcopy(want[probe.name + "@0"])
for module in (check, check.key, check.probe, sys.modules["__main__"]):
    module.run = answer
''',
    )
