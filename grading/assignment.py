"""An assignment as its folder under solutions/ describes it."""

import ast
import hashlib
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch

from check import Key, Probe, make_key
from check.load import load_lib
from check.probe import load_probes

from .touched import names_used, touched

HOUSE = Path(__file__).resolve().parent.parent
# The files of grading/ on which a verdict depends.
JUDGE = ["answers", "assignment", "bubblewrap", "confine", "frames", "intake", "judge", "sandbox", "seccomp"]
JUDGE += ["server", "touched", "unconfined", "unsandboxed", "verdict", "worker"]


@dataclass(frozen=True)
class Assignment:
    """One folder solutions/<name>; the fields are those of its assignment.toml."""

    folder: Path
    title: str
    chapter: int
    edits: tuple[str, ...]  # the modules a student writes and hands in, as "attention"
    gives: tuple[str, ...] = ()  # the modules that arrive complete
    seconds: float = 60.0  # wall time for all probes of one submission
    memory_mb: int = 1024  # memory that a submission may take on top of torch's own
    house: Path = HOUSE  # the folder that holds lib/

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def modules(self) -> list[str]:
        return [*self.gives, *self.edits]

    @cached_property
    def probes(self) -> list[Probe]:
        return load_probes(self.folder / "probes.py")

    @property
    def exercises(self) -> dict[str, list[Probe]]:
        """The probes by exercise, in the order of probes.py."""
        by_exercise = {}
        for probe in self.probes:
            by_exercise.setdefault(probe.of, []).append(probe)
        return by_exercise

    @property
    def mistakes(self) -> dict[str, Path]:
        return {path.stem: path for path in sorted(self.folder.glob("mistakes/*/*.py"))}

    @property
    def alternatives(self) -> dict[str, Path]:
        return {path.stem: path for path in sorted(self.folder.glob("alternatives/*/*.py"))}

    def key(self, seeds: list[str], names: list[str] | None = None) -> Key:
        """Ask the reference and every mistake, or only those named, on these seeds."""
        # The tensors are tiny: handing them to a second thread takes ten times as long.
        torch.set_num_threads(1)
        reference = load_lib(self.house, names=self.modules)
        used = names_used(self.probes, seeds, reference)
        mistakes = {}
        for name, path in self.mistakes.items():
            if names is None or name in names:
                lib = load_lib(self.house, path, self.modules)
                mistakes[name] = hint(path), lib, touched(path, reference, lib, used)
        return make_key(self.probes, seeds, reference, mistakes)

    @cached_property
    def digest(self) -> str:
        """The hash of all that decides a verdict besides the submission and the seed."""
        mine = [self.folder / "probes.py", self.folder / "assignment.toml", *self.mistakes.values()]
        judge = [
            *sorted((self.house / "check").glob("*.py")),
            *(HOUSE / "grading" / f"{n}.py" for n in JUDGE),
        ]
        library = [self.house / "lib" / f"{name}.py" for name in self.modules]
        together = hashlib.sha256()
        for path in [*mine, *library, *judge]:
            together.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
        return together.hexdigest()


def hint(mistake: Path) -> str:
    """Return the sentence a student reads: the mistake's docstring."""
    text = ast.get_docstring(ast.parse(mistake.read_text("utf8")))
    if not text:
        raise ValueError(f"{mistake} has no docstring; it is the hint that a student reads")
    return " ".join(text.split())


def load_assignment(name: str, house: Path = HOUSE) -> Assignment:
    """Read solutions/<name>/assignment.toml. Raises ValueError, with the names there are, for any other."""
    path = house / "solutions" / name / "assignment.toml"
    if not path.is_file():
        raise ValueError(f"there is no assignment {name!r}; there is {', '.join(assignment_names(house))}")
    fields = tomllib.loads(path.read_text("utf8"))
    fields = {field: tuple(value) if isinstance(value, list) else value for field, value in fields.items()}
    return Assignment(folder=path.parent, house=house, **fields)


def assignment_names(house: Path = HOUSE) -> list[str]:
    """Return the names of all assignments."""
    return sorted(path.parent.name for path in house.glob("solutions/*/assignment.toml"))
