"""The answer key of an assignment: what the reference and every mistake return on the same seeds."""

from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch

from .allowance import NOTHING, Allowance
from .codec import pack, unpack
from .compare import Values
from .probe import Failure, Leaf, Probe, run

PART = "/part"  # ends the name of an output of which only what differs from the reference is written
JOINED = "/joined"  # stands for a tensor whose numbers are written together with those of other cases


@dataclass(frozen=True)
class AnswerKey:
    """What is right, and what each mistake gives instead.

    Outputs are named "probe@0", "probe@1", … for the first, second, … seed. A mistake's outputs hold only
    those that differ from the reference's, and in a released key those of the first seed alone. exercises gives for a
    mistake the exercise that it belongs to; one that is never forgiven is not in it.
    """

    seeds: list[str]
    want: dict[str, Values]
    mistakes: dict[str, dict[str, Values]]
    hints: dict[str, str]
    exercises: dict[str, str] = field(default_factory=dict)
    allowance: Allowance = NOTHING


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
    """Return a key as bytes. What a mistake gets right within a probe is not written again.

    A mistake's outputs are written under its number among the hints, since names would fill the header.
    """
    outputs = {f"/{name}": values for name, values in key.want.items()}
    numbers = {who: number for number, who in enumerate(key.hints)}
    for who, wrong in key.mistakes.items():
        for name, got in wrong.items():
            part = _part(key.want[name], got)
            outputs[f"{numbers[who]}/{name}" + PART * (part is not None)] = (
                got if part is None else _joined(key.want[name], part)
            )
    outputs["/seeds"] = dict.fromkeys(key.seeds, "")
    outputs["/hints"] = dict(key.hints)
    outputs["/exercises"] = dict(key.exercises)
    outputs["/allowance"] = asdict(key.allowance)
    return pack(outputs)


def unpack_key(data: bytes) -> AnswerKey:
    """Return the key that `pack_key` wrote."""
    outputs = unpack(data)
    seeds, hints = list(_texts(outputs.pop("/seeds"))), _texts(outputs.pop("/hints"))
    # A key that is older than these has none.
    exercises, allowance = _texts(outputs.pop("/exercises", {})), _allowance(outputs.pop("/allowance", {}))
    want = {name[1:]: values for name, values in outputs.items() if name.startswith("/")}
    mistakes: dict[str, dict[str, Values]] = {name: {} for name in hints}
    for key, values in outputs.items():
        number, name = key.removesuffix(PART).split("/", 1)
        if number:
            who = list(hints)[int(number)]
            mistakes[who][name] = _whole(want[name], values) if key.endswith(PART) else values
    return AnswerKey(seeds, want, mistakes, hints, exercises, allowance)


def write_key(path: Path, key: AnswerKey) -> None:
    """Write a key as one safetensors file."""
    path.write_bytes(pack_key(key))


def read_key(path: Path) -> AnswerKey:
    """Read what `write_key` wrote."""
    return unpack_key(path.read_bytes())


def _part(want: Values, got: Values) -> dict[str, Leaf] | None:
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
    return {**want, **_separate(want, part)}


def _joined(want: Values, part: dict[str, Leaf]) -> dict[str, Leaf]:
    """Return a part with the numbers of its tensors in one, since each tensor costs 200 bytes of header."""
    alike = {case: leaf for case, leaf in part.items() if _has_shape_of(want, case, leaf)}
    if len(alike) < 2:
        return part
    numbers = torch.cat([torch.as_tensor(leaf).flatten() for leaf in alike.values()])
    return {**part, **dict.fromkeys(alike, JOINED), JOINED: numbers}


def _separate(want: dict[str, Leaf], part: dict[str, Leaf]) -> dict[str, Leaf]:
    """Return the part that `_joined` was given."""
    parts, numbers = dict(part), torch.as_tensor(part.get(JOINED, 0))
    parts.pop(JOINED, None)
    for case in [case for case, leaf in parts.items() if isinstance(leaf, str) and leaf == JOINED]:
        shape = torch.as_tensor(want[case]).shape
        parts[case], numbers = numbers[: shape.numel()].reshape(shape), numbers[shape.numel() :]
    return parts


def _has_shape_of(want: Values, case: str, leaf: Leaf) -> bool:
    right = want.get(case) if isinstance(want, dict) else None
    if not isinstance(leaf, torch.Tensor) or not isinstance(right, torch.Tensor):
        return False
    return leaf.shape == right.shape and leaf.dtype == right.dtype == torch.float32


def _texts(values: Values) -> dict[str, str]:
    if isinstance(values, Failure):
        raise ValueError("an error in place of texts")
    return {name: str(text) for name, text in values.items()}


def _allowance(values: Values) -> Allowance:
    if isinstance(values, Failure):
        raise ValueError("an error in place of an allowance")
    return Allowance(values["carried"] is True, int(str(values["kept_percent"]))) if values else NOTHING
