"""The answer key of an assignment: what the reference and every mistake return on the same seeds."""

from dataclasses import dataclass
from pathlib import Path

import torch

from .codec import pack, unpack
from .compare import Values
from .probe import Failure, Leaf, Probe, run

PART = "/part"  # ends the name of an output of which only what differs from the reference is written


@dataclass(frozen=True)
class AnswerKey:
    """What is right, and what each mistake gives instead.

    Outputs are named "probe@0", "probe@1", … for the first, second, … seed. A mistake's outputs hold only
    those that differ from the reference's.
    """

    seeds: list[str]
    want: dict[str, Values]
    mistakes: dict[str, dict[str, Values]]
    hints: dict[str, str]


def output_names(probe: Probe, seeds: list[str]) -> list[str]:
    """Return the names of one probe's outputs, one for each seed."""
    return [f"{probe.name}@{i}" for i in range(len(seeds))]


def run_probes(probes: list[Probe], lib, seeds: list[str]) -> dict[str, Values]:
    """Return what lib answers to every probe on every seed."""
    return {
        name: run(probe, lib, seed)
        for probe in probes
        for name, seed in zip(output_names(probe, seeds), seeds, strict=True)
    }


def pack_key(key: AnswerKey) -> bytes:
    """Return a key as bytes. What a mistake gets right within a probe is not written again."""
    outputs = {f"/{name}": values for name, values in key.want.items()}
    for who, wrong in key.mistakes.items():
        for name, got in wrong.items():
            part = _part(key.want[name], got)
            outputs[f"{who}/{name}" if part is None else f"{who}/{name}{PART}"] = (
                got if part is None else part
            )
    outputs["/seeds"] = dict.fromkeys(key.seeds, "")
    outputs["/hints"] = dict(key.hints)
    return pack(outputs)


def unpack_key(data: bytes) -> AnswerKey:
    """Return the key that `pack_key` wrote."""
    outputs = unpack(data)
    seeds, hints = list(_texts(outputs.pop("/seeds"))), _texts(outputs.pop("/hints"))
    want = {name[1:]: values for name, values in outputs.items() if name.startswith("/")}
    mistakes: dict[str, dict[str, Values]] = {name: {} for name in hints}
    for key, values in outputs.items():
        who, name = key.removesuffix(PART).split("/", 1)
        if who:
            mistakes[who][name] = _whole(want[name], values) if key.endswith(PART) else values
    return AnswerKey(seeds, want, mistakes, hints)


def write_key(path: Path, key: AnswerKey) -> None:
    """Write a key as one safetensors file."""
    path.write_bytes(pack_key(key))


def read_key(path: Path) -> AnswerKey:
    """Read what `write_key` wrote."""
    return unpack_key(path.read_bytes())


def _part(want: Values, got: Values) -> Values | None:
    """Return the cases of got that are not just the same in want, or None where the two have other cases."""
    if isinstance(want, Failure) or isinstance(got, Failure) or list(want) != list(got):
        return None
    return {case: leaf for case, leaf in got.items() if not _is_same(want[case], leaf)}


def _is_same(one: Leaf, other: Leaf) -> bool:
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    return type(one) is type(other) and one == other


def _whole(want: Values, part: Values) -> Values:
    """Return the values of which `_part` left this part."""
    if isinstance(want, Failure) or isinstance(part, Failure):
        raise ValueError("an error has no parts")
    return {**want, **part}


def _texts(values: Values) -> dict[str, str]:
    if isinstance(values, Failure):
        raise ValueError("an error in place of texts")
    return {name: str(text) for name, text in values.items()}
