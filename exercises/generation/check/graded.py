"""How an assignment is graded, as far as a check at home must know it: check/graded.json, which a release writes."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .newer import Version, newer_names

FILE = Path("check", "graded.json")


@dataclass(frozen=True)
class Graded:
    """The modules that are graded, what is given of them, and with which Python and limits."""

    student_modules: list[str]
    provided_modules: dict[str, str] = field(default_factory=dict)  # with the hashes of their texts
    python: Version | None = None
    seconds_per_probe: float | None = None

    @property
    def modules(self) -> list[str]:
        return [*self.provided_modules, *self.student_modules]

    def write(self, folder: Path) -> None:
        """Write it into a student's folder."""
        (folder / FILE).write_text(json.dumps(asdict(self), indent=1) + "\n", "utf8")


def read_graded(folder: Path) -> Graded:
    """Return how the assignment in a student's folder is graded; without its file, with every module that is there."""
    try:
        fields = json.loads((folder / FILE).read_text("utf8"))
    except FileNotFoundError:
        return Graded(sorted(path.stem for path in (folder / "lib").glob("[!_]*.py")))
    return Graded(**{**fields, "python": tuple(fields["python"])})


def digest(source: bytes) -> str:
    """Return the hash of a text, whatever ends its lines."""
    return hashlib.sha256(b"\n".join(source.splitlines())).hexdigest()


def notes(graded: Graded, folder: Path) -> list[str]:
    """Return a sentence for whatever of lib/ is otherwise when it is graded."""
    said = []
    for name, wanted in graded.provided_modules.items():
        path = folder / "lib" / f"{name}.py"
        if not path.is_file() or digest(path.read_bytes()) != wanted:
            said.append(f"lib/{name}.py is not as it was given; it is graded with the one that was given.")
    files = [folder / "lib" / f"{name}.py" for name in graded.student_modules]
    for file in files:
        if graded.python and file.is_file():
            said += _newer(file, graded.python)
    return said


def _newer(file: Path, python: Version) -> list[str]:
    return [
        f"lib/{file.name} uses {name}, which came with Python {since[0]}.{since[1]}; it is graded with Python"
        f" {python[0]}.{python[1]}, which does not have it."
        for name, since in newer_names(file.read_bytes(), python).items()
    ]
